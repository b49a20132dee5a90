import { replies } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

const retryOnFail = { retryOnFail: true, maxTries: 4, waitBetweenTries: 1 };
const at = (fault: Fault, nth?: number | number[]): SandboxOptions => ({
	faults: [{ call: 'retrieve', nth, fault }],
});
const NEVER = { jobMs: Infinity };

describe('the wait for a video', () => {
	const transientFaults: Array<[string, Fault]> = [
		['429', replies.rateLimited],
		['429 with seconds', replies.rateLimitedFor(7)],
		['429 with a date', replies.rateLimitedUntil(7)],
		['500', replies.serverError],
		['502 HTML', replies.badGateway],
		['503', replies.unavailable],
		['504', replies.gatewayTimeout],
		['524', replies.timeout524],
		['304', replies.notModified],
		['403 with a page', replies.challengePage],
		['408', replies.requestTimeout],
		['409', replies.conflict],
		['425', replies.tooEarly],
		['a reset', { kind: 'resetBeforeBody' }],
		['no answer', { kind: 'hang' }],
		['broken JSON', { kind: 'brokenJson' }],
		['200 with HTML', { kind: 'html200' }],
		['an unknown status', { kind: 'taskStatus', status: 'rendering' }],
		['a status in upper case', { kind: 'upperCase' }],
		['a wrapped task', { kind: 'wrapped' }],
		['no progress', { kind: 'nullProgress' }],
	];

	it.each(transientFaults)('continues after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(at(fault, [1, 2, 4]));
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
		expect(sandbox.requests.filter((request) => request.fault)).not.toHaveLength(0);
	});

	it.each(transientFaults)('ends in time if every response is %s', async (_name, fault) => {
		const understood = ['upperCase', 'wrapped', 'nullProgress', 'taskStatus'].includes(fault.kind);
		const { run, sandbox } = await setUp(at(fault));
		const { items, error } = await run({ parameters: { options: { timeout: 1 } } });
		if (understood) await expectOwnFiles(sandbox, items);
		else expect(error?.message).toMatch(/The video was not finished within 1 minute /);
		expect(sandbox.counts().creates).toBe(1);
	});

	it('continues with an unknown status as long as there is no link', async () => {
		const { run, sandbox } = await setUp({
			...at({ kind: 'taskStatus', status: 'rendering' }),
			videoUrl: false,
		});
		const { error } = await run({ parameters: { options: { timeout: 1 } } });
		expect(error?.message).toBe('The video was not finished within 1 minute [item 0]');
		expect(error?.context.details).toMatchObject({ status: 'rendering' });
		expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 0 });
	});

	it('continues while CometAPI does not know a new task yet', async () => {
		const { run, sandbox } = await setUp(at(replies.notFound, [1, 2]));
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
	});

	it('sends no request for as long as the server asks', async () => {
		const { run, sandbox } = await setUp(at(replies.rateLimitedFor(120), 1));
		await run();
		const [one, two] = sandbox.requests.filter(({ call }) => call === 'retrieve');
		expect(two.atMs - one.atMs).toBeGreaterThanOrEqual(120_000);
	});
});

describe('a video that Veo could not generate', () => {
	it.each<[string, SandboxOptions, RegExp, string]>([
		[
			'failed',
			{ outcome: () => ({ error: { code: 'moderated', message: 'Not allowed' } }) },
			/: Not allowed/,
			'moderated',
		],
		['failed without a reason', { outcome: () => ({ error: null }) }, /no reason given/, 'failed'],
		[
			'cancelled',
			at({ kind: 'taskStatus', status: 'cancelled' }, 2),
			/no reason given/,
			'cancelled',
		],
		['expired', at({ kind: 'taskStatus', status: 'EXPIRED' }, 2), /no reason given/, 'expired'],
	])('ends the item when it is %s', async (_name, options, message, code) => {
		const { run, sandbox } = await setUp(options);
		const { error } = await run();
		const [{ id }] = sandbox.tasks;
		expect(error?.message).toMatch(message);
		expect(error?.context.details).toMatchObject({ taskId: id, status: 'failed', code });
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 0 });
	});

	it('is created again by Retry On Fail', async () => {
		const { run, sandbox } = await setUp({
			outcome: (index) => (index === 0 ? { error: null } : 'completed'),
		});
		const { items } = await run({ settings: retryOnFail });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2, delivered: 1 });
	});

	it('is created again by a second retry when CometAPI cannot find its task', async () => {
		const { run, sandbox } = await setUp(NEVER);
		const failed = await run();
		sandbox.reset();
		const again = await failed.retry();
		expect(again.error?.message).toMatch(/can't find this task/);
		expect(again.error?.context.details).toMatchObject({ kind: 'unknownTask', httpCode: 400 });
		expect(sandbox.counts().creates).toBe(0);
		await again.retry();
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});
});

describe('a late video', () => {
	it('is named in the error, and a retry waits for it again', async () => {
		const { run, sandbox } = await setUp({ jobMs: 20 * 60_000 });
		const failed = await run();
		const [{ id }] = sandbox.tasks;
		expect(failed.error?.message).toBe('The video was not finished within 15 minutes [item 0]');
		expect(failed.error?.description).toContain(`task ID ${id}`);
		expect(failed.error?.context.details).toMatchObject({ taskId: id, status: 'in_progress' });

		const { items, hints } = await failed.retry();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
		expect(hints).toEqual([`Reused from an earlier attempt at no extra cost: ${id}`]);
	});

	it('is waited for again by Retry On Fail', async () => {
		const { run, sandbox } = await setUp({ jobMs: 40 * 60_000 });
		const { items } = await run({ settings: retryOnFail });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
	});

	it('is returned unfinished with Return Task', async () => {
		const { run, sandbox } = await setUp(NEVER);
		const { items, hints, error } = await run({
			parameters: { options: { onTimeout: 'returnTask', timeout: 2 } },
		});
		const [{ id }] = sandbox.tasks;
		expect(error).toBeUndefined();
		expect(items[0]).toMatchObject({ json: { id, status: 'queued' } });
		expect(items[0].binary).toBeUndefined();
		expect(hints).toEqual([expect.stringContaining(id)]);
	});
});

it('fails only the item whose video is late', async () => {
	const { run, sandbox } = await setUp({
		jobMs: (_index, prompt) => (prompt === 'b' ? Infinity : 20_000),
	});
	const { items } = await run({
		items: prompts('a', 'b', 'c'),
		settings: { onError: 'continueRegularOutput' },
	});
	expect(items.map(({ json }) => Boolean(json.error))).toEqual([false, true, false]);
	await expectOwnFiles(sandbox, [items[0], items[2]]);
});
