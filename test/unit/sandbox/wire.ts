import http from 'node:http';
import { KEY } from './setUp';

interface Wire {
	status: number | undefined;
	headers: http.IncomingHttpHeaders;
	body: Buffer;
	/** Whether the body ended as HTTP requires. */
	complete: boolean;
	error: string | undefined;
}

interface WireOptions {
	/** Closes the connection. */
	signal?: AbortSignal;
	/** Closes the connection once this number of bytes has arrived. */
	closeAt?: number;
	headers?: http.OutgoingHttpHeaders;
}

/** A response on the network, with the bytes before a break and the kind of break. */
export async function wire(
	url: string,
	{ signal, closeAt = Infinity, headers = {} }: WireOptions = {},
): Promise<Wire> {
	return await new Promise((resolve) => {
		const seen: Wire = {
			...{ status: undefined, headers: {}, body: Buffer.alloc(0) },
			...{ complete: false, error: undefined },
		};
		const finish = () => {
			// a copy, so that closing the connection here does not change it
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
			response.on('data', (chunk: Buffer) => {
				seen.body = Buffer.concat([seen.body, chunk]);
				if (seen.body.length >= closeAt) finish();
			});
			response.on('error', fail);
			response.on('end', () => {
				seen.complete = response.complete;
				finish();
			});
		});
		request.on('error', fail);
		signal?.addEventListener('abort', finish);
	});
}
