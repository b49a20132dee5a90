import type { Workflow } from '../../scripts/n8n/rest';
import { itemsFrom, veo, workflowOf, type Step } from '../../scripts/n8n/workflow';
import { setUpQueue } from './support/queue/setUpQueue';
import { median, residentMb, watch } from './support/queue/watch';
import { until } from './support/until';

const EXECUTIONS = 200;
const VIDEOS = 5;
const FILE_BYTES = 512 * 1024;
/** n8n's own default, for each of its processes. */
const POOL_SIZE = 2;
/** A worker that kept its files would gain some 125 MB from the one half of the run to the other. */
const MAX_GROWTH_MB = 60;

const stage = setUpQueue({
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
	/** Of main and of each worker. */
	memoryMb: number[];
}

let samples: Sample[];

const prompts = Array.from({ length: VIDEOS }, (_, nth) => ({ prompt: `video ${nth}` }));
const processes = () => [stage.n8n, ...stage.workers];

async function takeSample(): Promise<Sample> {
	const [[connections]] = await stage.postgres.query(
		"select count(*) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'psql'",
	);
	return {
		connections: Number(connections),
		memoryMb: processes().map(({ pid }) => residentMb(pid)),
	};
}

const endedOf = async ({ id }: Workflow) => {
	const rows = await stage.postgres.query(
		`select status, count(*) from execution_entity where "workflowId" = '${id}' group by status`,
	);
	return Object.fromEntries(rows.map(([status, count]) => [status, Number(count)]));
};

beforeAll(async () => {
	const options = { maxConcurrent: VIDEOS, pollInterval: 1 };
	const workflow = await stage.rest.createWorkflow(
		workflowOf('Many', [
			webhook,
			...itemsFrom(prompts),
			veo(stage.credential, { parameters: { options } }),
		]),
	);
	await stage.rest.activate(workflow);
	const call = async () => (await fetch(`${stage.n8n.url}/webhook/videos`, { method: 'POST' })).ok;
	// n8n answers a moment before the webhook is live
	await until('the webhook', call);
	const watching = watch(takeSample);
	try {
		const calls = Array.from({ length: EXECUTIONS - 1 }, call);
		expect(await Promise.all(calls)).not.toContain(false);
		const isDone = async () => (await endedOf(workflow)).success === EXECUTIONS;
		await until('the end of all', isDone, 400_000);
	} finally {
		await watching.end();
	}
	samples = watching.samples;
}, 460_000);

describe('200 executions of 5 videos on two workers', () => {
	it('should deliver every video once, for one POST each', async () => {
		const files = await stage.postgres.query(
			'select "fileName", "fileSize", "sourceId" from binary_data',
		);
		const wanted = stage.sandbox.tasks.map(({ id }) => `${id}.mp4`);
		expect(stage.sandbox.counts().creates).toBe(EXECUTIONS * VIDEOS);
		expect(files.map(([fileName]) => fileName).sort()).toEqual(wanted.sort());
		expect(new Set(files.map(([, size]) => Number(size)))).toEqual(new Set([FILE_BYTES]));
		const perExecution = new Map<string, number>();
		for (const [, , id] of files) perExecution.set(id, (perExecution.get(id) ?? 0) + 1);
		expect([...perExecution.values()]).toEqual(Array(EXECUTIONS).fill(VIDEOS));
	});

	it('should be shared out among the workers', async () => {
		for (const worker of stage.workers) {
			expect((await worker.begun()).length).toBeGreaterThan(EXECUTIONS / 4);
		}
	});

	it('should need no more database connections than the pools have', () => {
		const connections = samples.map((sample) => sample.connections);
		expect(Math.max(...connections)).toBeLessThanOrEqual(POOL_SIZE * processes().length);
	});

	it('should hold no more and more memory', () => {
		// the first executions load what is needed for all
		const later = samples.slice(samples.length / 5);
		const half = later.length / 2;
		processes().forEach((_, nth) => {
			const memoryMb = later.map((sample) => sample.memoryMb[nth]);
			const growthMb = median(memoryMb.slice(half)) - median(memoryMb.slice(0, half));
			expect(growthMb).toBeLessThan(MAX_GROWTH_MB);
		});
	});
});
