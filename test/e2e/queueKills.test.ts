import {
	expectDelivered,
	killSandbox,
	MOMENTS,
	surviveKills,
	type Survivor,
} from './support/kills';
import { FAST_STALL_DETECTION } from './support/queue/executions';
import { setUpQueue } from './support/queue/setUpQueue';

const context = setUpQueue({
	workerConcurrency: 10,
	env: FAST_STALL_DETECTION,
	sandbox: killSandbox(),
});

let survivors: Survivor[];

async function killMain(): Promise<void> {
	context.n8n.signal('SIGKILL');
	await context.n8n.ended;
	await context.n8n.stop();
	await context.startMain();
}

async function killWorkers(): Promise<void> {
	const workers = context.workers.splice(0);
	for (const worker of workers) worker.signal('SIGKILL');
	await Promise.all(workers.map(async ({ ended }) => await ended));
	await Promise.all(workers.map(async ({ stop }) => await stop()));
	await Promise.all([context.addWorker(), context.addWorker()]);
}

async function killAll(): Promise<void> {
	context.n8n.signal('SIGKILL');
	await killWorkers();
	await killMain();
}

beforeAll(async () => {
	survivors = await surviveKills(context, [killMain, killAll, killWorkers]);
}, 1_200_000);

describe('an execution in queue mode whose main or workers are killed', () => {
	it.each(MOMENTS)('%s delivers every video once', async (moment) => {
		await expectDelivered(
			context,
			survivors.find((each) => each.moment === moment)!,
		);
	});
});
