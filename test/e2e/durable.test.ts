import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { N8nRest, type Execution } from '../../scripts/n8n/rest';
import { startN8n } from '../../scripts/n8n/start';
import { itemsFrom, manualTrigger, TRIGGER, veo, workflowOf } from '../../scripts/n8n/workflow';
import type { Step } from '../../scripts/n8n/workflow';
import { expectOwnVideos, sha256 } from './support/expectVideos';
import { setUp } from './support/setUp';
import { until } from './support/until';

const startsWith = (word: string) => (prompt: string) => prompt.startsWith(word);
const isRejected = startsWith('rejected');
const isEndless = startsWith('endless');

const context = setUp({
	sandbox: {
		jobMs: (_, prompt) => (isEndless(prompt) ? Infinity : 5_000),
		outcome: (_, prompt) =>
			isRejected(prompt) ? { error: { code: 'moderation', message: 'Not allowed' } } : 'completed',
		faults: [{ call: 'file', prompt: 'crashed', fault: { kind: 'stalled' } }],
	},
});

/** They pause in parallel, because n8n resumes paused executions only once a minute. */
const cases = {
	plain: { prompts: ['kite', 'boat'], step: {} },
	linked: {
		prompts: ['wave'],
		step: withOptions({ includeFileLink: true, fileName: 'sea' }, { binaryPropertyOutput: 'film' }),
	},
	branched: {
		prompts: ['first', 'rejected in a branch', 'third'],
		step: { onError: 'continueErrorOutput' },
	},
	stopped: { prompts: ['finished', 'rejected at once'], step: {} },
	late: { prompts: ['endless'], step: withOptions({ timeout: 0.5 }) },
	crashed: { prompts: ['crashed'], step: {} },
	returned: {
		prompts: ['endless too'],
		step: withOptions({ timeout: 0.5, onTimeout: 'returnTask' }),
	},
} satisfies Record<string, { prompts: string[]; step: Partial<Step> }>;

function withOptions(options: object, parameters: object = {}): Partial<Step> {
	return { parameters: { ...parameters, options: { ...options } } };
}

type Name = keyof typeof cases;
const names = Object.keys(cases) as Name[];
const started = {} as Record<Name, { workflowId: string; id: string }>;
const ended = {} as Record<Name, Execution>;

const tasksOf = (name: Name) =>
	context.sandbox.tasks.filter(({ prompt }) => cases[name].prompts.includes(prompt));

async function start(name: Name): Promise<void> {
	const { rest, credential } = context;
	const { prompts, step } = cases[name] as { prompts: string[]; step: Partial<Step> };
	const options = { waitMode: 'durable', ...(step.parameters?.options as object) };
	const workflow = await rest.createWorkflow(
		workflowOf(name, [
			manualTrigger,
			...itemsFrom(prompts.map((prompt) => ({ prompt }))),
			veo(credential, {
				to: ['Succeeded', 'Failed'],
				...step,
				parameters: { ...step.parameters, options },
			}),
			{ name: 'Succeeded', type: 'n8n-nodes-base.noOp', to: [] },
			{ name: 'Failed', type: 'n8n-nodes-base.noOp', to: [] },
		]),
	);
	started[name] = { workflowId: workflow.id, id: await rest.run(workflow, TRIGGER) };
	await until(`'${name}' to pause`, async () => (await status(name)) === 'waiting');
}

const status = async (name: Name) =>
	await context.rest.status(started[name].workflowId, started[name].id);

async function killAndRestart(): Promise<void> {
	const { pid, userFolder, url } = context.n8n;
	process.kill(-pid, 'SIGKILL');
	await context.n8n.stop();
	context.n8n = await startN8n({ userFolder, port: Number(new URL(url).port) });
	context.rest = await N8nRest.signIn(context.n8n.url);
}

async function finish(name: Name): Promise<void> {
	// when n8n starts, it marks a paused execution as crashed for a moment
	const hasFinished = async () => ['success', 'error'].includes((await status(name)) ?? '');
	await until(`'${name}' to end`, hasFinished, 200_000);
	ended[name] = await context.rest.execution(started[name].id);
}

beforeAll(async () => {
	await Promise.all(names.map(start));
	await killAndRestart();
	await Promise.all(names.filter((name) => name !== 'crashed').map(finish));
	const isDownloading = () =>
		context.sandbox.requests.some(
			({ call, taskId }) => call === 'file' && taskId === tasksOf('crashed')[0].id,
		);
	await until('the file request', isDownloading);
	await killAndRestart();
	await finish('crashed');
}, 500_000);

