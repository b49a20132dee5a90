import { setUpQueue, type QueueContext } from './support/queue/setUpQueue';
import { FAST_STALL_DETECTION, queueExecutions, STALL_DETECTED } from './support/queue/executions';

/** Longer than n8n takes to detect that a worker is gone. */
const JOB_MS = 60_000;

/** Starts a video on a worker and kills the worker. @returns how the execution ends */
async function killWorker(context: QueueContext) {
	const { startOn, ended, tasksOf } = queueExecutions(context);
	const [worker] = context.workers;
	const started = await startOn(worker, 'killed');
	worker.signal('SIGKILL');
	const deadlineMs = Number(STALL_DETECTED.deadlineMs) + JOB_MS;
	const { status } = await ended(started, { ...STALL_DETECTED, deadlineMs });
	return { status, tasks: tasksOf(started).length };
}

const options = (env: Record<string, string>) => ({
	workerConcurrency: 5,
	env: { ...FAST_STALL_DETECTION, ...env },
	sandbox: { jobMs: JOB_MS },
});

describe('with QUEUE_WORKER_MAX_STALLED_COUNT=0, the execution of a killed worker', () => {
	const context = setUpQueue(options({ QUEUE_WORKER_MAX_STALLED_COUNT: '0' }));

	it('fails, and its video is not created again', async () => {
		expect(await killWorker(context)).toEqual({ status: 'error', tasks: 1 });
	}, 400_000);
});

describe('by default, the execution of a killed worker', () => {
	const context = setUpQueue(options({}));

	it('runs once more, and creates its video again (n8n < 2.0)', async () => {
		expect(await killWorker(context)).toEqual({ status: 'success', tasks: 2 });
	}, 400_000);
});
