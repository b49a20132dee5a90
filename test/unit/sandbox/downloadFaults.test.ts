import { gunzipSync } from 'node:zlib';
import { replies, type Fault } from '../../sandbox/server';
import { eventually, setUp, sha256 } from './setUp';
import { wire } from './wire';

describe.each(['file', 'content'] as const)('a fault of the call %s', (call) => {
	/** The first answer, which has the fault, and the second one, which is whole. */
	const download = async (fault: Fault, options?: { forMs: number }) => {
		const { sandbox, completed } = await setUp({ faults: [{ call, nth: 1, fault }] });
		const task = await completed();
		const seen = await wire(task[call], options);
		const { delivered } = sandbox.counts();
		const whole = (await wire(task[call])).body;
		expect(sha256(whole)).toBe(sandbox.sha256(task.id));
		return { sandbox, ...task, seen, delivered, whole, half: Math.floor(whole.length / 2) };
	};

	it('resets the connection midway', async () => {
		const { seen, delivered, whole, half } = await download({ kind: 'resetMidway' });

		expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET', complete: false });
		expect(seen.headers['content-length']).toBe(String(whole.length));
		expect(seen.body.equals(whole.subarray(0, half))).toBe(true);
		expect(delivered).toBe(0);
	});

	it('sends less than the length says', async () => {
		const { seen, delivered, whole, half } = await download({ kind: 'truncated' });

		expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET', complete: false });
		expect(seen.headers['content-length']).toBe(String(whole.length));
		expect(seen.body).toHaveLength(half);
		expect(delivered).toBe(0);
	});

	it('leaves out the final chunk', async () => {
		const { seen, half } = await download({ kind: 'truncatedChunked' });

		expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET', complete: false });
		expect(seen.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
		expect(seen.headers).not.toHaveProperty('content-length');
		expect(seen.body).toHaveLength(half);
	});

	it('ends half a body in a way that is complete for HTTP', async () => {
		const { seen, delivered, half } = await download({ kind: 'truncatedClose' });

		expect(seen).toMatchObject({ status: 200, error: undefined, complete: true });
		expect(seen.headers).toMatchObject({ connection: 'close' });
		expect(seen.headers).not.toHaveProperty('content-length');
		expect(seen.headers).not.toHaveProperty('transfer-encoding');
		expect(seen.body).toHaveLength(half);
		expect(delivered).toBe(0);
	});

	it('stalls after half the bytes until the client closes the connection', async () => {
		const { sandbox, seen, half } = await download({ kind: 'stalled' }, { forMs: 150 });

		expect(seen).toMatchObject({ status: 200, error: undefined, complete: false });
		expect(seen.body).toHaveLength(half);
		await eventually(() => sandbox.held === 0 && sandbox.active === 0);
	});

	it('sends the whole file without a length', async () => {
		const { seen, delivered, whole } = await download({ kind: 'noLength' });

		expect(seen).toMatchObject({ status: 200, complete: true });
		expect(seen.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
		expect(seen.headers).not.toHaveProperty('content-length');
		expect(seen.body.equals(whole)).toBe(true);
		expect(delivered).toBe(1);
	});

	it('sends the file with Content-Encoding gzip', async () => {
		const { seen, delivered, whole } = await download({ kind: 'gzip' });

		expect(seen.headers).toMatchObject({
			...{ 'content-encoding': 'gzip', 'content-length': String(seen.body.length) },
		});
		expect(gunzipSync(seen.body).equals(whole)).toBe(true);
		expect(delivered).toBe(1);
	});

	it('sends an empty file', async () => {
		const { seen, delivered } = await download({ kind: 'empty' });

		expect(seen).toMatchObject({ status: 200, complete: true, body: Buffer.alloc(0) });
		expect(seen.headers).toMatchObject({ 'content-type': 'video/mp4', 'content-length': '0' });
		expect(delivered).toBe(0);
	});

	it('redirects to the file host', async () => {
		const { seen, file } = await download({ kind: 'redirect' });

		expect(seen).toMatchObject({ status: 302, headers: { location: file } });
	});

	it.each(['url', 'video_url', 'data.url'])('answers JSON with the link in %s', async (place) => {
		const { seen, file } = await download({ kind: 'linkInJson', place });

		expect(seen.headers['content-type']).toBe('application/json');
		const [first = '', second] = place.split('.');
		const value = JSON.parse(seen.body.toString())[first];
		expect(second ? value[second] : value).toBe(file);
	});

	it.each<[Fault, number, string]>([
		[{ kind: 'html200' }, 200, 'text/html'],
		[{ kind: 'html200', contentType: 'video/mp4' }, 200, 'video/mp4'],
		[{ kind: 'json200' }, 200, 'application/json'],
		[{ kind: 'json200', contentType: 'application/octet-stream' }, 200, 'octet-stream'],
		[{ kind: 'wrongType' }, 200, 'text/plain'],
		[{ kind: 'wrongType', contentType: 'application/mp4' }, 200, 'application/mp4'],
		[replies.forbidden, 403, 'application/json'],
		[replies.badGateway, 502, 'text/html'],
	])('answers with %j', async (fault, status, type) => {
		const { seen } = await download(fault);

		expect(seen).toMatchObject({ status, complete: true });
		expect(seen.headers['content-type']).toContain(type);
	});

	it.each(['resetBeforeBody', 'resetAfterBody'] as const)('is %s', async (kind) => {
		const { seen } = await download({ kind });

		expect(seen).toMatchObject({ status: undefined, error: 'ECONNRESET' });
	});

	it('leaves the request unanswered', async () => {
		const { sandbox, seen } = await download({ kind: 'hang' }, { forMs: 100 });

		expect(seen).toMatchObject({ status: undefined, error: undefined });
		await eventually(() => sandbox.held === 0 && sandbox.active === 0);
	});
});
