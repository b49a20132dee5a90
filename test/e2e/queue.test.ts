import type { Execution } from '../../scripts/n8n/rest';
import { manualTrigger, TRIGGER, veo, workflowOf } from '../../scripts/n8n/workflow';
import { expectOwnVideos } from './support/expectVideos';
import { setUpQueue, type Worker } from './support/queue/setUpQueue';
import {
	FAST_STALL_DETECTION,
	STALL_DETECTED,
	queueExecutions,
	type StartedExecution,
} from './support/queue/executions';
import { until } from './support/until';

const SLOW_MS = 8_000;

const context = setUpQueue({
	workerConcurrency: 5,
	env: FAST_STALL_DETECTION,
	sandbox: { jobMs: (_, prompt) => (prompt.startsWith('slow') ? SLOW_MS : 1_000) },
});

const { createWorkflow, start, startOn, wasStartedBy, tasksOf, ended } = queueExecutions(context);

describe('many executions in queue mode', () => {
	const prompts = ['one', 'two', 'three'];
	let ids: string[];
	let executions: Execution[];

	beforeAll(async () => {
		const workflow = await createWorkflow(prompts);
		const runs = Array.from({ length: 20 }, async () => await context.rest.run(workflow, TRIGGER));
		ids = await Promise.all(runs);
		await until('the end of all', async () =>
			(await context.rest.executionsOf(workflow)).every(({ status }) => status === 'success'),
		);
		executions = await Promise.all(ids.map(async (id) => await context.rest.execution(id)));
	});

	it('are distributed among the workers', async () => {
		const perWorker = await Promise.all(
			context.workers.map(async (worker) => await worker.startedExecutions()),
		);
		expect(perWorker.map(({ length }) => length > 0)).toEqual([true, true]);
		expect(perWorker.flat().sort()).toEqual([...ids].sort());
	});

	it('each return their own videos, with one POST per video', () => {
		const delivered = executions.flatMap((execution) => execution.itemsOf('Veo'));
		expect(new Set(delivered.map(({ json }) => json.id))).toEqual(
			new Set(context.sandbox.tasks.map(({ id }) => id)),
		);
		expect(delivered).toHaveLength(20 * prompts.length);
		expect(context.sandbox.counts().creates).toBe(20 * prompts.length);
	});

	it('store files that the main process can read', async () => {
		for (const execution of executions) await expectOwnVideos(context, execution.itemsOf('Veo'));
	});
});

describe('a worker that is stopped gracefully', () => {
	it('finishes its videos within the shutdown timeout and starts no others', async () => {
		const [worker] = context.workers;
		const waiting = await startOn(worker, 'slow stopped in time');
		worker.signal('SIGTERM');
		// n8n logs this once the worker accepts no more executions
		await until('the worker to stop accepting executions', async () =>
			(await worker.log()).includes('executions to finish'),
		);
		const later = await Promise.all(['a', 'b', 'c'].map(async (name) => await start(name)));

		expect(await worker.ended).toBe(0);
		const { status, itemsOf } = await ended(waiting);
		expect(status).toBe('success');
		expect(tasksOf(waiting)).toHaveLength(1);
		await expectOwnVideos(context, itemsOf('Veo'));
		for (const started of later) {
			expect((await ended(started)).status).toBe('success');
			expect(await wasStartedBy(worker, started)).toBe(false);
		}
	});
});

describe('a killed main process', () => {
	it('lets the workers continue and shows their results after a restart', async () => {
		const waiting = await start('slow while main is down');
		await until('a task', () => tasksOf(waiting).length > 0);
		context.n8n.signal('SIGKILL');
		await context.n8n.stop();
		await context.startMain();
		const { status, itemsOf } = await ended(waiting);
		expect(status).toBe('success');
		await expectOwnVideos(context, itemsOf('Veo'));
		expect(tasksOf(waiting)).toHaveLength(1);
	});
});

describe('a worker that ends before its videos are finished', () => {
	type End = 'killed' | 'shutdown timeout too short';
	const lost = {} as Record<
		End,
		{ worker: Worker; started: StartedExecution; execution: Execution }
	>;
	const each = it.each<End>(['killed', 'shutdown timeout too short']);

	beforeAll(async () => {
		const killed = context.workers[1];
		const shortTimeout = await context.addWorker({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '1' });
		const inOne = await startOn(killed, 'slow killed');
		const inOther = await startOn(shortTimeout, 'slow shutdown timeout too short');
		killed.signal('SIGKILL');
		shortTimeout.signal('SIGTERM');
		expect(await Promise.all([killed.ended, shortTimeout.ended])).toEqual([null, 1]);
		// only another worker notices that a worker is gone
		await context.addWorker();
		const [first, second] = [await ended(inOne, STALL_DETECTED), await ended(inOther)];
		lost.killed = { worker: killed, started: inOne, execution: first };
		lost['shutdown timeout too short'] = {
			worker: shortTimeout,
			started: inOther,
			execution: second,
		};
	}, 240_000);

	each('leaves a failed execution without data (%s)', (end) => {
		const { status, error, itemsOf } = lost[end].execution;
		expect(status).toBe('error');
		expect(error?.message).toContain('failed to be processed too many times');
		expect(itemsOf('Items')).toEqual([]);
	});

	each('does not cause its videos to be created again, by n8n or by Retry (%s)', async (end) => {
		const { worker, started } = lost[end];
		for (const other of context.workers.filter((one) => one !== worker)) {
			expect(await wasStartedBy(other, started)).toBe(false);
		}
		const retry = await ended({ ...started, id: await context.rest.retry(started.id) });
		expect(retry.error?.message).toBe(lost[end].execution.error?.message);
		expect(tasksOf(started)).toHaveLength(1);
	});

	each('leaves the task ID in its log, for use with Retrieve Video (%s)', async (end) => {
		const { worker, started } = lost[end];
		const [task] = tasksOf(started);
		const logged = [...(await worker.log()).matchAll(/CometAPI task (\S+) was created/g)];
		const taskId = logged[logged.length - 1][1];
		expect(taskId).toBe(task.id);

		const parameters = { operation: 'retrieve', taskId };
		const workflow = await context.rest.createWorkflow(
			workflowOf('Retrieve', [manualTrigger, veo(context.credential, { parameters })]),
		);
		const id = await context.rest.run(workflow, TRIGGER);
		const items = (await ended({ ...started, id, workflow })).itemsOf('Veo');
		expect(items).toHaveLength(1);
		await expectOwnVideos(context, items);
		expect(tasksOf(started)).toHaveLength(1);
	});
});
