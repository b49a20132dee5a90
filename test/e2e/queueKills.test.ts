import {
	expectDelivered,
	expectKept,
	killSandbox,
	SURVIVED_MOMENTS,
	surviveKillAtEnd,
	surviveKills,
} from './support/kills';
import type { Ended } from './support/paused';
import { FAST_STALL_DETECTION } from './support/queue/executions';
import { setUpQueue } from './support/queue/setUpQueue';
import { until } from './support/until';

const context = setUpQueue({
	workerConcurrency: 10,
	// shorter than a slow request, so that workers end first
	env: { ...FAST_STALL_DETECTION, N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '3' },
	sandbox: killSandbox(),
});

let survivors: Ended[];
let continued: Ended[];

async function killMain(): Promise<void> {
	context.n8n.signal('SIGKILL');
	await context.n8n.ended;
	await context.n8n.stop();
	await context.startMain();
}

async function endWorkers(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
	const workers = context.workers.splice(0);
	for (const worker of workers) worker.signal(signal);
	await Promise.all(workers.map(async ({ ended }) => await ended));
	await Promise.all(workers.map(async ({ stop }) => await stop()));
	await Promise.all([context.addWorker(), context.addWorker()]);
}

async function killAll(): Promise<void> {
	context.n8n.signal('SIGKILL');
	await endWorkers('SIGKILL');
	// while it starts, n8n's main process takes what the killed workers ran for crashed, unless its
	// jobs are still locked: then it looks again after hours
	await until('the end of the locks', async () => (await context.redis.activeJobs()) === 0);
	await killMain();
}

beforeAll(async () => {
	const endByTerm = async () => await endWorkers('SIGTERM');
	survivors = await surviveKills(context, [killMain, killAll, endByTerm], SURVIVED_MOMENTS);
	continued = await surviveKillAtEnd(context, async () => await endWorkers('SIGKILL'));
}, 1_800_000);

describe('an execution in queue mode whose main process or workers end', () => {
	it.each(SURVIVED_MOMENTS)('%s delivers every video once', async (moment) => {
		await expectDelivered(
			context,
			survivors.find(({ name }) => name === moment)!,
		);
	});

	it('right after the last check has every video, at least in a sub-execution', async () => {
		for (const each of continued) await expectKept(context, each);
	});
});
