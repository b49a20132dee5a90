import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { N8nRest, type Execution } from '../../scripts/n8n/rest';
import { startN8n } from '../../scripts/n8n/start';
import { itemsFrom, manualTrigger, TRIGGER, veo, workflowOf } from '../../scripts/n8n/workflow';
import type { Step } from '../../scripts/n8n/workflow';
import { expectOwnVideos, sha256 } from './support/expectVideos';
import { setUp } from './support/setUp';
import { until } from './support/until';

const isOf = (kind: string) => (prompt: string) => prompt.startsWith(kind);
const isRefused = isOf('refused');
const isEndless = isOf('endless');

const stage = setUp({
	sandbox: {
		jobMs: (_, prompt) => (isEndless(prompt) ? Infinity : 5_000),
		outcome: (_, prompt) =>
			isRefused(prompt) ? { error: { code: 'moderation', message: 'Not allowed' } } : 'completed',
		faults: [{ call: 'file', prompt: 'struck', fault: { kind: 'stalled' } }],
	},
});

/** Parked side by side, as n8n looks at them only once a minute. */
const parked = {
	plain: { prompts: ['kite', 'boat'], step: {} },
	linked: {
		prompts: ['wave'],
		step: with_({ includeFileLink: true, fileName: 'sea' }, { binaryPropertyOutput: 'film' }),
	},
	branched: {
		prompts: ['first', 'refused in a branch', 'third'],
		step: { onError: 'continueErrorOutput' },
	},
	stopped: { prompts: ['finished', 'refused at once'], step: {} },
	late: { prompts: ['endless'], step: with_({ timeout: 0.5 }) },
	struck: { prompts: ['struck'], step: {} },
	handedOn: { prompts: ['endless too'], step: with_({ timeout: 0.5, onTimeout: 'returnTask' }) },
} satisfies Record<string, { prompts: string[]; step: Partial<Step> }>;

function with_(options: object, parameters: object = {}): Partial<Step> {
	return { parameters: { ...parameters, options: { ...options } } };
}

type Name = keyof typeof parked;
const names = Object.keys(parked) as Name[];
const started = {} as Record<Name, { workflowId: string; id: string }>;
const ended = {} as Record<Name, Execution>;

const tasksOf = (name: Name) =>
	stage.sandbox.tasks.filter(({ prompt }) => parked[name].prompts.includes(prompt));

async function start(name: Name): Promise<void> {
	const { rest, credential } = stage;
	const { prompts, step } = parked[name] as { prompts: string[]; step: Partial<Step> };
	const options = { waitMode: 'durable', ...(step.parameters?.options as object) };
	const workflow = await rest.createWorkflow(
		workflowOf(name, [
			manualTrigger,
			...itemsFrom(prompts.map((prompt) => ({ prompt }))),
			veo(credential, {
				to: ['Good', 'Bad'],
				...step,
				parameters: { ...step.parameters, options },
			}),
			{ name: 'Good', type: 'n8n-nodes-base.noOp', to: [] },
			{ name: 'Bad', type: 'n8n-nodes-base.noOp', to: [] },
		]),
	);
	started[name] = { workflowId: workflow.id, id: await rest.run(workflow, TRIGGER) };
	await until(`'${name}' to be parked`, async () => (await status(name)) === 'waiting');
}

const status = async (name: Name) =>
	await stage.rest.status(started[name].workflowId, started[name].id);

async function killAndRestart(): Promise<void> {
	const { pid, userFolder, url } = stage.n8n;
	process.kill(-pid, 'SIGKILL');
	await stage.n8n.stop();
	stage.n8n = await startN8n({ userFolder, port: Number(new URL(url).port) });
	stage.rest = await N8nRest.signIn(stage.n8n.url);
}

async function finish(name: Name): Promise<void> {
	// on its start n8n takes a parked execution for a crashed one, and thinks better of it at once
	const isEnded = async () => ['success', 'error'].includes((await status(name)) ?? '');
	await until(`'${name}' to end`, isEnded, 200_000);
	ended[name] = await stage.rest.execution(started[name].id);
}

beforeAll(async () => {
	await Promise.all(names.map(start));
	await killAndRestart();
	await Promise.all(names.filter((name) => name !== 'struck').map(finish));
	const isFetching = () =>
		stage.sandbox.requests.some(
			({ call, taskId }) => call === 'file' && taskId === tasksOf('struck')[0].id,
		);
	await until('the file to be fetched', isFetching);
	await killAndRestart();
	await finish('struck');
}, 500_000);

