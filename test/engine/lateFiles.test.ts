import type { INodeParameters } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import type { Fault, FaultRule, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { setUp } from '../support/setUp';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const FILTERED = { code: 'content_policy', message: 'Video was filtered' };

const timeout = (minutes: number): INodeParameters => ({ options: { timeout: minutes } });

const always = (call: FaultRule['call'], fault: Fault): SandboxOptions => ({
	faults: [{ call, fault }],
});

/** Creates a task that is finished immediately, and retrieves it. */
async function retrieve(options: SandboxOptions) {
	const all = await setUp({ jobMs: 0, ...options });
	const { items } = await all.run({ parameters: { operation: 'create' } });
	const startedAt = all.clock.now();
	const taskId = String(items[0].json.id);
	const finished = await all.run({ parameters: { operation: 'retrieve', taskId } });
	return { ...all, ...finished, tookMs: all.clock.now() - startedAt, taskId };
}

describe('a completed task without a file', () => {
	it('fails immediately with the reason, and a retry creates a new video', async () => {
		const { run, sandbox, clock } = await setUp({
			jobMs: 10 * SECOND,
			outcome: (index) => (index === 0 ? { withoutFile: FILTERED } : 'completed'),
		});
		const startedAt = clock.now();
		const failed = await run();
		expect(failed.error?.message).toBe('Veo finished, but there is no video file [item 0]');
		expect(failed.error?.description).toContain('Video was filtered (content_policy)');
		expect(failed.error?.description).toContain('A retry creates a new video');
		expect(failed.error?.description).not.toContain('still available');
		expect(failed.error?.context.details).toMatchObject({
			kind: 'noFile',
			taskId: sandbox.tasks[0].id,
			retryable: false,
		});
		expect(clock.now() - startedAt).toBeLessThan(30 * SECOND);

		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2 });
	});

	it('fails at the timeout when there is no reason, and a retry creates a new video', async () => {
		const { run, sandbox, clock } = await setUp({
			outcome: (index) => (index === 0 ? { withoutFile: null } : 'completed'),
		});
		const startedAt = clock.now();
		const failed = await run({ parameters: timeout(5) });
		expect(failed.error?.message).toBe('Veo finished, but there is no video file [item 0]');
		expect(failed.error?.description).toMatch(/^Usually the safety filter has removed it/);
		expect(failed.error?.context.details).toMatchObject({ kind: 'noFile', retryable: false });
		expect(clock.now() - startedAt).toBeGreaterThanOrEqual(5 * MINUTE);
		expect(clock.now() - startedAt).toBeLessThan(6 * MINUTE);

		await failed.retry();
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2 });
	});

	it.each<[string, Fault]>([
		['503', replies.unavailable],
		['502 with a web page', replies.badGateway],
		['502 with another error', replies.upstreamError],
		['429', replies.rateLimited],
		['400 because it is not completed yet', replies.notCompleted],
	])('is kept while CometAPI responds with %s, and a retry reuses it', async (_name, fault) => {
		const { run, sandbox } = await setUp({ videoUrl: false, ...always('content', fault) });
		const failed = await run({ parameters: timeout(2) });
		expect(failed.error?.message).toMatch(/^The video could not be downloaded: /);
		expect(failed.error?.description).toContain('still available');
		expect(failed.error?.context.details).toMatchObject({
			taskId: sandbox.tasks[0].id,
			retryable: true,
		});

		sandbox.faults = [];
		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1 });
	});

	it('is kept while the host of the link is down', async () => {
		const { run, sandbox } = await setUp(always('content', replies.fileNotResolved));
		sandbox.fileHostUrl = 'http://127.0.0.1:1';
		const failed = await run({ parameters: timeout(2) });
		expect(failed.error?.context.details).toMatchObject({ retryable: true });
		await failed.retry();
		expect(sandbox.counts()).toMatchObject({ creates: 1 });
	});

	it('does not promise a new video in Retrieve Video, which creates none', async () => {
		const { error } = await retrieve({ outcome: () => ({ withoutFile: FILTERED }) });
		expect(error?.context.details).toMatchObject({ kind: 'noFile', retryable: false });
		expect(error?.description).toContain('Video was filtered');
		expect(error?.description).not.toContain('A retry creates a new video');
	});
});

