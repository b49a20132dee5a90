import type { ExecuteWorkflowData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { ParkedVideo } from '../../nodes/Veo/run/durable';
import type { FaultRule, SandboxOptions } from '../sandbox/server';
import type { RunOptions } from '../support/engine';
import { prompts, setUp } from '../support/setUp';

const durable = { options: { waitMode: 'durable' } };

/** The first video is paid for when the second is refused, for this once. */
const secondIsRefused = {
	items: prompts('a', 'b'),
	parameters: { options: { ...durable.options, maxConcurrent: 1 } },
};
const refusedOnce: FaultRule = {
	call: 'create',
	prompt: 'b',
	times: 1,
	fault: { kind: 'reply', status: 400 },
};

/** A stage on which sub-executions are only noted down; they wait, or answer with the given item. */
async function withSubExecutions(options: SandboxOptions = {}, answer?: INodeExecutionData) {
	const stage = await setUp(options);
	const started: Array<{ code: string; items: INodeExecutionData[]; parent: unknown }> = [];
	const executeWorkflow: RunOptions['executeWorkflow'] = async ({ code }, _, given) => {
		const items = structuredClone(given.inputData ?? []);
		started.push({ code: JSON.stringify(code), items, parent: given.parentExecution });
		return {
			executionId: '2',
			data: [answer ? [answer] : null],
			...(!answer && { waitTill: new Date() }),
		} as ExecuteWorkflowData;
	};
	const run = async (given: Partial<RunOptions> = {}) =>
		await stage.run({ executeWorkflow, ...given });
	/** One look, as the sub-execution has it. */
	const look = async (items: IDataObject[], given: Partial<RunOptions> = {}) =>
		await run({
			items: items.map((json) => ({ json })),
			...given,
			parameters: { operation: 'retrieve', parkedRole: 'look' },
		});
	return { ...stage, run, look, started };
}

const posts = ({ requests }: { requests: Array<{ call: string }> }) =>
	requests.filter(({ call }) => call === 'create').length;

describe('a durable wait', () => {
	it('creates all videos and pauses the execution with them (n8n ≥ 2.41)', async () => {
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
			{ json: { parked: { taskId: idOf('a') } } },
			{ json: { parked: { taskId: idOf('b') } } },
		]);
	});

	it('should leave the key out of what is parked', async () => {
		const { run, sandbox, started } = await withSubExecutions();
		await run({ items: prompts('a'), parameters: durable });
		expect(JSON.stringify(started)).not.toContain(sandbox.apiKey);
	});

	it('does not pause when an item stops the node, and reuses its tasks in a Retry (n8n ≥ 2.41)', async () => {
		const { run, sandbox, started } = await withSubExecutions({ faults: [refusedOnce] });
		const first = await run(secondIsRefused);
		expect(first.status).toBe('error');
		expect(started).toHaveLength(0);
		const second = await first.retry();
		expect(second.status).toBe('waiting');
		expect(posts(sandbox)).toBe(3);
		expect(sandbox.tasks).toHaveLength(2);
	});

	it('creates a failed video again in a Retry (n8n ≥ 2.41)', async () => {
		const { run, sandbox, clock } = await withSubExecutions({
			outcome: (index) => (index === 0 ? { error: { code: 'x', message: 'No' } } : 'completed'),
			jobMs: 1_000,
			faults: [refusedOnce],
		});
		const first = await run(secondIsRefused);
		await clock.sleep(60_000);
		const second = await first.retry();
		expect(second.error?.message).toBe('Veo did not make the video: No [item 0]');
		expect((await second.retry()).status).toBe('waiting');
		expect(sandbox.tasks.map(({ prompt }) => prompt).sort()).toEqual(['a', 'a', 'b']);
	});

	it('should hand on at once what cannot be waited for', async () => {
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
		expect(items.map(({ json }) => json.error ?? typeof json.parked)).toEqual([
			...['object', "'Prompt' is empty", 'object'],
		]);
	});
});