/** Of the sub-executions that wait for another execution's videos. */
async function idsOfWaiting(name: Name): Promise<string[]> {
	const executions = await stage.rest.executionsOf({ id: started[name].workflowId });
	return executions.filter(({ mode }) => mode === 'integrated').map(({ id }) => id);
}

const out = (name: Name, node = 'Good'): INodeExecutionData[] => ended[name].itemsOf(node);

describe('an execution that was parked when n8n was killed', () => {
	it('should go on with its videos, in the order of the input, and have paid once', async () => {
		expect(ended.plain.status).toBe('success');
		expect(out('plain').map(({ json }) => json.id)).toEqual(
			parked.plain.prompts.map(
				(wanted) => tasksOf('plain').find(({ prompt }) => prompt === wanted)?.id,
			),
		);
		expect(tasksOf('plain')).toHaveLength(2);
		expect(out('plain')[0].json).toMatchObject({ status: 'completed', object: 'video' });
		expect(out('plain').map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		await expectOwnVideos(stage, out('plain'));
	});

	it('should keep its files when the execution that waited for it is deleted', async () => {
		const ids = await idsOfWaiting('plain');
		expect(ids).toHaveLength(1);
		await stage.rest.call('POST', '/executions/delete', { ids });
		await expectOwnVideos(stage, out('plain'));
	});

	it('should name the file, and link to it, as the options say', async () => {
		const [{ json, binary }] = out('linked');
		expect(binary).toMatchObject({ film: { fileName: 'sea.mp4', mimeType: 'video/mp4' } });
		const response = await fetch(json.file_url as string);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(sha256(bytes)).toBe(stage.sandbox.sha256(json.id as string));
		await expectOwnVideos(stage, out('linked'), (item) => item.binary?.film as IBinaryData);
	});

	it('should hand a failed video to the Error branch, and the others to the other', async () => {
		expect(ended.branched.status).toBe('success');
		expect(out('branched')).toHaveLength(2);
		await expectOwnVideos(stage, out('branched'));
		expect(out('branched', 'Bad').map(({ json }) => json)).toMatchObject([
			{
				error: 'Veo did not make the video: Not allowed',
				message: expect.any(String),
				details: { code: 'moderation', status: 'failed' },
			},
		]);
	});

	it('should stop at a failed video where it is told to', () => {
		expect(ended.stopped.status).toBe('error');
		expect(ended.stopped.error).toMatchObject({
			message: 'Veo did not make the video: Not allowed [item 1]',
			description: expect.stringContaining(
				tasksOf('stopped').find(({ prompt }) => prompt === 'finished')!.id,
			),
		});
	});

	it('should give up in time, with the ID of the task', () => {
		expect(ended.late.status).toBe('error');
		expect(ended.late.error).toMatchObject({
			message: 'Veo did not finish the video within 0.5 minutes [item 0]',
			description: expect.stringContaining(tasksOf('late')[0].id),
		});
	});

	it('should hand on the unfinished task where that is wanted', () => {
		expect(ended.handedOn.status).toBe('success');
		expect(out('handedOn')[0].json).toMatchObject({
			id: tasksOf('handedOn')[0].id,
			status: 'queued',
		});
	});
});

describe('an execution that was killed in the moment of a look', () => {
	it('should end, with the ID of its task in the data of the execution that looked', async () => {
		expect(ended.struck.status).toBe('error');
		const looked = await stage.rest.execution((await idsOfWaiting('struck'))[0]);
		expect(looked.itemsOf('Wait')[0].json).toMatchObject({
			parked: { taskId: tasksOf('struck')[0].id },
		});
		expect(tasksOf('struck')).toHaveLength(1);
	});
});

describe('Retry of an execution that failed after it was parked', () => {
	it('should say again what went wrong, and pay for nothing', async () => {
		const made = stage.sandbox.tasks.length;
		const id = await stage.rest.retry(started.late.id);
		const { status, error } = await stage.rest.execution(id);
		expect({ status, message: error?.message }).toEqual({
			status: 'error',
			message: ended.late.error?.message,
		});
		expect(stage.sandbox.tasks).toHaveLength(made);
	});
});
