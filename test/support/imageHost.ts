import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { InputFile } from './engine';

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

export interface ImageHost {
	url: string;
	requests: Array<{ path: string; headers: IncomingMessage['headers'] }>;
	/** The content at each path. From a list, each request takes the next entry; the last one stays. */
	paths: Record<string, Handler | Handler[]>;
	close: () => Promise<void>;
}

/** A server with images at URLs that a test chooses; 404 everywhere else. */
export async function startImageHost(): Promise<ImageHost> {
	const host: Omit<ImageHost, 'url' | 'close'> = { requests: [], paths: {} };
	const server = createServer((req, res) => {
		const { url: path = '', headers } = req;
		res.on('error', () => undefined);
		host.requests.push({ path, headers });
		const handler = host.paths[path];
		const handlers = Array.isArray(handler) ? handler : [handler ?? status(404)];
		if (handlers.length > 1) handlers.shift()!(req, res);
		else handlers[0](req, res);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return Object.assign(host, {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () =>
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	});
}

export const serve =
	(bytes: Buffer | string, contentType = 'image/png'): Handler =>
	(_, res) => {
		const body = Buffer.from(bytes as string);
		res.writeHead(200, { 'content-type': contentType, 'content-length': body.length }).end(body);
	};

export const image = ({ bytes, mimeType }: InputFile) => serve(bytes, mimeType);

/** Sends the body in pieces and without a length. */
export const chunked =
	(bytes: Buffer, contentType = 'image/png'): Handler =>
	(_, res) => {
		res.writeHead(200, { 'content-type': contentType });
		for (let at = 0; at < bytes.length; at += 65_536) res.write(bytes.subarray(at, at + 65_536));
		res.end();
	};

export const status =
	(code: number, body = 'Not here'): Handler =>
	(_, res) =>
		void res.writeHead(code, { 'content-type': 'text/plain' }).end(body);

export const redirect =
	(location: string): Handler =>
	(_, res) =>
		void res.writeHead(302, { location }).end();

/** Never responds. */
export const hang: Handler = () => undefined;

/** Sends only the beginning. */
export const stall =
	(start: Buffer, length: number): Handler =>
	(_, res) => {
		res.writeHead(200, { 'content-type': 'image/png', 'content-length': length });
		res.write(start);
	};

/** Ends the connection in the middle of the body. */
export const cut =
	(start: Buffer, length: number): Handler =>
	(_, res) => {
		res.writeHead(200, { 'content-type': 'image/png', 'content-length': length });
		res.write(start, () => res.destroy());
	};

export const reset: Handler = (req) => void req.socket.resetAndDestroy();
