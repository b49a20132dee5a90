import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { serve } from './serve';

export interface Received {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

export interface FakeService {
	url: string;
	/** All requests, in order. */
	received: Received[];
	/** The files to serve, by path; and responses, by method and path. */
	files: Record<string, { contentType: string; body: Buffer | string }>;
	close: () => Promise<void>;
}

const ACCEPTED = { contentType: 'application/json', body: '{}' };

/** A fake HTTP service that serves the given files and accepts all uploads. */
export async function startFakeService(files: FakeService['files'] = {}): Promise<FakeService> {
	const received: Received[] = [];
	const { url, close } = await serve((req, res) => {
		void buffer(req).then((body) => {
			const { method = '', url: path = '' } = req;
			received.push({ method, path, headers: req.headers, body });
			const file = method === 'GET' ? files[path] : (files[`${method} ${path}`] ?? ACCEPTED);
			res.writeHead(file ? 200 : 404, { 'content-type': file?.contentType ?? 'text/plain' });
			res.end(file?.body);
		});
	});
	return { url, received, files, close };
}
