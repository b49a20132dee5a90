import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { FIXTURE_VIDEOS } from '../sandbox/server';

export const VIDEO = readFileSync(FIXTURE_VIDEOS.landscape);

export type Reply = (req: IncomingMessage, res: ServerResponse) => void;

export interface Gateway {
	/** The server's URL, without a path. */
	url: string;
	requests: Array<{ path: string; headers: IncomingHttpHeaders }>;
	/** Replies by path. They replace the API under `/gw` and the videos everywhere else. */
	paths: Record<string, Reply>;
	/** The finished task. */
	task: Record<string, unknown>;
	/** The paths that were requested with the key. */
	withKey: () => string[];
	close: () => Promise<void>;
}

export const reply =
	(status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
	(_, res) =>
		void res
			.writeHead(status, { 'content-type': 'application/json', ...headers })
			.end(typeof body === 'string' ? body : JSON.stringify(body));

export const video: Reply = (_, res) =>
	void res
		.writeHead(200, { 'content-type': 'video/mp4', 'content-length': VIDEO.length })
		.end(VIDEO);

const TASK = '/gw/v1/videos/task_1';

/** A server with CometAPI's API under `/gw`, and videos everywhere else. */
export async function startGateway(): Promise<Gateway> {
	const gateway: Pick<Gateway, 'requests' | 'paths' | 'task'> = {
		requests: [],
		paths: {},
		task: { id: 'task_1', status: 'completed' },
	};
	const server = createServer((req, res) => {
		const { url: path = '', headers, method } = req;
		gateway.requests.push({ path, headers });
		req.resume();
		const own = gateway.paths[path];
		if (own) return own(req, res);
		if (method === 'POST') return reply(200, { id: 'task_1', status: 'queued' })(req, res);
		if (path === TASK) return reply(200, gateway.task)(req, res);
		return video(req, res);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return Object.assign(gateway, {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		withKey: () =>
			gateway.requests.filter(({ headers }) => headers.authorization).map(({ path }) => path),
		close: async () =>
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	});
}