/** IDs of the sub-executions that wait for an execution's videos. */
async function subExecutionIds(name: Name): Promise<string[]> {
	const executions = await context.rest.executionsOf({ id: started[name].workflowId });
	return executions.filter(({ mode }) => mode === 'integrated').map(({ id }) => id);
}

const itemsOf = (name: Name, node = 'Succeeded'): INodeExecutionData[] => ended[name].itemsOf(node);

describe('an execution that is paused while n8n is killed', () => {
	it('returns its videos in input order and pays once', async () => {
		expect(ended.plain.status).toBe('success');
		expect(itemsOf('plain').map(({ json }) => json.id)).toEqual(
			cases.plain.prompts.map(
				(wanted) => tasksOf('plain').find(({ prompt }) => prompt === wanted)?.id,
			),
		);
		expect(tasksOf('plain')).toHaveLength(2);
		expect(itemsOf('plain')[0].json).toMatchObject({ status: 'completed', object: 'video' });
		expect(itemsOf('plain').map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
		]);
		await expectOwnVideos(context, itemsOf('plain'));
	});

	it('keeps its files when its sub-execution is deleted', async () => {
		const ids = await subExecutionIds('plain');
		expect(ids).toHaveLength(1);
		await context.rest.call('POST', '/executions/delete', { ids });
		await expectOwnVideos(context, itemsOf('plain'));
	});

	it("applies the options 'File Name' and 'Include File Link'", async () => {
		const [{ json, binary }] = itemsOf('linked');
		expect(binary).toMatchObject({ film: { fileName: 'sea.mp4', mimeType: 'video/mp4' } });
		const response = await fetch(json.file_url as string);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(sha256(bytes)).toBe(context.sandbox.sha256(json.id as string));
		await expectOwnVideos(context, itemsOf('linked'), (item) => item.binary?.film as IBinaryData);
	});

	it('sends a failed video to the Error branch and the others to the Success branch', async () => {
		expect(ended.branched.status).toBe('success');
		expect(itemsOf('branched')).toHaveLength(2);
		await expectOwnVideos(context, itemsOf('branched'));
		expect(itemsOf('branched', 'Failed').map(({ json }) => json)).toMatchObject([
			{
				error: 'Veo could not generate the video: Not allowed',
				message: expect.any(String),
				details: { code: 'moderation', status: 'failed' },
			},
		]);
	});

	it("fails when one of its videos fails and On Error is 'Stop Workflow'", () => {
		expect(ended.stopped.status).toBe('error');
		expect(ended.stopped.error).toMatchObject({
			message: 'Veo could not generate the video: Not allowed [item 1]',
			description: expect.stringContaining(
				tasksOf('stopped').find(({ prompt }) => prompt === 'finished')!.id,
			),
		});
	});

	it('fails at the timeout with the task ID', () => {
		expect(ended.late.status).toBe('error');
		expect(ended.late.error).toMatchObject({
			message: 'The video was not finished within 0.5 minutes [item 0]',
			description: expect.stringContaining(tasksOf('late')[0].id),
		});
	});

	it("returns the unfinished task at the timeout when 'On Timeout' says so", () => {
		expect(ended.returned.status).toBe('success');
		expect(itemsOf('returned')[0].json).toMatchObject({
			id: tasksOf('returned')[0].id,
			status: 'queued',
		});
	});
});

describe('an execution that is killed during a check', () => {
	it("fails, and its sub-execution's data holds the task ID", async () => {
		expect(ended.crashed.status).toBe('error');
		const subExecution = await context.rest.execution((await subExecutionIds('crashed'))[0]);
		const [waited] = subExecution.itemsOf('Wait');
		expect(JSON.stringify(waited.json)).toContain(tasksOf('crashed')[0].id);
		expect(tasksOf('crashed')).toHaveLength(1);
	});
});

describe('Retry of an execution that failed after a pause', () => {
	it('reports the same message and pays for nothing', async () => {
		const taskCount = context.sandbox.tasks.length;
		const id = await context.rest.retry(started.late.id);
		const { status, error } = await context.rest.execution(id);
		expect({ status, message: error?.message }).toEqual({
			status: 'error',
			message: ended.late.error?.message,
		});
		expect(context.sandbox.tasks).toHaveLength(taskCount);
	});
});
