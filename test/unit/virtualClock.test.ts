import { open } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { ClientRequest, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';

import type { ServerRequests } from '../support/virtualClock';
import { VirtualClock } from '../support/virtualClock';

let clock: VirtualClock;
let atServer: ServerRequests;
let port: number;
let respond: RequestListener;

const server = createServer((req, res) => respond(req, res));

beforeAll(async () => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	({ port } = server.address() as AddressInfo);
});

beforeEach(() => {
	atServer = new Map();
	respond = (req, res) => req.resume().once('end', () => res.end());
	clock = new VirtualClock(() => atServer);
});

afterEach(() => clock.close());

afterAll(() => {
	server.close();
	server.closeAllConnections();
});

const SLEEP_MS = 60_000;

/** The time that passes on the clock while the work is done and something sleeps. */
async function passedDuring(work: () => Promise<unknown>): Promise<number> {
	const startedAt = clock.now();
	void clock.sleep(SLEEP_MS);
	await work();
	return clock.now() - startedAt;
}

const sent = async (each: ClientRequest) =>
	await new Promise((resolve) =>
		each.once('response', (response) => response.resume()).once('close', resolve),
	);

describe('the virtual clock stands still', () => {
	it.each<[string, () => Promise<unknown>]>([
		[
			'while files are opened, read and closed',
			async () => {
				for (let times = 0; times < 50; times++) {
					const file = await open(__filename);
					await file.read();
					await file.close();
				}
			},
		],
		[
			'until callbacks have run',
			async () => {
				for (let times = 0; times < 50; times++) await new Promise((done) => setImmediate(done));
			},
		],
		[
			'while something is decompressed',
			async () => {
				const bytes = gzipSync(Buffer.alloc(50_000_000));
				await finished(createGunzip().end(bytes).resume());
			},
		],
		['while a request is sent', async () => await sent(request({ port }).end())],
		[
			'while the body of a request is made',
			async () => {
				const post = request({ port, method: 'POST' });
				await new Promise((resolve) => setTimeout(resolve, 20));
				await sent(post.end());
			},
		],
		[
			'while a server does not know that its client is gone',
			async () => {
				atServer = new Map([['1:2', { heldAfterBytes: 0 }]]);
				await new Promise((resolve) => setTimeout(resolve, 20));
				atServer = new Map();
			},
		],
	])('%s', async (_name, work) => {
		expect(await passedDuring(work)).toBe(0);
	});

	it('until a client has everything that a waiting server has sent', async () => {
		let waiting: Promise<unknown>;
		respond = ({ socket }, res) => {
			const { remotePort, localPort } = socket;
			const hold = (heldAfterBytes: number) =>
				atServer.set(`${remotePort}:${localPort}`, { heldAfterBytes });
			res.write('x'.repeat(100), () => {
				// more than the client can have
				hold(socket.bytesWritten + 1);
				waiting = passedDuring(async () => await new Promise((done) => setTimeout(done, 20)));
				void waiting.then(() => hold(socket.bytesWritten));
			});
		};
		const hanging = request({ port }).end();
		hanging.once('response', (response) => response.resume()).on('error', () => undefined);
		await new Promise((resolve) => hanging.once('response', resolve));
		while (!waiting!) await new Promise((resolve) => setTimeout(resolve, 1));
		expect(await waiting!).toBe(0);
		expect(await passedDuring(async () => await clock.sleep(SLEEP_MS))).toBe(SLEEP_MS);
		hanging.destroy();
	});
});

it('the virtual clock jumps to the next wake-up when everything sleeps', async () => {
	expect(await passedDuring(async () => await clock.sleep(2 * SLEEP_MS))).toBe(2 * SLEEP_MS);
});

it('passes beside a decompressor that is full and has no reader', async () => {
	const abandoned = createGunzip();
	abandoned.end(gzipSync(Buffer.alloc(1_000_000)));
	await clock.sleep(SLEEP_MS);
	abandoned.destroy();
});

it('does not hold up the clock of the next test file once it is closed', async () => {
	let next!: VirtualClock;
	// as for another file: modules, and so the turns that are counted, are not shared
	jest.isolateModules(() => {
		const modules = jest.requireActual<{ VirtualClock: typeof VirtualClock }>(
			'../support/virtualClock',
		);
		next = new modules.VirtualClock();
	});
	atServer = new Map([['1:2', { heldAfterBytes: 0 }]]);
	void clock.sleep(SLEEP_MS);
	void clock.stopWhen(() => false);
	clock.close();
	await next.sleep(SLEEP_MS);
	next.close();
});
