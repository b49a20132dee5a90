import { buffer } from 'node:stream/consumers';

import { serve } from './serve';

export interface Received {
	method: string;
	path: string;
	contentType: string;
	body: Buffer;
}

export interface Outside {
	url: string;
	/** Everything that was sent here, in order. */
	received: Received[];
	/** What is served, by path. */
	files: Record<string, { contentType: string; body: Buffer | string }>;
	close: () => Promise<void>;
}

/** Stands in for whatever service a workflow talks to: serves the files it was given, and takes all it gets. */
export async function startOutside(files: Outside['files'] = {}): Promise<Outside> {
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
