import http from 'node:http';
import { KEY } from './setUp';

interface Wire {
	status: number | undefined;
	headers: http.IncomingHttpHeaders;
	body: Buffer;
	/** Whether the body came to the end that HTTP asks for. */
	complete: boolean;
	error: string | undefined;
}

interface WireOptions {
	/** Closes the connection after this time. */
	forMs?: number;
	headers?: http.OutgoingHttpHeaders;
}

/** What an answer is on the network, with the bytes before a break and the way it broke. */
export async function wire(
	url: string,
	{ forMs = 1000, headers = {} }: WireOptions = {},
): Promise<Wire> {
	return await new Promise((resolve) => {
		const seen: Wire = {
			...{ status: undefined, headers: {}, body: Buffer.alloc(0) },
			...{ complete: false, error: undefined },
		};
		const finish = () => {
			clearTimeout(timer);
			// a copy, so that closing the connection here does not show in it
			resolve({ ...seen });
			request.destroy();
		};
		const fail = (error: NodeJS.ErrnoException) => {
			seen.error = error.code;
			finish();
		};
		const sent = { authorization: `Bearer ${KEY}`, ...headers };
		const request = http.get(url, { agent: false, headers: sent }, (response) => {
			seen.status = response.statusCode;
			seen.headers = response.headers;
			response.on('data', (chunk: Buffer) => (seen.body = Buffer.concat([seen.body, chunk])));
			response.on('error', fail);
			response.on('end', () => {
				seen.complete = response.complete;
				finish();
			});
		});
		request.on('error', fail);
		const timer = setTimeout(finish, forMs);
	});
}
