import { fileOf } from '../support/engine';
import { sha256 } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

/** The times between the checks of the only task. */
const gapsOf = (times: number[]) => times.slice(1).map((time, index) => time - times[index]);

it('returns the finished task with its file', async () => {
	const { run, sandbox } = await setUp();
	const { items, error, hints } = await run();
	const [task] = sandbox.tasks;
	expect(error).toBeUndefined();
	expect(items).toHaveLength(1);
	expect(items[0].json).toMatchObject({
		id: task.id,
		task_id: task.id,
		status: 'completed',
		progress: 100,
		size: '16x9',
		prompt: 'A paper kite floats above a field',
		model: 'veo_3_1-fast',
		requested_model: 'veo3-fast',
		video_url: `${sandbox.fileHostUrl}/files/${task.id}.mp4`,
	});
	expect(items[0].json).not.toHaveProperty('error');
	expect(items[0].pairedItem).toEqual({ item: 0 });
	expect(sha256(await fileOf(items[0]))).toBe(sandbox.sha256(task.id));
	expect(hints).toEqual([]);
});

it('is the default operation of the node', async () => {
	const { run, sandbox } = await setUp();
	const { items } = await run({ parameters: { operation: undefined as never } });
	expect(items[0].binary).toHaveProperty('data');
	expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
});

it('downloads the file from video_url', async () => {
	const { run, sandbox } = await setUp();
	await run();
	expect(sandbox.counts()).toMatchObject({ files: 1, contents: 0, delivered: 1 });
});

it('downloads the file from CometAPI when there is no video_url', async () => {
	const { run, sandbox } = await setUp({ videoUrl: false });
	const { items } = await run();
	expect(sha256(await fileOf(items[0]))).toBe(sandbox.sha256(sandbox.tasks[0].id));
	expect(sandbox.counts()).toMatchObject({ files: 0, contents: 1, delivered: 1 });
});

it('returns only the task when the file is not wanted', async () => {
	const { run, sandbox } = await setUp();
	const { items } = await run({ parameters: { downloadVideo: false } });
	expect(items[0].json).toMatchObject({ status: 'completed' });
	expect(items[0].json).toHaveProperty('video_url');
	expect(items[0]).not.toHaveProperty('binary');
	expect(sandbox.counts()).toMatchObject({ files: 0, contents: 0 });
});

it('delivers a complete file of many megabytes', async () => {
	const { run, sandbox } = await setUp({ video: { sizeBytes: 12_345_678 } });
	const { items } = await run();
	const bytes = await fileOf(items[0]);
	expect(bytes).toHaveLength(12_345_678);
	expect(sha256(bytes)).toBe(sandbox.sha256(sandbox.tasks[0].id));
});

describe('the key', () => {
	it('is sent to CometAPI, and never to the file host', async () => {
		const { run, sandbox } = await setUp();
		await run();
		for (const { origin, headers } of sandbox.requests) {
			const expected = origin === 'api' ? `Bearer ${sandbox.apiKey}` : undefined;
			expect(headers.authorization).toBe(expected);
			if (origin === 'files') expect(JSON.stringify(headers)).not.toContain(sandbox.apiKey);
		}
		expect(new Set(sandbox.requests.map(({ origin }) => origin)).size).toBe(2);
	});

	it('does not follow a redirect of CometAPI to the file host', async () => {
		const { run, sandbox } = await setUp({
			videoUrl: false,
			faults: [{ call: 'content', fault: { kind: 'redirect' } }],
		});
		const { items } = await run();
		expect(sha256(await fileOf(items[0]))).toBe(sandbox.sha256(sandbox.tasks[0].id));
		const atHost = sandbox.requests.filter(({ origin }) => origin === 'files');
		expect(atHost).toHaveLength(1);
		expect(JSON.stringify(atHost[0].headers)).not.toContain(sandbox.apiKey);
	});
});

describe('the polling interval', () => {
	it.each([
		[undefined, 5],
		[1, 1],
		[30, 30],
		['={{ 12.5 }}', 12.5],
	])('varies by no more than a tenth: %s', async (pollInterval, seconds) => {
		const { run, sandbox } = await setUp({ jobMs: 10 * seconds * 1000, progress: 'none' });
		const options = pollInterval === undefined ? {} : { pollInterval };
		await run({ parameters: { options } });
		const checks = sandbox.requests.filter(({ call }) => call === 'retrieve');
		const gaps = gapsOf(checks.map(({ atMs }) => atMs));
		expect(gaps.length).toBeGreaterThanOrEqual(7);
		for (const gap of gaps) {
			expect(gap).toBeGreaterThanOrEqual(900 * seconds);
			expect(gap).toBeLessThanOrEqual(1100 * seconds);
		}
		const firstMs = checks[0].atMs - sandbox.tasks[0].createdAtMs;
		expect(firstMs).toBeGreaterThanOrEqual(1000 * seconds);
		expect(firstMs).toBeLessThanOrEqual(2000 * seconds);
	});

	it('adds no wait after the video is finished', async () => {
		const { run, sandbox, clock } = await setUp({ jobMs: 42_000 });
		await run();
		const last = sandbox.requests.filter(({ call }) => call === 'retrieve').at(-1)!;
		expect(clock.now()).toBe(last.atMs);
	});
});

describe('a failed video', () => {
	const outcome = (_index: number, prompt: string) =>
		prompt === 'bad'
			? { error: { code: 'moderation', message: 'The prompt shows a famous person' } }
			: ('completed' as const);

	it("stops the node with CometAPI's reason", async () => {
		const { run, sandbox } = await setUp({ outcome });
		const { error, items } = await run({ items: prompts('bad') });
		expect(error?.message).toBe(
			'Veo could not generate the video: The prompt shows a famous person [item 0]',
		);
		expect(error?.description).toContain(sandbox.tasks[0].id);
		expect(error?.context.details).toMatchObject({
			taskId: sandbox.tasks[0].id,
			status: 'failed',
			code: 'moderation',
			mayHaveBeenCreated: false,
		});
		expect(items).toEqual([]);
		expect(sandbox.counts()).toMatchObject({ files: 0, contents: 0 });
	});

	it('stops the node even if CometAPI gives no reason', async () => {
		const { run } = await setUp({ outcome: () => ({ error: null }) });
		const { error } = await run();
		expect(error?.message).toBe('Veo could not generate the video: no reason given [item 0]');
	});
});
