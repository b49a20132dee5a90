import { limits } from '../../nodes/Veo/limits';
import type { Execution } from '../../scripts/n8n/rest';
import { expectOwnVideos } from './support/expectVideos';
import { setUpQueue, type Worker } from './support/queue/setUpQueue';
import { queueExecutions, type StartedExecution } from './support/queue/executions';
import { MINUTES, untilEqual } from './support/until';

const EXECUTIONS = 6;
const VIDEOS = 5;
const JOB_MS = 20_000;

const context = setUpQueue({
	workerConcurrency: 10,
	sandbox: { jobMs: JOB_MS },
});

const memory = queueExecutions(context);
const durable = queueExecutions(context, { waitMode: 'durable' });
const { status, ended } = durable;

const startSeveral = async (name: string, executions: typeof durable) =>
	await Promise.all(
		Array.from({ length: EXECUTIONS }, async (_, execution) => {
			const prompts = Array.from(
				{ length: VIDEOS },
				(__, video) => `${name} ${execution}.${video}`,
			);
			return await executions.start(prompts[0], ...prompts.slice(1));
		}),
	);

let inMemory: StartedExecution[];
let paused: StartedExecution[];
/** Executions that occupy a worker while all executions wait. */
let busySlots: number;
/** `isLate`: on a slow machine, the first checks may have been running, and killed, at the restart. */
let stopped: { worker: Worker; tookMs: number; isLate: boolean };
let finished: Execution[];

beforeAll(async () => {
	const pausedAfter = Date.now();
	paused = await startSeveral('durable', durable);
	inMemory = await startSeveral('memory', memory);
	await untilEqual(
		async () => ({
			tasks: context.sandbox.tasks.length,
			statuses: await Promise.all(paused.map(status)),
		}),
		{
			tasks: 2 * EXECUTIONS * VIDEOS,
			statuses: Array(EXECUTIONS).fill('waiting'),
		},
	);
	busySlots = await context.redis.activeJobs();
	await Promise.all(inMemory.map(async (each) => await ended(each)));
	await restartAll(pausedAfter + limits.pausedCheckMs);
	finished = await Promise.all(paused.map(async (each) => await ended(each, MINUTES)));
}, 600_000);

/** Restarts main and workers while all executions are paused. */
async function restartAll(firstCheckAt: number): Promise<void> {
	const [worker, other] = context.workers.splice(0);
	const startedAt = Date.now();
	worker.signal('SIGTERM');
	other.signal('SIGKILL');
	context.n8n.signal('SIGKILL');
	await Promise.all([worker.ended, other.ended, context.n8n.ended]);
	const endedAt = Date.now();
	stopped = { worker, tookMs: endedAt - startedAt, isLate: endedAt > firstCheckAt };
	await Promise.all([worker.stop(), other.stop(), context.n8n.stop()]);
	await context.startMain();
	await Promise.all([context.addWorker(), context.addWorker()]);
}

describe('executions that are paused in queue mode', () => {
	it('occupy no worker slot, while executions that keep running occupy one each', () => {
		expect(busySlots).toBe(EXECUTIONS);
	});

	it("do not delay a worker's shutdown", async () => {
		expect(await stopped.worker.ended).toBe(0);
		expect(stopped.tookMs).toBeLessThan(JOB_MS / 2);
	});

	it('continue on new processes after main and all workers have ended, and pay once', async () => {
		expect(finished.map((execution) => execution.status)).toEqual(
			Array(EXECUTIONS).fill('success'),
		);
		const items = finished.flatMap(({ itemsOf }) => itemsOf('Veo'));
		expect(items).toHaveLength(EXECUTIONS * VIDEOS);
		await expectOwnVideos(context, items);
		expect(context.sandbox.tasks).toHaveLength(2 * EXECUTIONS * VIDEOS);
	});

	it('add two more entries to the execution list than executions that keep running', async () => {
		const listed = async (executions: StartedExecution[]) =>
			await Promise.all(
				executions.map(async ({ workflow }) =>
					(await context.rest.executionsOf(workflow)).map(({ status }) => status),
				),
			);
		expect(await listed(inMemory)).toEqual(Array(EXECUTIONS).fill(['success']));
		for (const statuses of await listed(paused)) {
			expect(statuses.filter((status) => status === 'success')).toHaveLength(3);
			// a killed check stays in the list, and another one has replaced it
			const killed = statuses.filter((status) => ['crashed', 'error'].includes(status));
			expect(killed.length).toBeLessThanOrEqual(stopped.isLate ? 1 : 0);
			expect(statuses).toHaveLength(3 + killed.length);
		}
	});
});