describe('a file that is finished minutes after its task', () => {
	it.each<[string, SandboxOptions]>([
		['at the link and at CometAPI', {}],
		['at CometAPI', { videoUrl: false }],
		['at a link that is the one at CometAPI', { videoUrl: 'content' }],
	])('is waited for %s', async (_name, options) => {
		const { run, sandbox } = await setUp({ fileDelayMs: 8 * MINUTE, ...options });
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		const { creates, files, contents } = sandbox.counts();
		expect(creates).toBe(1);
		expect(files + contents).toBeLessThan(30);
	});

	it.each<[string, Fault]>([
		['404', replies.notFound],
		['400', replies.notCompleted],
		['500', replies.serverError],
		['502', replies.fileNotResolved],
		['503', replies.unavailable],
		['425', replies.tooEarly],
	])('is waited for while CometAPI responds with %s', async (_name, fault) => {
		const { run, sandbox } = await setUp({
			videoUrl: false,
			faults: [{ call: 'content', nth: [1, 2, 3, 4, 5, 6, 7, 8], fault }],
		});
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 9 });
	});

	it('is waited for while the host of its link is down', async () => {
		const { run, sandbox } = await setUp({ fileDelayMs: 5 * MINUTE });
		sandbox.fileHostUrl = 'http://127.0.0.1:1';
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1 });
	});

	it('is waited for at least a minute, even if less of the timeout is left', async () => {
		const { run, sandbox } = await setUp({ jobMs: 25 * SECOND, fileDelayMs: 50 * SECOND });
		await expectOwnFiles(sandbox, (await run({ parameters: timeout(0.5) })).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1 });
	});

	it('is waited for no longer than the timeout', async () => {
		const { run, clock } = await setUp({ fileDelayMs: 60 * MINUTE });
		const startedAt = clock.now();
		expect((await run({ parameters: timeout(10) })).error).toBeDefined();
		expect(clock.now() - startedAt).toBeGreaterThanOrEqual(10 * MINUTE);
		expect(clock.now() - startedAt).toBeLessThan(11 * MINUTE);
	});

	it('is waited for in Retrieve Video for a minute', async () => {
		const { sandbox, items } = await retrieve({ fileDelayMs: 50 * SECOND });
		await expectOwnFiles(sandbox, items);
		const late = await retrieve({ fileDelayMs: 5 * MINUTE });
		expect(late.error?.context.details).toMatchObject({ taskId: late.taskId });
		expect(late.tookMs).toBeLessThan(2 * MINUTE);
	});

	it('may take minutes to arrive in Retrieve Video', async () => {
		const slow = { kind: 'slow', bytes: 300, everyMs: 2 * SECOND } as const;
		const { sandbox, items, tookMs } = await retrieve(always('file', slow));
		await expectOwnFiles(sandbox, items);
		expect(tookMs).toBeGreaterThan(3 * MINUTE);
	});
});

describe('a link', () => {
	const keysAt = (requests: Array<{ origin: string; headers: { authorization?: string } }>) =>
		requests.filter(({ origin }) => origin === 'files').map(({ headers }) => headers.authorization);

	it('of another host never gets the key, and a 401 there leads to CometAPI', async () => {
		const { run, sandbox } = await setUp(always('file', replies.unauthorized));
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ files: 1, contents: 1 });
		expect(keysAt(sandbox.requests)).toEqual([undefined]);
	});

	it("at CometAPI's own address is requested with the key", async () => {
		const { run, sandbox } = await setUp({ videoUrl: 'content' });
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ files: 0, contents: 1 });
	});

	it("at CometAPI's own host that responds with 401 does not count as a rejected key", async () => {
		const { run, sandbox } = await setUp(always('models', replies.unauthorized));
		sandbox.faults.push({
			call: 'retrieve',
			status: 'completed',
			fault: { kind: 'taskFields', fields: { video_url: `${sandbox.baseUrl}/v1/models` } },
		});
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 1 });
	});

	it.each([
		['speaks no TLS', (baseUrl: string) => `${baseUrl.replace('http:', 'https:')}/file.mp4`],
		['cannot be read', () => 'https://[not-a-host/file.mp4'],
		['has another protocol', () => 'ftp://127.0.0.1/file.mp4'],
	])('that %s leads to CometAPI', async (_name, linkFor) => {
		const { run, sandbox } = await setUp();
		const fields = { video_url: linkFor(sandbox.baseUrl) };
		sandbox.faults.push({
			call: 'retrieve',
			status: 'completed',
			fault: { kind: 'taskFields', fields },
		});
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 1 });
	});
});

describe('an expired file', () => {
	it('is reported as expired, and a retry creates a new video', async () => {
		let fileLifeMs = 0;
		const { run, sandbox, clock } = await setUp({
			get fileLifeMs() {
				return fileLifeMs;
			},
		});
		const startedAt = clock.now();
		const failed = await run();
		expect(failed.error?.message).toBe('The video file has expired [item 0]');
		expect(failed.error?.description).toContain(`Task ID: ${sandbox.tasks[0].id}`);
		expect(failed.error?.description).not.toContain('still available');
		expect(failed.error?.context.details).toMatchObject({ kind: 'expired', retryable: false });
		expect(clock.now() - startedAt).toBeLessThan(MINUTE);

		fileLifeMs = 60 * MINUTE;
		await expectOwnFiles(sandbox, (await failed.retry()).items.slice(0, 1));
		expect(sandbox.counts()).toMatchObject({ creates: 2 });
	});

	it('is reported in Retrieve Video without promising a new video', async () => {
		const { error, taskId, tookMs } = await retrieve({ fileLifeMs: 0 });
		expect(error?.message).toBe('The video file has expired [item 0]');
		expect(error?.description).toContain(taskId);
		expect(error?.description).not.toContain('A retry creates a new video');
		expect(tookMs).toBeLessThan(MINUTE);
	});

	it('is recognized by the words of CometAPI when the task has no expires_at', async () => {
		const { run, sandbox } = await setUp({ fileLifeMs: 0 });
		const fields = { expires_at: null };
		sandbox.faults.push({ call: 'retrieve', fault: { kind: 'taskFields', fields } });
		const { error } = await run();
		expect(error?.context.details).toMatchObject({ kind: 'expired', retryable: false });
	});

	it('is not assumed when only the link has expired', async () => {
		const { run, sandbox } = await setUp(always('file', replies.forbidden));
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ files: 1, contents: 1 });
	});
});
