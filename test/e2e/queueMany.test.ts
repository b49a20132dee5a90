import type { Workflow } from '../../scripts/n8n/rest';
import { fromPrompts, veo, workflowOf, type Step } from '../../scripts/n8n/workflow';
import { setUpQueue } from './support/queue/setUpQueue';
import { median, residentMb, startSampling } from './support/queue/sampling';
import { MINUTES, until } from './support/until';

const EXECUTIONS = 200;
const VIDEOS = 5;
const FILE_BYTES = 512 * 1024;
/** n8n's default for each of its processes. */
const POOL_SIZE = 2;
/** A worker that kept its files in memory would grow by about 125 MB between the run's halves. */
const MAX_GROWTH_MB = 60;

const context = setUpQueue({
	workerConcurrency: 10,
	sandbox: { jobMs: 1_000, video: { sizeBytes: FILE_BYTES } },
});

const webhook: Step = {
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: '00000000-0000-4000-8000-00000000000a',
	parameters: { path: 'videos', httpMethod: 'POST', responseMode: 'onReceived' },
};

interface Sample {
	connections: number;
	/** Memory of the main process and of each worker. */
	memoryMb: number[];
}

let samples: Sample[];

const prompts = Array.from({ length: VIDEOS }, (_, nth) => `video ${nth}`);
const processes = () => [context.n8n, ...context.workers];

async function takeSample(): Promise<Sample> {
	const [[connections]] = await context.postgres.query(
		"select count(*) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'psql'",
	);
	return {
		connections: Number(connections),
		memoryMb: processes().map(({ pid }) => residentMb(pid)),
	};
}

const countsByStatus = async ({ id }: Workflow) => {
	const rows = await context.postgres.query(
		`select status, count(*) from execution_entity where "workflowId" = '${id}' group by status`,
	);
	return Object.fromEntries(rows.map(([status, count]) => [status, Number(count)]));
};

beforeAll(async () => {
	const options = { maxConcurrent: VIDEOS, pollInterval: 1 };
	const workflow = await context.rest.createWorkflow(
		workflowOf('Many', [
			webhook,
			...fromPrompts(...prompts),
			veo(context.credential, { parameters: { options } }),
		]),
	);
	await context.rest.activate(workflow);
	const call = async () =>
		(await fetch(`${context.n8n.url}/webhook/videos`, { method: 'POST' })).ok;
	// n8n reports the workflow as published shortly before the webhook is live
	await until('the webhook', call);
	const sampling = startSampling(takeSample);
	try {
		const calls = Array.from({ length: EXECUTIONS - 1 }, call);
		expect(await Promise.all(calls)).not.toContain(false);
		const allSucceeded = async () => (await countsByStatus(workflow)).success === EXECUTIONS;
		await until('the end of all', allSucceeded, MINUTES);
	} finally {
		await sampling.stop();
	}
	samples = sampling.samples;
}, 460_000);

describe('200 executions of 5 videos on two workers', () => {
	it('return every video once, with one POST per video', async () => {
		const files = await context.postgres.query(
			'select "fileName", "fileSize", "sourceId" from binary_data',
		);
		const expected = context.sandbox.tasks.map(({ id }) => `${id}.mp4`);
		expect(context.sandbox.counts().creates).toBe(EXECUTIONS * VIDEOS);
		expect(files.map(([fileName]) => fileName).sort()).toEqual(expected.sort());
		expect(new Set(files.map(([, size]) => Number(size)))).toEqual(new Set([FILE_BYTES]));
		const perExecution = new Map<string, number>();
		for (const [, , id] of files) perExecution.set(id, (perExecution.get(id) ?? 0) + 1);
		expect([...perExecution.values()]).toEqual(Array(EXECUTIONS).fill(VIDEOS));
	});

	it('are distributed among the workers', async () => {
		for (const worker of context.workers) {
			expect((await worker.startedExecutions()).length).toBeGreaterThan(EXECUTIONS / 4);
		}
	});

	it('use no more database connections than the pools allow', () => {
		const connections = samples.map((sample) => sample.connections);
		expect(Math.max(...connections)).toBeLessThanOrEqual(POOL_SIZE * processes().length);
	});

	it('do not use more and more memory', () => {
		// the first executions load code that all of them use
		const later = samples.slice(samples.length / 5);
		const half = later.length / 2;
		processes().forEach((_, nth) => {
			const memoryMb = later.map((sample) => sample.memoryMb[nth]);
			const growthMb = median(memoryMb.slice(half)) - median(memoryMb.slice(0, half));
			expect(growthMb).toBeLessThan(MAX_GROWTH_MB);
		});
	});
});
