import type { Execution } from '../../scripts/n8n/rest';
import { expectOwnVideos } from './support/expectVideos';
import { setUpQueue, type Worker } from './support/queue/setUpQueue';
import { NOTICED_IN_MS, NOTICED_SOONER, startsOn, type Started } from './support/queue/starts';
import { until, untilEqual } from './support/until';

const EXECUTIONS = 6;
const VIDEOS = 5;
const JOB_MS = 20_000;
/** n8n looks for parked executions once a minute. */
const RESUMED_IN_MS = 240_000;

const stage = setUpQueue({
	workerConcurrency: 10,
	env: NOTICED_SOONER,
	sandbox: {
		jobMs: JOB_MS,
		faults: [{ call: 'file', prompt: 'cut off', fault: { kind: 'hang' } }],
	},
});

const memory = startsOn(stage);
const durable = startsOn(stage, { waitMode: 'durable' });
const { tasksOf, status, ended } = durable;

const several = async (name: string, starts: typeof durable) =>
	await Promise.all(
		Array.from({ length: EXECUTIONS }, async (_, execution) => {
			const prompts = Array.from(
				{ length: VIDEOS },
				(__, video) => `${name} ${execution}.${video}`,
			);
			return await starts.start(prompts[0], ...prompts.slice(1));
		}),
	);

let inMemory: Started[];
let parked: Started[];
let cutOff: Started;
/** Executions that the workers are at, while all wait. */
let busySlots: number;
let stopped: { worker: Worker; tookMs: number };
let finished: Execution[];
let failed: Execution;

beforeAll(async () => {
	parked = await several('durable', durable);
	cutOff = await durable.start('cut off');
	inMemory = await several('memory', memory);
	await untilEqual(
		async () => ({
			tasks: stage.sandbox.tasks.length,
			parked: await Promise.all([...parked, cutOff].map(status)),
		}),
		{
			tasks: 2 * EXECUTIONS * VIDEOS + 1,
			parked: Array(EXECUTIONS + 1).fill('waiting'),
		},
	);
	busySlots = await stage.redis.activeJobs();
	await Promise.all(inMemory.map(async (each) => await ended(each)));
	await restartAll();
	finished = await Promise.all(parked.map(async (each) => await ended(each, RESUMED_IN_MS)));
	await killWhileItFetches();
	failed = await ended(cutOff, NOTICED_IN_MS);
}, 600_000);

/** While all that is left is parked. */
async function restartAll(): Promise<void> {
	const [worker, other] = stage.workers.splice(0);
	const startedAt = Date.now();
	worker.signal('SIGTERM');
	other.signal('SIGKILL');
	stage.n8n.signal('SIGKILL');
	await Promise.all([worker.ended, other.ended, stage.n8n.ended]);
	stopped = { worker, tookMs: Date.now() - startedAt };
	await Promise.all([worker.stop(), other.stop(), stage.n8n.stop()]);
	await stage.startMain();
	await Promise.all([stage.addWorker(), stage.addWorker()]);
}

async function killWhileItFetches(): Promise<void> {
	const [{ id: taskId }] = tasksOf(cutOff);
	await until(
		'the file to be asked for',
		() =>
			stage.sandbox.requests.some(({ call, ...own }) => call === 'file' && own.taskId === taskId),
		RESUMED_IN_MS,
	);
	// the first of its sub-executions: the one that waits, and has each video fetched by a further one
	const waits = (await stage.rest.executionsOf(cutOff.workflow))
		.filter(({ mode }) => mode === 'integrated')
		.at(-1);
	const isBusy = async (worker: Worker) => (await worker.begun()).includes(`${waits?.id}`);
	const busy = await Promise.all(stage.workers.map(isBusy));
	expect(busy).toContain(true);
	const worker = stage.workers[busy.indexOf(true)];
	worker.signal('SIGKILL');
	await worker.ended;
	stage.sandbox.faults = [];
}

describe('executions that are parked in queue mode', () => {
	it('should hold no slot of a worker while those in memory hold one each', () => {
		expect(busySlots).toBe(EXECUTIONS);
	});

	it('should not keep a worker from stopping', async () => {
		expect(await stopped.worker.ended).toBe(0);
		expect(stopped.tookMs).toBeLessThan(JOB_MS / 2);
	});

	it('should go on elsewhere when main and all workers have ended, and have paid once', async () => {
		expect(finished.map(({ status: end }) => end)).toEqual(Array(EXECUTIONS).fill('success'));
		const items = finished.flatMap(({ itemsOf }) => itemsOf('Veo'));
		expect(items).toHaveLength(EXECUTIONS * VIDEOS);
		await expectOwnVideos(stage, items);
		expect(stage.sandbox.tasks).toHaveLength(2 * EXECUTIONS * VIDEOS + 1);
	});

	it('should leave one execution more in the list than those in memory', async () => {
		const listed = async (executions: Started[]) =>
			await Promise.all(
				executions.map(async ({ workflow }) => (await stage.rest.executionsOf(workflow)).length),
			);
		expect(await listed(inMemory)).toEqual(Array(EXECUTIONS).fill(1));
		expect(await listed(parked)).toEqual(Array(EXECUTIONS).fill(2));
	});
});

describe('a worker that is killed while it fetches for a parked execution', () => {
	it('should leave an execution that has failed, and has paid once whatever Retry does', async () => {
		expect(failed.status).toBe('error');
		expect(failed.error?.message).toContain('failed to be processed too many times');
		const retry = await ended({ ...cutOff, id: await stage.rest.retry(cutOff.id) });
		expect(retry.error?.message).toBe(failed.error?.message);
		expect(tasksOf(cutOff)).toHaveLength(1);
	});
});
