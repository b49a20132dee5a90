import type { INodeParameters } from 'n8n-workflow';

import type { SandboxOptions } from '../sandbox/server';
import type { InputItem } from '../support/engine';
import { prompts, setUp } from '../support/setUp';

/** Runs until the timeout, because the video is never finished. */
async function runOut(
	options: INodeParameters = {},
	{ items, ...sandboxOptions }: SandboxOptions & { items?: InputItem[] } = {},
) {
	const { run, sandbox, clock } = await setUp({ jobMs: Infinity, ...sandboxOptions });
	const startedAt = clock.now();
	const finished = await run({ items, parameters: { options } });
	const took = clock.now() - startedAt;
	return { ...finished, sandbox, took, startedAt };
}

it('ends the node with the task ID and what to do', async () => {
	const { error, sandbox } = await runOut();
	const [{ id }] = sandbox.tasks;
	expect(error?.message).toBe('The video was not finished within 15 minutes [item 0]');
	expect(error?.description).toBe(
		`CometAPI is still working on task ${id}. Retry this execution in the Executions tab to keep waiting, or use 'Retrieve Video' with task ID ${id}. Running the workflow again pays for a new video. For later runs, increase 'Timeout (Minutes)'`,
	);
	expect(error?.context.details).toEqual({
		kind: 'timedOut',
		taskId: id,
		status: 'queued',
		retryable: true,
		mayHaveBeenCreated: false,
	});
});

it.each([
	[undefined, 15],
	[2, 2],
	[0.5, 0.5],
	['={{ 3 }}', 3],
])('ends the wait after the set number of minutes: %s', async (timeout, minutes) => {
	const { error, took, sandbox } = await runOut(timeout === undefined ? {} : { timeout });
	expect(error?.message).toMatch(/was not finished within/);
	expect(took).toBe(minutes * 60_000);
	expect(sandbox.counts().creates).toBe(1);
});

it('checks one last time at the timeout', async () => {
	const { sandbox, startedAt } = await runOut({ timeout: 2, pollInterval: 50 });
	const asked = sandbox.requests.filter(({ call }) => call === 'retrieve');
	expect(asked.at(-1)!.atMs).toBe(startedAt + 120_000);
});

it('delivers a video that is finished at the last moment', async () => {
	const { items, error } = await runOut({ timeout: 2, pollInterval: 50 }, { jobMs: 120_000 });
	expect(error).toBeUndefined();
	expect(items[0].json.status).toBe('completed');
	expect(items[0].binary).toHaveProperty('data');
});

it('creates the video and does not wait when the timeout is 0', async () => {
	const { items, took, sandbox } = await runOut({ timeout: 0, onTimeout: 'returnTask' });
	expect(items[0].json).toMatchObject({ id: sandbox.tasks[0].id, status: 'queued' });
	expect(took).toBe(0);
});

it('applies to every item separately', async () => {
	const { items, error } = await runOut(
		{ timeout: 1, maxConcurrent: 1 },
		{ jobMs: 50_000, items: prompts('a', 'b', 'c') },
	);
	expect(error).toBeUndefined();
	expect(items).toHaveLength(3);
});

describe('Return Task', () => {
	const returnTask = { timeout: 1, onTimeout: 'returnTask' };

	it('returns the unfinished task without a file', async () => {
		const { items, error, sandbox } = await runOut(returnTask, { queuedShare: 0 });
		expect(error).toBeUndefined();
		expect(items).toEqual([
			{
				json: expect.objectContaining({ id: sandbox.tasks[0].id, status: 'in_progress' }),
				pairedItem: { item: 0 },
			},
		]);
		expect(items[0].json).not.toHaveProperty('error');
	});

	it('names the unfinished tasks in a hint', async () => {
		const { hints, sandbox, items } = await runOut(returnTask, {
			items: prompts('slow', 'fast', 'slow'),
			jobMs: (_index, prompt) => (prompt === 'fast' ? 10_000 : Infinity),
		});
		const [first, , third] = items.map(({ json }) => json.id);
		expect(hints).toHaveLength(1);
		expect(hints[0]).toMatch(
			/^Not finished before the timeout\. Get them later with these task IDs: /,
		);
		expect(hints[0]).toContain(first);
		expect(hints[0]).toContain(third);
		expect(hints[0]).not.toContain(sandbox.tasks.find(({ prompt }) => prompt === 'fast')!.id);
	});

	it('returns the others with their files', async () => {
		const { items } = await runOut(returnTask, {
			items: prompts('slow', 'fast'),
			jobMs: (_index, prompt) => (prompt === 'fast' ? 10_000 : Infinity),
		});
		expect(items.map(({ json }) => json.status)).toEqual(['queued', 'completed']);
		expect(items.map(({ binary }) => binary !== undefined)).toEqual([false, true]);
	});

	it('does not hide a failed video', async () => {
		const { error } = await runOut(returnTask, {
			jobMs: 10_000,
			outcome: () => ({ error: { code: 'x', message: 'No luck' } }),
		});
		expect(error?.message).toBe('Veo could not generate the video: No luck [item 0]');
	});
});
