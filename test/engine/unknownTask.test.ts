import { replies } from '../sandbox/server';
import type { Fault } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

const forms: Array<[form: string, fault: Fault]> = [
	['400', replies.taskNotExist],
	['404', replies.taskNotExist404],
	['404 with a nested error', replies.notFound],
	['400 with a nested error', { ...replies.notFound, status: 400 }],
	['400 with the words alone', { kind: 'reply', status: 400, message: 'task_not_exist' }],
	['404 with other words', { kind: 'reply', status: 404, message: 'No such task' }],
];

describe.each(forms)('a task that CometAPI does not know, reported as %s', (_form, fault) => {
	it('is waited for in the first moments, like the others of its batch', async () => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'retrieve', prompt: 'b', nth: [1, 2, 3], fault }],
		});
		const { items } = await run({ items: prompts('a', 'b', 'c') });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 3, created: 3, delivered: 3 });
	});

	it('is named, and created again by a retry, when it stays unknown', async () => {
		const { run, sandbox } = await setUp({ faults: [{ call: 'retrieve', task: 0, fault }] });
		const failed = await run();
		const [{ id }] = sandbox.tasks;
		expect(failed.error?.message).toBe("CometAPI can't find this task [item 0]");
		expect(failed.error?.description).toContain(id);
		expect(failed.error?.description).toContain('A retry creates a new video');
		expect(failed.error?.context.details).toMatchObject({
			...{ kind: 'unknownTask', taskId: id, retryable: false, mayHaveBeenCreated: false },
		});
		const { items } = await failed.retry();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2, delivered: 1 });
	});

	it('is created again by Retry On Fail', async () => {
		const { run, sandbox } = await setUp({ faults: [{ call: 'retrieve', task: 0, fault }] });
		const { items } = await run({
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2, delivered: 1 });
	});

	it('ends the wait after one to two minutes', async () => {
		const { run, clock } = await setUp({ faults: [{ call: 'retrieve', fault }] });
		const startedAt = clock.now();
		await run();
		expect(clock.now() - startedAt).toBeGreaterThan(60_000);
		expect(clock.now() - startedAt).toBeLessThan(120_000);
	});
});
