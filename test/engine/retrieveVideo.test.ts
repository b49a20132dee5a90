import { replies } from '../sandbox/server';
import type { SandboxOptions } from '../sandbox/server';
import type { RunOptions } from '../support/engine';
import { fileOf } from '../support/engine';
import { sha256 } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

const failure = { code: 'moderation', message: 'The prompt shows a famous person' };

/** A setup with tasks for these prompts, created some time ago. */
async function withTasks(texts: string[], { agoMs = 0, ...options }: Options = {}) {
	const { run, sandbox, clock } = await setUp({ jobMs: 60_000, ...options });
	await run({
		items: prompts(...texts),
		parameters: { operation: 'create', options: { maxConcurrent: 1 } },
	});
	await clock.sleep(agoMs);
	const ids = sandbox.tasks.map(({ id }) => id);
	const retrieve = async ({ parameters, ...given }: Partial<RunOptions> = {}) =>
		await run({
			items: ids.map((id) => ({ json: { id } })),
			...given,
			parameters: { operation: 'retrieve', ...parameters },
		});
	const sent = () => sandbox.requests.filter(({ call }) => call !== 'create');
	return { sandbox, retrieve, ids, sent };
}

type Options = SandboxOptions & { agoMs?: number };

const HOUR_MS = 3_600_000;

describe('a finished video', () => {
	it('is returned with its file', async () => {
		const { retrieve, sandbox, ids } = await withTasks(['a'], { agoMs: HOUR_MS });
		const { items, error } = await retrieve();
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ id: ids[0], status: 'completed', object: 'video' });
		expect(items[0].pairedItem).toEqual({ item: 0 });
		expect(items[0].binary!.data).toMatchObject({
			fileName: `${ids[0]}.mp4`,
			mimeType: 'video/mp4',
		});
		expect(sha256(await fileOf(items[0]))).toBe(sandbox.sha256(ids[0]));
	});

	it('has its file in the field and under the name from the parameters', async () => {
		const { retrieve } = await withTasks(['a'], { agoMs: HOUR_MS });
		const { items } = await retrieve({
			parameters: { binaryPropertyOutput: 'film', options: { fileName: 'kite' } },
		});
		expect(items[0].binary).toMatchObject({ film: { fileName: 'kite.mp4' } });
	});

	it('allows minutes for its file to arrive', async () => {
		const sizeBytes = 1_000_000;
		const options = { agoMs: HOUR_MS, video: { sizeBytes } };
		const { retrieve, sandbox, ids } = await withTasks(['a'], options);
		const fault = { kind: 'slow', bytes: sizeBytes / 20, everyMs: 10_000 } as const;
		sandbox.faults.push({ call: 'file', fault });
		const { items, error } = await retrieve();
		expect(error).toBeUndefined();
		expect(sha256(await fileOf(items[0]))).toBe(sandbox.sha256(ids[0]));
	});

	it('is returned without a file when that is not wanted', async () => {
		const { retrieve, sandbox } = await withTasks(['a'], { agoMs: HOUR_MS });
		const { items } = await retrieve({ parameters: { downloadVideo: false } });
		expect(items[0].json.status).toBe('completed');
		expect(items[0]).not.toHaveProperty('binary');
		expect(sandbox.counts()).toMatchObject({ files: 0, contents: 0 });
	});
});

describe('an unfinished video', () => {
	it.each([
		['queued', 1_000],
		['in_progress', 30_000],
	])('is returned as %s and not waited for', async (status, agoMs) => {
		const { retrieve, ids, sent } = await withTasks(['a'], { agoMs });
		const { items, error, hints } = await retrieve();
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0].json).toMatchObject({ id: ids[0], status });
		expect(items[0].json).not.toHaveProperty('error');
		expect(items[0]).not.toHaveProperty('binary');
		expect(hints).toEqual([]);
		expect(sent().map(({ call }) => call)).toEqual(['retrieve']);
	});
});

describe('a failed video', () => {
	it("is returned with CometAPI's reason and without an error", async () => {
		const outcome = () => ({ error: failure });
		const { retrieve, ids, sandbox } = await withTasks(['a'], { agoMs: HOUR_MS, outcome });
		const { items, error } = await retrieve();
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ id: ids[0], status: 'failed', failure });
		expect(items[0].json).not.toHaveProperty('error');
		expect(items[0]).not.toHaveProperty('binary');
		expect(sandbox.counts()).toMatchObject({ files: 0, contents: 0 });
	});

	it('has a failure even if CometAPI gives no reason', async () => {
		const outcome = () => ({ error: null });
		const { retrieve } = await withTasks(['a'], { agoMs: HOUR_MS, outcome });
		const { items } = await retrieve();
		expect(items[0].json.failure).toEqual({
			code: 'failed',
			message: 'no reason given',
		});
	});
});

it('finished, unfinished and failed videos are returned together, in order', async () => {
	const { retrieve } = await withTasks(['slow', 'good', 'bad'], {
		agoMs: 100_000,
		jobMs: (_index, prompt) => (prompt === 'slow' ? HOUR_MS : 10_000),
		outcome: (_index, prompt) => (prompt === 'bad' ? { error: failure } : 'completed'),
	});
	const { items } = await retrieve();
	expect(items.map(({ json }) => json.status)).toEqual(['queued', 'completed', 'failed']);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
});

it('the request is repeated when CometAPI does not respond for a moment', async () => {
	const { retrieve, ids, sent } = await withTasks(['a'], {
		faults: [{ call: 'retrieve', nth: [1, 2], fault: replies.badGateway }],
	});
	const { items } = await retrieve();
	expect(items[0].json.id).toBe(ids[0]);
	expect(sent()).toHaveLength(3);
});
