import type { Execution } from '../../scripts/n8n/rest';
import { manualTrigger, TRIGGER, veo, workflowOf } from '../../scripts/n8n/workflow';
import { expectOwnVideos } from './support/expectVideos';
import { setUpQueue, type Worker } from './support/queue/setUpQueue';
import { NOTICED_IN_MS, NOTICED_SOONER, startsOn, type Started } from './support/queue/starts';
import { until } from './support/until';

const SLOW_MS = 8_000;

const stage = setUpQueue({
	workerConcurrency: 5,
	env: NOTICED_SOONER,
	sandbox: { jobMs: (_, prompt) => (prompt.startsWith('slow') ? SLOW_MS : 1_000) },
});

const { createWorkflow, start, startOn, isBegunBy, tasksOf, ended } = startsOn(stage);

describe('many executions in queue mode', () => {
	const prompts = ['one', 'two', 'three'];
	let ids: string[];
	let executions: Execution[];

	beforeAll(async () => {
		const workflow = await createWorkflow(prompts);
		const runs = Array.from({ length: 20 }, async () => await stage.rest.run(workflow, TRIGGER));
		ids = await Promise.all(runs);
		await until('the end of all', async () =>
			(await stage.rest.executionsOf(workflow)).every(({ status }) => status === 'success'),
		);
		executions = await Promise.all(ids.map(async (id) => await stage.rest.execution(id)));
	});

	it('should be shared out among the workers', async () => {
		const begun = await Promise.all(stage.workers.map(async (worker) => await worker.begun()));
		expect(begun.map(({ length }) => length > 0)).toEqual([true, true]);
		expect(begun.flat().sort()).toEqual([...ids].sort());
	});

	it('should each deliver their own videos, with one POST each', () => {
		const delivered = executions.flatMap((execution) => execution.itemsOf('Veo'));
		expect(new Set(delivered.map(({ json }) => json.id))).toEqual(
			new Set(stage.sandbox.tasks.map(({ id }) => id)),
		);
		expect(delivered).toHaveLength(20 * prompts.length);
		expect(stage.sandbox.counts().creates).toBe(20 * prompts.length);
	});

	it('should leave files that main can read', async () => {
		for (const execution of executions) await expectOwnVideos(stage, execution.itemsOf('Veo'));
	});
});

describe('a worker that is stopped', () => {
	it('should finish its videos in the time that it is given, and begin no others', async () => {
		const [worker] = stage.workers;
		const waiting = await startOn(worker, 'slow stopped in time');
		worker.signal('SIGTERM');
		// said once it takes no more
		await until('its pause', async () => (await worker.log()).includes('executions to finish'));
		const later = await Promise.all(['a', 'b', 'c'].map(async (name) => await start(name)));

		expect(await worker.ended).toBe(0);
		const { status, itemsOf } = await ended(waiting);
		expect(status).toBe('success');
		expect(tasksOf(waiting)).toHaveLength(1);
		await expectOwnVideos(stage, itemsOf('Veo'));
		for (const started of later) {
			expect((await ended(started)).status).toBe('success');
			expect(await isBegunBy(worker, started)).toBe(false);
		}
	});
});

describe('main that is killed', () => {
	it('should leave the workers at work, and find what they delivered when it is back', async () => {
		const waiting = await start('slow while main is away');
		await until('a task', () => tasksOf(waiting).length > 0);
		stage.n8n.signal('SIGKILL');
		await stage.n8n.stop();
		await stage.startMain();
		const { status, itemsOf } = await ended(waiting);
		expect(status).toBe('success');
		await expectOwnVideos(stage, itemsOf('Veo'));
		expect(tasksOf(waiting)).toHaveLength(1);
	});
});

describe('a worker that ends before its videos do', () => {
	type Which = 'killed' | 'given too little time to stop';
	const lost = {} as Record<Which, { worker: Worker; started: Started; execution: Execution }>;
	const each = it.each<Which>(['killed', 'given too little time to stop']);

	beforeAll(async () => {
		const killed = stage.workers[1];
		const hurried = await stage.addWorker({ N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '1' });
		const inOne = await startOn(killed, 'slow killed');
		const inOther = await startOn(hurried, 'slow given too little time');
		killed.signal('SIGKILL');
		hurried.signal('SIGTERM');
		expect(await Promise.all([killed.ended, hurried.ended])).toEqual([null, 1]);
		// it is the workers that notice when another one is gone
		await stage.addWorker();
		const [first, second] = [await ended(inOne, NOTICED_IN_MS), await ended(inOther)];
		lost.killed = { worker: killed, started: inOne, execution: first };
		lost['given too little time to stop'] = {
			worker: hurried,
			started: inOther,
			execution: second,
		};
	}, 240_000);

	each('should leave an execution that has failed and holds nothing (%s)', (which) => {
		const { status, error, itemsOf } = lost[which].execution;
		expect(status).toBe('error');
		expect(error?.message).toContain('failed to be processed too many times');
		expect(itemsOf('Items')).toEqual([]);
	});

	each('should not have its videos made again, by n8n or by Retry (%s)', async (which) => {
		const { worker, started } = lost[which];
		for (const other of stage.workers.filter((one) => one !== worker)) {
			expect(await isBegunBy(other, started)).toBe(false);
		}
		const retry = await ended({ ...started, id: await stage.rest.retry(started.id) });
		expect(retry.error?.message).toBe(lost[which].execution.error?.message);
		expect(tasksOf(started)).toHaveLength(1);
	});

	each(
		'should leave the ID in its log, for Retrieve Video to fetch the video (%s)',
		async (which) => {
			const { worker, started } = lost[which];
			const [task] = tasksOf(started);
			const logged = [...(await worker.log()).matchAll(/CometAPI task (\S+) was created/g)];
			const taskId = logged[logged.length - 1][1];
			expect(taskId).toBe(task.id);

			const parameters = { operation: 'retrieve', taskId };
			const workflow = await stage.rest.createWorkflow(
				workflowOf('Retrieve', [manualTrigger, veo(stage.credential, { parameters })]),
			);
			const id = await stage.rest.run(workflow, TRIGGER);
			const items = (await ended({ ...started, id, workflow })).itemsOf('Veo');
			expect(items).toHaveLength(1);
			await expectOwnVideos(stage, items);
			expect(tasksOf(started)).toHaveLength(1);
		},
	);
});
