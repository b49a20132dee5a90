import { createGunzip, constants } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { at, eventually, setUp } from './setUp';
import { wire } from './wire';

it('sends a JSON answer of any size', async () => {
	const { post } = await setUp(at('create', { kind: 'hugeJson', megabytes: 3 }));

	const text = await (await post()).text();

	expect(text.length).toBeGreaterThan(3_000_000);
	expect(JSON.parse(text)).toMatchObject({ id: 'task_huge' });
});

it('compresses it to a thousandth', async () => {
	const { sandbox } = await setUp({
		faults: [{ call: 'catalogue', fault: { kind: 'gzipBomb', megabytes: 50 } }],
	});

	const { headers, body } = await wire(`${sandbox.baseUrl}/api/models`);

	expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'application/json' });
	expect(body.length).toBeLessThan(100_000);
	let bytes = 0;
	await pipeline(
		Readable.from([body]),
		createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
		async (chunks) => {
			for await (const chunk of chunks) bytes += (chunk as Buffer).length;
		},
	);
	expect(bytes).toBeGreaterThan(50_000_000);
});

it.each([undefined, 5_000_000_000])(
	'sends a video without end, with the length %s, until the client closes the connection',
	async (length) => {
		const { sandbox, completed } = await setUp(at('file', { kind: 'endless', length }));
		const { file } = await completed();
		const client = new AbortController();

		const response = await fetch(file, { signal: client.signal });
		const reader = response.body!.getReader();
		const first = Buffer.from((await reader.read()).value!);
		await reader.read();
		client.abort();

		expect(first.toString('latin1', 4, 8)).toBe('ftyp');
		expect(response.headers.get('content-length')).toBe(
			length === undefined ? null : String(length),
		);
		expect(sandbox.held).toBe(1);
		await eventually(() => sandbox.held === 0 && sandbox.active === 0);
	},
);

it('sends a video without end at the pace of its clock', async () => {
	const { sandbox, clock, completed } = await setUp(
		at('file', { kind: 'endless', everyMs: 60_000 }),
	);
	const { file } = await completed();

	const answer = wire(file, { forMs: 300 });
	await eventually(() => sandbox.held === 1);
	clock.advance(60_000);
	await eventually(() => sandbox.held === 1 && sandbox.requests[1]?.bytesSent !== undefined);
	clock.advance(59_999);

	expect((await answer).body).toHaveLength(sandbox.requests[1]!.bytesSent!);
	await eventually(() => sandbox.held === 0 && sandbox.active === 0);
});

it('sends a slow file piece by piece, by its clock', async () => {
	const { sandbox, clock, completed } = await setUp({
		...{ video: { sizeBytes: 3000 } },
		...at('content', { kind: 'slow', bytes: 1000, everyMs: 20_000 }),
	});
	const { content } = await completed();

	const answer = wire(content);
	for (const sent of [undefined, 1000, 2000]) {
		await eventually(() => sandbox.held === 1 && sandbox.requests[1]?.bytesSent === sent);
		clock.advance(20_000);
	}

	expect(await answer).toMatchObject({ status: 200, complete: true });
	expect(sandbox.requests[1]).toMatchObject({ bytesSent: 3000, delivered: true });
});
