import { gunzipSync } from 'node:zlib';
import type { Fault } from '../../sandbox/server';
import { eventually, setUp, sha256 } from './setUp';
import { wire } from './wire';

const RESET = { error: 'ECONNRESET', complete: false };
const ENDED = { error: undefined, complete: true };

describe.each(['file', 'content'] as const)('a fault of the call %s', (call) => {
	/** The file without the fault, and the URL that has the fault from now on. */
	const faulty = async (fault: Fault) => {
		const { sandbox, completed } = await setUp();
		const task = await completed();
		const whole = (await wire(task[call])).body;
		sandbox.faults = [{ call, fault }];
		const delivered = () => sandbox.counts().delivered - 1;
		return { sandbox, url: task[call], file: task.file, whole, delivered };
	};

	it.each<[Fault['kind'], seen: object, part: number, framing: string[], delivered: number]>([
		['resetMidway', { status: 200, ...RESET }, 0.5, ['content-length'], 0],
		['truncated', { status: 200, ...RESET }, 0.5, ['content-length'], 0],
		['truncatedChunked', { status: 200, ...RESET }, 0.5, ['transfer-encoding'], 0],
		['truncatedClose', { status: 200, ...ENDED }, 0.5, [], 0],
		['noLength', { status: 200, ...ENDED }, 1, ['transfer-encoding'], 1],
		['empty', { status: 200, ...ENDED }, 0, ['content-length'], 0],
		['resetBeforeBody', { status: undefined, ...RESET }, 0, [], 0],
		['resetAfterBody', { status: undefined, ...RESET }, 0, [], 0],
	])(
		'appears on the network as its name says: %s',
		async (kind, seen, part, framing, delivered) => {
			const { url, whole, ...file } = await faulty({ kind } as Fault);

			const response = await wire(url);

			expect(response).toMatchObject(seen);
			expect(sha256(response.body)).toBe(sha256(whole.subarray(0, whole.length * part)));
			expect(
				['content-length', 'transfer-encoding'].filter((name) => name in response.headers),
			).toEqual(framing);
			if (part === 0.5 && framing[0] === 'content-length') {
				expect(response.headers['content-length']).toBe(String(whole.length));
			}
			expect(file.delivered()).toBe(delivered);
		},
	);

	it('stalls after half the bytes until the client closes the connection', async () => {
		const { sandbox, url, whole } = await faulty({ kind: 'stalled' });
		const half = Math.floor(whole.length / 2);

		const response = await wire(url, { closeAt: half });

		expect(response).toMatchObject({ status: 200, error: undefined, complete: false });
		expect(response.body).toHaveLength(half);
		await eventually(() => sandbox.held === 0 && sandbox.active === 0);
	});

	it('sends the file with Content-Encoding gzip', async () => {
		const { url, whole, delivered } = await faulty({ kind: 'gzip' });

		const { headers, body } = await wire(url);

		expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
		expect(gunzipSync(body).equals(whole)).toBe(true);
		expect(delivered()).toBe(1);
	});

	it('redirects to the file host', async () => {
		const { url, file } = await faulty({ kind: 'redirect' });

		expect(await wire(url)).toMatchObject({ status: 302, headers: { location: file } });
	});
});