describe('a look at parked videos', () => {
	/** As one of them is parked, of a task that takes a minute. */
	async function withParked(changed: Partial<ParkedVideo> = {}, options: SandboxOptions = {}) {
		const file = { json: { id: 'x' }, binary: { data: { data: '', mimeType: 'video/mp4' } } };
		const stage = await withSubExecutions({ jobMs: 60_000, ...options }, file);
		await stage.run({ parameters: { operation: 'create' } });
		const [{ id }] = stage.sandbox.tasks;
		const video: ParkedVideo = {
			taskId: id,
			createdAt: stage.clock.now(),
			deadline: stage.clock.now() + 900_000,
			timeoutMin: 15,
			isTaskEnough: false,
			output: { binaryField: 'data', fileName: 'sea', isLinkWanted: false },
			parent: { executionId: '1', workflowId: 'workflow' },
			...changed,
		};
		return { ...stage, id, parked: { parked: video as unknown as IDataObject } };
	}

	it('should leave an unfinished video parked', async () => {
		const { look, parked, started } = await withParked();
		const { items } = await look([parked]);
		expect(items.map(({ json }) => json)).toEqual([parked]);
		expect(started).toHaveLength(0);
	});

	it('should have the file of a finished one fetched for the parked execution', async () => {
		const { look, parked, started, clock, id } = await withParked();
		await clock.sleep(60_000);
		const { items } = await look([parked]);
		expect(items).toMatchObject([
			{ json: { id: 'x' }, binary: { data: {} }, pairedItem: { item: 0 } },
		]);
		expect(started).toMatchObject([
			{
				items: [{ json: { id, binaryField: 'data', fileName: 'sea' } }],
				parent: { executionId: '1', workflowId: 'workflow', shouldResume: false },
			},
		]);
	});

	it('should hand on the task where no file is wanted', async () => {
		const output = { fileName: '', isLinkWanted: false };
		const { look, parked, started, clock, id } = await withParked({ output });
		await clock.sleep(60_000);
		const { items } = await look([parked]);
		expect(items[0].json).toMatchObject({ id, status: 'completed' });
		expect(started).toHaveLength(0);
	});

	it('should pass on what was finished at an earlier look', async () => {
		const { look, parked } = await withParked();
		const done = { id: 'task_done', status: 'completed' };
		const { items } = await look([done, parked]);
		expect(items.map(({ json }) => json)).toEqual([done, parked]);
	});

	it('should leave a video parked while CometAPI is out of order', async () => {
		const { look, parked, sandbox, clock } = await withParked();
		sandbox.faults.push({ call: 'retrieve', fault: { kind: 'reply', status: 502 } });
		await clock.sleep(60_000);
		expect((await look([parked])).items.map(({ json }) => json)).toEqual([parked]);
	});

	it('should end with the IDs of all videos and without the advice to retry', async () => {
		const { look, parked, id } = await withParked({ deadline: 0 });
		const { error } = await look([parked, { id: 'task_done' }]);
		expect(error?.message).toBe('Veo did not finish the video within 15 minutes [item 0]');
		expect(error?.description).toContain(`'Retrieve Video' with task ID ${id}`);
		expect(error?.description).toContain(
			"'Retrieve Video' fetches the videos already paid for: task_done",
		);
		expect(error?.description).not.toContain('Retry ');
	});

	it('should hand on the unfinished task at the deadline where that is enough', async () => {
		const { look, parked, id } = await withParked({ deadline: 0, isTaskEnough: true });
		const { items } = await look([parked]);
		expect(items[0].json).toMatchObject({
			id,
			status: expect.stringMatching(/queued|in_progress/),
		});
	});

	it('should say why a file could not be fetched', async () => {
		const details = { taskId: 'x', retryable: true, mayHaveBeenCreated: false };
		const failed = { json: { error: 'The file was cut off', message: 'Do this', details } };
		const { run, clock, sandbox, parked } = await withParked();
		await clock.sleep(60_000);
		const { error } = await run({
			items: [{ json: parked }],
			parameters: { operation: 'retrieve', parkedRole: 'look' },
			executeWorkflow: async () => ({ executionId: '3', data: [[failed]] }),
		});
		expect(error?.message).toBe('The file was cut off [item 0]');
		expect(error?.description).toContain('Do this');
		expect(error?.context.details).toEqual(details);
		expect(posts(sandbox)).toBe(1);
	});
});
