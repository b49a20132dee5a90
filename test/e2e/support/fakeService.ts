import { buffer } from 'node:stream/consumers';

import { serve } from './serve';

export interface Received {
	method: string;
	path: string;
	contentType: string;
	body: Buffer;
}

export interface FakeService {
	url: string;
	/** All requests, in order. */
	received: Received[];
	/** The files to serve, by path. */
	files: Record<string, { contentType: string; body: Buffer | string }>;
	close: () => Promise<void>;
}

/** A fake HTTP service that serves the given files and accepts all uploads. */
export async function startFakeService(files: FakeService['files'] = {}): Promise<FakeService> {
	const received: Received[] = [];
	const { url, close } = await serve((req, res) => {
		void buffer(req).then((body) => {
			const { method = '', url: path = '' } = req;
			received.push({ method, path, contentType: req.headers['content-type'] ?? '', body });
			const file = method === 'GET' ? files[path] : { contentType: 'application/json', body: '{}' };
			res.writeHead(file ? 200 : 404, { 'content-type': file?.contentType ?? 'text/plain' });
			res.end(file?.body);
		});
	});
	return { url, received, files, close };
}
