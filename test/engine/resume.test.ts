import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';

import { replies } from '../sandbox/server';
import type { Fault, FaultRule, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { binaryData } from '../support/n8n';
import { bePatient, setUp } from '../support/setUp';

const VIDEO_BYTES = 8_000_000;
const CUT_BYTES = 1_000_000;
const cut: Fault = { kind: 'cutEvery', bytes: CUT_BYTES };

/** Downloads a file with cuts, at the link or at CometAPI. @returns its requests and the bytes sent */
async function download(
	call: 'file' | 'content',
	options: SandboxOptions = {},
	faults: FaultRule[] = [{ call, fault: cut }],
) {
	const { run, sandbox, clock } = await setUp({
		jobMs: 0,
		video: { sizeBytes: VIDEO_BYTES },
		videoUrl: call === 'file',
		faults,
		...options,
	});
	bePatient();
	const { items, error } = await run();
	const requests = sandbox.requests.filter((request) => request.call === call);
	return { sandbox, items, error, clock, requests, bytes: sandbox.counts().bytes };
}

it.each(['file', 'content'] as const)(
	'resumes each transfer after the last byte, so that no byte is sent twice: %s',
	async (call) => {
		const { sandbox, items, requests, bytes } = await download(call);
		await expectOwnFiles(sandbox, items);
		expect(bytes).toBeLessThanOrEqual(1.05 * VIDEO_BYTES);
		const starts = requests.map(({ headers }) => /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]);
		expect(starts[0]).toBeUndefined();
		expect(starts.length).toBeGreaterThanOrEqual(VIDEO_BYTES / CUT_BYTES);
		for (const start of starts.slice(1)) expect(Number(start)).toBeGreaterThan(0);
		const [first, ...others] = requests.map(({ headers }) => headers['if-range']);
		expect(first).toBeUndefined();
		expect(new Set(others).size).toBe(1);
		expect(others[0]).toMatch(/^".+"$/);
	},
);

it.each<[string, Fault]>([
	['a reset', { kind: 'resetMidway' }],
	['an end without a length', { kind: 'truncatedClose' }],
	['a cut in chunks', { kind: 'truncatedChunked' }],
	['a stall', { kind: 'stalled' }],
])('resumes after %s', async (_name, fault) => {
	const { sandbox, items, requests } = await download('content', {}, [
		{ call: 'content', nth: [1, 2, 3], fault },
	]);
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts().contents).toBe(4);
	const [first, ...others] = requests.map(({ headers }) => headers.range);
	expect(first).toBeUndefined();
	for (const range of others) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
});

it.each<[string, Fault]>([
	['503', replies.unavailable],
	['429', replies.rateLimitedFor(20)],
	['a reset', { kind: 'resetBeforeBody' }],
])('resumes when the server responds with %s in between', async (_name, fault) => {
	const { sandbox, items, bytes } = await download('content', {}, [
		{ call: 'content', nth: [2, 3], fault },
		{ call: 'content', fault: cut },
	]);
	await expectOwnFiles(sandbox, items);
	expect(bytes).toBeLessThanOrEqual(1.05 * VIDEO_BYTES);
});

/** Cuts once, after an eighth of the file. */
const onceCut: FaultRule[] = [{ call: 'content', nth: 1, fault: cut }];

it.each<[string, SandboxOptions]>([
	['ignores Range', { ranges: false }],
	['has another file meanwhile', { etag: 'changing' }],
])('restarts from 0 when the server %s', async (_name, options) => {
	const { sandbox, items, requests, bytes } = await download('content', options, onceCut);
	await expectOwnFiles(sandbox, items);
	expect(requests.map(({ headers }) => headers.range)).toEqual([
		undefined,
		expect.stringMatching(/^bytes=\d+-$/),
		undefined,
	]);
	// the server sends only as much unread data as the connection buffers
	expect(bytes).toBeLessThan(2.2 * VIDEO_BYTES);
});

it.each<[string, SandboxOptions]>([
	['no ETag', { etag: 'none' }],
	['a weak ETag', { etag: 'weak' }],
])('does not request part of a file with %s', async (_name, options) => {
	const { sandbox, items, requests } = await download('content', options, onceCut);
	await expectOwnFiles(sandbox, items);
	expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
});

it('restarts from 0 when the server sends a different part than requested', async () => {
	const { sandbox, items, requests } = await download('content', {}, [
		...onceCut,
		{ call: 'content', fault: { kind: 'wrongRange' } },
	]);
	await expectOwnFiles(sandbox, items);
	expect(requests).toHaveLength(3);
});

it('takes the file from CometAPI when the link is refused after a cut', async () => {
	const { sandbox, items } = await download('file', {}, [
		{ call: 'file', nth: 1, fault: cut },
		{ call: 'file', fault: replies.forbidden },
	]);
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, files: 2, contents: 1 });
});

it('reports that the file is incomplete when the server has no more of it', async () => {
	const whole = await readFile(join(__dirname, '../sandbox/fixtures/video.mp4'));
	const video = whole.subarray(0, whole.length - 1_000);
	const { sandbox, error, items } = await download('file', { video, uniqueFiles: false }, []);
	expect(items).toEqual([]);
	expect(error?.message).toContain('The video could not be downloaded: the file is incomplete');
	expect(error?.description).toContain(sandbox.tasks[0].id);
});

it("reports n8n's own words when its storage fails, and ends the transfer", async () => {
	const { run, sandbox } = await setUp({ jobMs: 0, video: { sizeBytes: VIDEO_BYTES } });
	const store = jest.spyOn(binaryData, 'store').mockImplementation(async (_location, file) => {
		const full = new Error('ENOSPC: no space left on device');
		const disk = new Writable({ write: (_chunk, _encoding, done) => done(full) });
		return await pipeline(file as Readable, disk).then(() => Promise.reject(full));
	});
	const failed = await run();
	expect(failed.error?.message).toBe(
		'n8n could not store the video: ENOSPC: no space left on device [item 0]',
	);
	expect(failed.error?.context.details).toMatchObject({
		kind: 'storageFailed',
		taskId: sandbox.tasks[0].id,
		videoUrl: expect.stringContaining(sandbox.fileHostUrl),
	});
	expect(sandbox.counts()).toMatchObject({ files: 1, contents: 0, delivered: 0 });

	store.mockRestore();
	await expectOwnFiles(sandbox, (await failed.retry()).items);
	expect(sandbox.counts()).toMatchObject({ creates: 1 });
});
