import type { Workflow } from '../../scripts/n8n/rest';
import { fromPrompts, veo, workflowOf, type Step } from '../../scripts/n8n/workflow';
import { heldMb, measurable } from './support/queue/heldMemory';
import { startSampling } from './support/queue/sampling';
import { setUpQueue } from './support/queue/setUpQueue';
import { MINUTES, until } from './support/until';

const EXECUTIONS = 200;
const VIDEOS = 5;
const FILE_BYTES = 512 * 1024;
/** n8n's default for each of its processes. */
const POOL_SIZE = 2;
/** A worker that kept its files in memory would grow by about 125 MB in each half of the executions. */
const MAX_GROWTH_MB = 20;

const context = setUpQueue({
	workerConcurrency: 10,
	env: measurable,
	sandbox: { jobMs: 1_000, video: { sizeBytes: FILE_BYTES } },
});

const webhook: Step = {
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: '00000000-0000-4000-8000-00000000000a',
	parameters: { path: 'videos', httpMethod: 'POST', responseMode: 'onReceived' },
};

let connections: number[];
/** Memory of the main process and of each worker after each half of the executions. */
const heldMbAfter: number[][] = [];

const prompts = Array.from({ length: VIDEOS }, (_, nth) => `video ${nth}`);
const processes = () => [context.n8n, ...context.workers];

async function countConnections(): Promise<number> {
	const [[count]] = await context.postgres.query(
		"select count(*) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'psql'",
	);
	return Number(count);
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
	let called = 1;
	const sampling = startSampling(countConnections);
	try {
		for (const count of [EXECUTIONS / 2, EXECUTIONS]) {
			const calls = Array.from({ length: count - called }, call);
			expect(await Promise.all(calls)).not.toContain(false);
			called = count;
			const allSucceeded = async () => (await countsByStatus(workflow)).success === count;
			await until('the end of all', allSucceeded, MINUTES);
			heldMbAfter.push(await Promise.all(processes().map(heldMb)));
		}
	} finally {
		await sampling.stop();
	}
	connections = sampling.samples;
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
		expect(Math.max(...connections)).toBeLessThanOrEqual(POOL_SIZE * processes().length);
	});

	it('do not use more and more memory', () => {
		// the first half also loads code that all of them use
		const [half, all] = heldMbAfter;
		for (const [nth, inTheEnd] of all.entries()) {
			expect(inTheEnd - half[nth]).toBeLessThan(MAX_GROWTH_MB);
		}
	});
});
