import type {
	ExecuteWorkflowData,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';

import type { PausedVideo } from '../../nodes/Veo/actions/pauseExecution';
import type { FaultRule, SandboxOptions } from '../sandbox/server';
import type { RunOptions } from '../support/engine';
import { prompts, setUp } from '../support/setUp';

const durable = { options: { waitMode: 'durable' } };

/** The first video is paid for when the second is rejected, for this once. */
const secondIsRejected = {
	items: prompts('a', 'b'),
	parameters: { options: { ...durable.options, maxConcurrent: 1 } },
};
const rejectedOnce: FaultRule = {
	call: 'create',
	prompt: 'b',
	times: 1,
	fault: { kind: 'reply', status: 400 },
};

/** A setup in which sub-executions are only recorded; they wait, or return the given item. */
async function withSubExecutions(options: SandboxOptions = {}, answer?: INodeExecutionData) {
	const setup = await setUp(options);
	const started: Array<{
		/** Of the node after the trigger. */
		parameters?: INodeParameters;
		code: string;
		items: INodeExecutionData[];
		parent: unknown;
	}> = [];
	const executeWorkflow: RunOptions['executeWorkflow'] = async ({ code }, _, given) => {
		const items = structuredClone(given.inputData ?? []);
		started.push({
			parameters: code?.nodes[1].parameters,
			code: JSON.stringify(code),
			items,
			parent: given.parentExecution,
		});
		return {
			executionId: '2',
			data: [answer ? [answer] : null],
			...(!answer && { waitTill: new Date() }),
		} as ExecuteWorkflowData;
	};
	const run = async (given: Partial<RunOptions> = {}) =>
		await setup.run({ executeWorkflow, ...given });
	/** One check, as the sub-execution makes it. */
	const check = async (items: IDataObject[], given: Partial<RunOptions> = {}) =>
		await run({
			items: items.map((json) => ({ json })),
			...given,
			parameters: { operation: 'retrieve', internalRole: 'check' },
		});
	return { ...setup, run, check, started };
}

const posts = ({ requests }: { requests: Array<{ call: string }> }) =>
	requests.filter(({ call }) => call === 'create').length;

describe('a paused execution', () => {
	it('has all videos created before it pauses (n8n ≥ 2.41)', async () => {
		const { run, sandbox, started } = await withSubExecutions();
		const { status, executionId } = await run({ items: prompts('a', 'b'), parameters: durable });
		expect(status).toBe('waiting');
		expect(sandbox.tasks.map(({ prompt }) => prompt).sort()).toEqual(['a', 'b']);
		expect(started).toHaveLength(1);
		expect(started[0].parent).toMatchObject({
			executionId,
			workflowId: 'workflow',
			shouldResume: true,
		});
		const idOf = (wanted: string) => sandbox.tasks.find(({ prompt }) => prompt === wanted)!.id;
		expect(started[0].items).toMatchObject([
			{ json: { paused: { taskId: idOf('a') } } },
			{ json: { paused: { taskId: idOf('b') } } },
		]);
	});

	it('does not hold the key', async () => {
		const { run, sandbox, started } = await withSubExecutions();
		await run({ items: prompts('a'), parameters: durable });
		expect(JSON.stringify(started)).not.toContain(sandbox.apiKey);
	});

	it('is not paused when an item stops the node, and reuses its tasks in a retry (n8n ≥ 2.41)', async () => {
		const { run, sandbox, started } = await withSubExecutions({ faults: [rejectedOnce] });
		const first = await run(secondIsRejected);
		expect(first.status).toBe('error');
		expect(started).toHaveLength(0);
		const second = await first.retry();
		expect(second.status).toBe('waiting');
		expect(posts(sandbox)).toBe(3);
		expect(sandbox.tasks).toHaveLength(2);
	});

	it('has a failed video created again by a retry (n8n ≥ 2.41)', async () => {
		const { run, sandbox, clock } = await withSubExecutions({
			outcome: (index) => (index === 0 ? { error: { code: 'x', message: 'No' } } : 'completed'),
			jobMs: 1_000,
			faults: [rejectedOnce],
		});
		const first = await run(secondIsRejected);
		await clock.sleep(60_000);
		const second = await first.retry();
		expect(second.error?.message).toBe('Veo could not generate the video: No [item 0]');
		expect((await second.retry()).status).toBe('waiting');
		expect(sandbox.tasks.map(({ prompt }) => prompt).sort()).toEqual(['a', 'a', 'b']);
	});

	it('is not paused when there is nothing to wait for', async () => {
		const { run, started } = await withSubExecutions();
		const { items } = await run({
			items: prompts(''),
			parameters: durable,
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items).toMatchObject([{ json: { error: "'Prompt' is empty" } }]);
		expect(started).toHaveLength(0);
	});

	it('keeps a failed item in its place among the paused ones (n8n ≥ 2.41)', async () => {
		const { run, started } = await withSubExecutions();
		await run({
			items: prompts('a', '', 'c'),
			parameters: durable,
			settings: { onError: 'continueRegularOutput' },
		});
		const { items } = started[0];
		expect(items.map(({ json }) => json.error ?? typeof json.paused)).toEqual([
			...['object', "'Prompt' is empty", 'object'],
		]);
	});
});

describe('a check of paused videos', () => {
	/** One paused video, of a task that takes a minute. */
	async function withPaused(changed: Partial<PausedVideo> = {}, options: SandboxOptions = {}) {
		const file = { json: { id: 'x' }, binary: { data: { data: '', mimeType: 'video/mp4' } } };
		const setup = await withSubExecutions({ jobMs: 60_000, ...options }, file);
		await setup.run({ parameters: { operation: 'create' } });
		const [{ id }] = setup.sandbox.tasks;
		const video: PausedVideo = {
			taskId: id,
			createdAt: setup.clock.now(),
			deadline: setup.clock.now() + 900_000,
			timeoutMin: 15,
			intervalMs: 5_000,
			returnsTask: false,
			output: { binaryField: 'data', fileName: 'sea', isLinkWanted: false },
			paused: { executionId: '1', workflowId: 'workflow' },
			...changed,
		};
		return { ...setup, id, paused: { paused: video as unknown as IDataObject } };
	}

	it('keeps an unfinished video paused', async () => {
		const { check, paused, started } = await withPaused();
		const { items } = await check([paused]);
		expect(items.map(({ json }) => json)).toEqual([paused]);
		expect(started).toHaveLength(0);
	});

	it('has the file of a finished one downloaded for the paused execution', async () => {
		const { check, paused, started, clock, id } = await withPaused();
		await clock.sleep(60_000);
		const { items } = await check([paused]);
		expect(items).toMatchObject([
			{ json: { id: 'x' }, binary: { data: {} }, pairedItem: { item: 0 } },
		]);
		expect(started).toMatchObject([
			{
				parameters: {
					taskId: id,
					binaryPropertyOutput: 'data',
					options: { fileName: 'sea' },
				},
				parent: { executionId: '1', workflowId: 'workflow', shouldResume: false },
			},
		]);
	});

	it('returns the task when no file is wanted', async () => {
		const output = { fileName: '', isLinkWanted: false };
		const { check, paused, started, clock, id } = await withPaused({ output });
		await clock.sleep(60_000);
		const { items } = await check([paused]);
		expect(items[0].json).toMatchObject({ id, status: 'completed' });
		expect(started).toHaveLength(0);
	});

	it('returns what was finished at an earlier check', async () => {
		const { check, paused } = await withPaused();
		const done = { id: 'task_done', status: 'completed' };
		const { items } = await check([done, paused]);
		expect(items.map(({ json }) => json)).toEqual([done, paused]);
	});

	it('keeps a video paused while CometAPI is not available', async () => {
		const { check, paused, sandbox, clock } = await withPaused();
		sandbox.faults.push({ call: 'retrieve', fault: { kind: 'reply', status: 502 } });
		await clock.sleep(60_000);
		expect((await check([paused])).items.map(({ json }) => json)).toEqual([paused]);
	});

	it('ends with the IDs of all videos and without the advice to retry', async () => {
		const { check, paused, id } = await withPaused({ deadline: 0 });
		const { error } = await check([paused, { id: 'task_done' }]);
		expect(error?.message).toBe('The video was not finished within 15 minutes [item 0]');
		expect(error?.description).toContain(`'Retrieve Video' with task ID ${id}`);
		expect(error?.description).toContain(
			"Already paid for; get them with 'Retrieve Video': task_done",
		);
		expect(error?.description).not.toMatch(/\bretry\b/i);
	});

	it('returns the unfinished task at the deadline with Return Task', async () => {
		const { check, paused, id } = await withPaused({ deadline: 0, returnsTask: true });
		const { items } = await check([paused]);
		expect(items[0].json).toMatchObject({
			id,
			status: expect.stringMatching(/queued|in_progress/),
		});
	});

	it('says why a file could not be downloaded', async () => {
		const details = {
			kind: 'downloadFailed',
			taskId: 'x',
			retryable: true,
			mayHaveBeenCreated: false,
		};
		const failed = { json: { error: 'The file is incomplete', message: 'Do this', details } };
		const { run, clock, sandbox, paused } = await withPaused();
		await clock.sleep(60_000);
		const { error } = await run({
			items: [{ json: paused }],
			parameters: { operation: 'retrieve', internalRole: 'check' },
			executeWorkflow: async () => ({ executionId: '3', data: [[failed]] }),
		});
		expect(error?.message).toBe('The file is incomplete [item 0]');
		expect(error?.description).toContain('Do this');
		expect(error?.context.details).toEqual(details);
		expect(posts(sandbox)).toBe(1);
	});
});
