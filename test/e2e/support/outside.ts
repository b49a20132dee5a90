import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

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
	const server = createServer((req, res) => {
		void buffer(req).then((body) => {
			const { method = '', url: path = '' } = req;
			received.push({ method, path, contentType: req.headers['content-type'] ?? '', body });
			const file = method === 'GET' ? files[path] : { contentType: 'application/json', body: '{}' };
			res.writeHead(file ? 200 : 404, { 'content-type': file?.contentType ?? 'text/plain' });
			res.end(file?.body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = async () => {
		await new Promise<void>((resolve) => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	};
	return { url: `http://127.0.0.1:${port}`, received, files, close };
}
