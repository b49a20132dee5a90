import { replies } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

const retryOnFail = { retryOnFail: true, maxTries: 4, waitBetweenTries: 1 };
const FIVE = prompts('a', 'b', 'c', 'd', 'e');
const refuseC = {
	faults: [{ call: 'create' as const, prompt: 'c', nth: 1, fault: replies.badRequest }],
};

describe('one failed item of five', () => {
	it('ends the node with an error that names it and the other tasks', async () => {
		const { run, sandbox } = await setUp(refuseC);
		const { error, items } = await run({ items: FIVE });
		expect(items).toEqual([]);
		expect(error?.message).toContain('[item 2]');
		expect(error?.context.itemIndex).toBe(2);
		expect(sandbox.tasks.map(({ prompt }) => prompt).sort()).toEqual(['a', 'b', 'd', 'e']);
		for (const { id } of sandbox.tasks) expect(error?.description).toContain(id);
	});

	it('is the only one that a retry pays for', async () => {
		const { run, sandbox } = await setUp(refuseC);
		const failed = await run({ items: FIVE });
		const { items } = await failed.retry();
		await expectOwnFiles(sandbox, items);
		expect(items.map(({ json }) => promptOf(json.id))).toEqual(['a', 'b', 'c', 'd', 'e']);
		expect(sandbox.counts()).toMatchObject({ creates: 6, created: 5, delivered: 5 });

		function promptOf(id: unknown) {
			return sandbox.tasks.find((task) => task.id === id)?.prompt;
		}
	});

	it('is the only one that Retry On Fail pays for', async () => {
		const { run, sandbox } = await setUp(refuseC);
		const { items, hints } = await run({ items: FIVE, settings: retryOnFail });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 6, created: 5, delivered: 5 });
		expect(hints).toHaveLength(1);
	});

	it('prevents items that were not started from being sent', async () => {
		const { run, sandbox } = await setUp(refuseC);
		await run({ items: FIVE, parameters: { options: { maxConcurrent: 1 } } });
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['a', 'b']);
		expect(sandbox.counts().creates).toBe(3);
	});

	it('becomes one error item among four videos when the node continues', async () => {
		const { run, sandbox } = await setUp(refuseC);
		const { items, hints } = await run({
			items: FIVE,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(hints).toEqual(["1 of 5 items failed. See 'error' in their JSON"]);
		expect(items.map(({ json }) => Boolean(json.error))).toEqual([
			false,
			false,
			true,
			false,
			false,
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
		await expectOwnFiles(
			sandbox,
			items.filter(({ json }) => !json.error),
		);
		expect(sandbox.counts()).toMatchObject({ creates: 5, created: 4, delivered: 4 });
	});

	it('is returned at the error output, and the videos at the first output', async () => {
		const { run, sandbox } = await setUp(refuseC);
		const { items, errors, hints } = await run({
			items: FIVE,
			settings: { onError: 'continueErrorOutput' },
		});
		expect(hints).toEqual([]);
		await expectOwnFiles(sandbox, items);
		expect(items).toHaveLength(4);
		expect(errors).toHaveLength(1);
		expect(errors[0].pairedItem).toEqual({ item: 2 });
		expect(errors[0].json).toMatchObject({
			error: 'CometAPI rejected the request',
			details: { httpCode: 400, retryable: false, mayHaveBeenCreated: false },
		});
	});

	it('does not cause another payment for the others when it is the first', async () => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', prompt: 'a', nth: 1, fault: replies.badRequest }],
		});
		const { items } = await run({
			items: FIVE,
			settings: { ...retryOnFail, onError: 'continueRegularOutput' },
		});
		await expectOwnFiles(sandbox, items);
		expect(items).toHaveLength(5);
		expect(sandbox.counts()).toMatchObject({ creates: 6, created: 5 });
	});
});

describe('an execution that another workflow started', () => {
	const subExecution = { items: FIVE, mode: 'integrated' as const };

	it('is named as the one to retry', async () => {
		const { run } = await setUp(refuseC);
		const { error, executionId } = await run(subExecution);
		expect(error?.description).toContain(
			`Already paid for, and reused when you retry execution ${executionId} in the Executions tab of this sub-workflow (not the one that called it): `,
		);
	});

	it.each(['late', 'lost'])(
		'is named after a timeout and after a lost response: %s',
		async (name) => {
			const { run } = await setUp({
				jobMs: Infinity,
				faults: [{ call: 'create', prompt: 'lost', fault: { kind: 'resetAfterBody' } }],
			});
			const { error, executionId } = await run({ items: prompts(name), mode: 'integrated' });
			expect(error?.description).toMatch(`etry execution ${executionId} in the Executions tab`);
		},
	);

	it('is not named in error items: the execution succeeds and has no Retry', async () => {
		const { run } = await setUp({
			jobMs: Infinity,
			faults: [{ call: 'create', prompt: 'lost', fault: { kind: 'resetAfterBody' } }],
		});
		const { items } = await run({
			items: prompts('late', 'lost'),
			settings: { onError: 'continueRegularOutput' },
		});
		const [late, lost] = items.map(({ json }) => json.message);
		expect(late).toMatch(/task_\w+\. Use 'Retrieve Video' with task ID task_/);
		expect(lost).toContain('To send it again, run the workflow again');
		expect(`${late}${lost}`).not.toContain('Executions tab');
	});

	it('pays only for the failed item when it is retried directly', async () => {
		const { run, sandbox } = await setUp(refuseC);
		const failed = await run(subExecution);
		const { items } = await failed.retry();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 6, created: 5, delivered: 5 });
	});

	it('is called "this execution" when no other workflow is involved', async () => {
		const { run } = await setUp(refuseC);
		const { error } = await run({ items: FIVE });
		expect(error?.description).toContain(
			'reused when you retry this execution in the Executions tab: ',
		);
	});
});

