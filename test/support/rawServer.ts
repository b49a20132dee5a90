import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';

const fixture = (name: string) => readFileSync(join(__dirname, '../sandbox/fixtures', name));
const key = fixture('tls-key.pem');
const cert = fixture('tls-cert.pem');

/** A connection after a complete POST has arrived on it. */
export interface Posted {
	/** The connection as the server uses it: decrypted if it uses TLS. */
	connection: Socket;
	/** The raw connection, encrypted if the server uses TLS. */
	wire: Socket;
}

export interface RawServer {
	baseUrl: string;
	/** The number of POSTs that have arrived completely, so that a server may process them. */
	posts: () => number;
	connections: () => number;
}

const open = new Set<Server>();
const sockets = new Set<Socket>();

async function listen(server: Server): Promise<number> {
	open.add(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

afterEach(async () => {
	for (const socket of sockets) socket.destroy();
	sockets.clear();
	await Promise.all(
		[...open].map(async (server) => {
			open.delete(server);
			await new Promise((resolve) => server.close(resolve));
		}),
	);
});

/** Calls back for each multipart POST, without any response from the server; any GET gets 404. */
function countPosts(connection: Socket, onPost: () => void): void {
	let text = '';
	connection.on('data', (chunk) => {
		text += chunk.toString('latin1');
		if (text.startsWith('GET ')) {
			connection.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
			return;
		}
		const [, boundary] = /boundary=(\S+)/.exec(text) ?? [];
		if (!boundary || !text.includes(`--${boundary}--`)) return;
		text = '';
		onPost();
	});
}

const ignoreErrors = (socket: Socket) => void socket.on('error', () => socket.destroy());

/** A server whose connections do whatever the test wants. */
export async function startRaw(onConnection: (socket: Socket) => void): Promise<RawServer> {
	let connections = 0;
	const server = createServer((socket) => {
		connections++;
		sockets.add(socket);
		ignoreErrors(socket);
		onConnection(socket);
	});
	const port = await listen(server);
	return { baseUrl: `http://127.0.0.1:${port}`, posts: () => 0, connections: () => connections };
}

/** A server without TLS that does whatever the test wants once a POST has arrived. */
export async function startPlain(onPost: (posted: Posted) => void): Promise<RawServer> {
	let posts = 0;
	const server = await startRaw((socket) =>
		countPosts(socket, () => {
			posts++;
			onPost({ connection: socket, wire: socket });
		}),
	);
	return { ...server, posts: () => posts };
}

/** Like `startPlain` but with TLS, behind a relay that can insert bytes into the connection. */
export async function startTls(
	onPost: (posted: Posted) => void,
	options: tls.TlsOptions = {},
): Promise<RawServer> {
	let posts = 0;
	const wires = new Map<number, Socket>();
	const inner = tls.createServer({ key, cert, ...options }, (connection) => {
		ignoreErrors(connection);
		countPosts(connection, () => {
			posts++;
			onPost({ connection, wire: wires.get(connection.remotePort!)! });
		});
	});
	const innerPort = await listen(inner);
	const relay = await startRaw((wire) => {
		const behind = connect(innerPort, '127.0.0.1', () => {
			wires.set(behind.localPort!, wire);
			wire.pipe(behind);
			behind.pipe(wire);
		});
		ignoreErrors(behind);
		wire.on('close', () => behind.destroy());
	});
	return { ...relay, baseUrl: relay.baseUrl.replace('http:', 'https:'), posts: () => posts };
}

/** Makes Node's clients accept the certificate of `startTls`. */
export function trustCertificate(): void {
	const original = tls.connect as (
		options: tls.ConnectionOptions,
		...rest: unknown[]
	) => tls.TLSSocket;
	jest
		.spyOn(tls, 'connect')
		.mockImplementation(((options: tls.ConnectionOptions, ...rest: unknown[]) =>
			original({ ...options, ca: cert }, ...rest)) as never);
}