describe('the same prompt', () => {
	it('creates a new video for each item', async () => {
		const { run, sandbox } = await setUp();
		const { items } = await run({ items: prompts('a', 'a', 'a') });
		expect(new Set(items.map(({ json }) => json.id)).size).toBe(3);
		expect(sandbox.counts()).toMatchObject({ creates: 3, created: 3 });
	});

	it('creates a new video in each round of a loop', async () => {
		const { run, sandbox } = await setUp();
		const { items } = await run({ items: prompts('a'), rounds: 3 });
		expect(new Set(items.map(({ json }) => json.id)).size).toBe(3);
		expect(sandbox.counts()).toMatchObject({ creates: 3, created: 3 });
	});

	it('creates a new video in a new execution', async () => {
		const { run, sandbox } = await setUp();
		await run();
		await run();
		expect(sandbox.counts().creates).toBe(2);
	});
});

it('the node context keeps only the tasks of the last round', async () => {
	const { run, sandbox } = await setUp();
	const { stored } = await run({ items: prompts('a'), rounds: 3 });
	const { contextData } = JSON.parse(stored).executionData;
	const [{ veoTasks }] = Object.values(contextData) as Array<{ veoTasks: object }>;
	expect(veoTasks).toMatchObject({ version: 1, run: '2' });
	expect(JSON.stringify(veoTasks)).toContain(sandbox.tasks[2].id);
	expect(JSON.stringify(veoTasks)).not.toContain(sandbox.tasks[1].id);
});

it('names the tasks if a newer version of the package started the execution', async () => {
	const { run, sandbox } = await setUp({ jobMs: Infinity });
	const failed = await run({ parameters: { prompt: 'a', options: { timeout: 1 } } });
	const stored = failed.stored.replace('"version":1,"run"', '"version":2,"run"');
	const { error } = await failed.retry({}, stored);
	expect(error?.message).toBe('A newer version of this node has started this execution [item 0]');
	expect(error?.description).toContain(sandbox.tasks[0].id);
	expect(sandbox.tasks).toHaveLength(1);
});

it('an edited prompt is sent as a new request', async () => {
	const { run, sandbox } = await setUp({ jobMs: Infinity });
	const failed = await run({ parameters: { prompt: 'a' } });
	await failed.retry({
		parameters: { operation: 'createAndWait', prompt: 'b', options: { timeout: 1 } },
	});
	expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['a', 'b']);
});

it('a retry reuses the tasks from Create Video', async () => {
	const { run, sandbox } = await setUp({
		faults: [{ call: 'create', prompt: 'c', nth: 1, fault: replies.badRequest }],
	});
	const failed = await run({ items: FIVE, parameters: { operation: 'create' } });
	const { items } = await failed.retry();
	expect(items.map(({ json }) => json.id).sort()).toEqual(sandbox.tasks.map(({ id }) => id).sort());
	expect(sandbox.counts()).toMatchObject({ creates: 6, created: 5 });
});

it('the key stays out of the stored execution, the logs and the file host', async () => {
	const { run, sandbox, credential } = await setUp({
		faults: [
			{ call: 'retrieve', nth: 1, fault: { kind: 'resetBeforeBody' } },
			{ call: 'create', prompt: 'b', fault: { kind: 'resetAfterBody' } },
			{
				call: 'create',
				prompt: 'c',
				fault: { ...replies.unauthorized, message: 'Incorrect API key provided: sk-test-key' },
			},
		],
	});
	for (const onError of ['continueRegularOutput', 'stopWorkflow'] as const) {
		const result = await run({ items: prompts('a', 'b', 'c'), settings: { onError } });
		expect(JSON.stringify([result, result.error])).not.toContain(credential.apiKey);
		expect(JSON.stringify(result.error?.cause ?? '')).not.toContain(credential.apiKey);
		expect(result.stored).not.toContain(credential.apiKey);
	}
	for (const { origin, headers, url } of sandbox.requests) {
		expect(url).not.toContain(credential.apiKey);
		if (origin === 'files') expect(JSON.stringify(headers)).not.toContain(credential.apiKey);
	}
});
