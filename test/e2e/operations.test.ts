import { setTimeout as pause } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';

import {
	fromPrompts,
	manualTrigger,
	TRIGGER,
	VEO,
	veo,
	workflowOf,
	type Step,
} from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { expectLink, expectOwnVideos, promptsOf } from './support/expectVideos';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';
import { until } from './support/until';

const JOB_MS = 500;
const ENDLESS = 'endless';

const context = setUp({
	sandbox: { jobMs: (_, prompt) => (prompt === ENDLESS ? Infinity : JOB_MS) },
});

beforeEach(() => context.sandbox.reset());

function veoStep(parameters: INodeParameters = {}, given: Partial<Step> = {}): Step {
	const options = { pollInterval: 1, ...(parameters.options as INodeParameters) };
	return veo(context.credential, { ...given, parameters: { ...parameters, options } });
}

const rejects = (prompt: string) =>
	context.sandbox.faults.push({ call: 'create', prompt, fault: replies.badRequest });

describe("n8n's test of the credential", () => {
	const test = async (data: Record<string, string>) =>
		await context.rest.call('POST', '/credentials/test', {
			credentials: { ...context.credential, type: 'cometApiVeoApi', data },
		});

	it('accepts a valid API key', async () => {
		const { apiKey, baseUrl } = context.sandbox;
		expect(await test({ apiKey, baseUrl })).toMatchObject({ status: 'OK' });
	});

	const testWrongKey = async () =>
		await test({ apiKey: 'sk-wrong', baseUrl: context.sandbox.baseUrl });

	it('reports a wrong API key', async () => {
		expect(await testWrongKey()).toMatchObject({ status: 'Error' });
	});

	it("reports a wrong API key with the credential's own message (n8n ≥ 2.41)", async () => {
		expect(await testWrongKey()).toMatchObject({
			message: expect.stringContaining('CometAPI rejected this API key'),
		});
	});

	it('reports a Base URL that leads to a web site', async () => {
		const { apiKey, fileHostUrl } = context.sandbox;
		expect(await test({ apiKey, baseUrl: fileHostUrl })).toMatchObject({ status: 'Error' });
	});
});

it('the model list has the Veo models of the catalogue with their prices', async () => {
	const list = await context.rest.call<{ results: Array<{ name: string; value: string }> }>(
		'POST',
		'/dynamic-node-parameters/resource-locator-results',
		{
			path: 'parameters.model',
			nodeTypeAndVersion: { name: VEO, version: 1 },
			currentNodeParameters: { operation: 'create' },
			methodName: 'searchModels',
			credentials: { cometApiVeoApi: context.credential },
		},
	);
	expect(list.results[0]).toMatchObject({
		name: 'veo3-fast (text, image; $0.32 per video)',
		value: 'veo3-fast',
	});
	expect(list.results.map(({ value }) => value)).toContain('veo3.1-fast');
});

describe('Create Video and Retrieve Video', () => {
	it('start a video and return its file once it is finished', async () => {
		const { execution: created } = await runSteps(context, 'Create', [
			veoStep({ operation: 'create', prompt: 'A kite' }),
		]);
		const [{ json, binary }] = created.itemsOf('Veo');
		const [task] = context.sandbox.tasks;
		expect(json).toMatchObject({ id: task.id, status: 'queued' });
		expect(binary).toBeUndefined();

		await until('the video', () => Date.now() > task.createdAtMs + task.jobMs);
		const { execution: retrieved } = await runSteps(context, 'Retrieve', [
			veoStep({ operation: 'retrieve', taskId: task.id }),
		]);
		const items = retrieved.itemsOf('Veo');
		expect(items).toMatchObject([{ json: { id: task.id, status: 'completed' } }]);
		await expectOwnVideos(context, items);
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('return a task without a file while it is not finished', async () => {
		const { execution } = await runSteps(context, 'Unfinished', [
			veoStep({ operation: 'create', prompt: ENDLESS }),
			veoStep({ operation: 'retrieve' }, { name: 'Retrieve' }),
		]);
		expect(execution.error).toBeUndefined();
		const [{ json, binary }] = execution.itemsOf('Retrieve');
		expect(json).toMatchObject({ id: context.sandbox.tasks[0].id });
		expect(binary).toBeUndefined();
	});
});

describe('Create Video and Wait', () => {
	const five = fromPrompts('a', 'b', 'c', 'd', 'e');

	it('returns the videos in input order', async () => {
		const { execution } = await runSteps(context, 'Five', [...five, veoStep()]);
		const items = execution.itemsOf('Veo');
		expect(promptsOf(context, items)).toEqual(['a', 'b', 'c', 'd', 'e']);
		await expectOwnVideos(context, items);
	});

	it('stops at a failed item and names the tasks that are paid for', async () => {
		rejects('c');
		const step = veoStep({ options: { maxConcurrent: 1 } });
		const { execution } = await runSteps(context, 'Stop', [...five, step]);
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('CometAPI rejected the request [item 2]');
		const { tasks } = context.sandbox;
		expect(tasks).toHaveLength(2);
		for (const { id } of tasks) expect(execution.error?.description).toContain(id);
	});

	it('continues after a failed item and returns an error item in its place', async () => {
		rejects('c');
		const { execution } = await runSteps(context, 'Continue', [
			...five,
			veoStep({}, { onError: 'continueRegularOutput' }),
		]);
		expect(execution.status).toBe('success');
		expect(execution.hintsOf('Veo')).toEqual(["1 of 5 items failed. See 'error' in their JSON"]);
		const items = execution.itemsOf('Veo');
		expect(items).toHaveLength(5);
		expect(items[2].json).toMatchObject({
			error: 'CometAPI rejected the request',
			details: { kind: 'rejected', httpCode: 400, retryable: false },
		});
		await expectOwnVideos(context, [...items.slice(0, 2), ...items.slice(3)]);
	});

	it('stops within a second when the execution is canceled', async () => {
		const { rest, sandbox } = context;
		const workflow = await rest.createWorkflow(
			workflowOf('Cancel', [manualTrigger, veoStep({ prompt: ENDLESS })]),
		);
		const id = await rest.run(workflow, TRIGGER);
		await until('a status check', () => sandbox.counts().retrieves > 0);
		await rest.call('POST', `/executions/${id}/stop`);
		expect((await rest.ended(workflow, id)).status).toBe('canceled');
		const after = sandbox.counts().retrieves;
		// longer than two polling intervals
		await pause(2_500);
		expect(sandbox.counts().retrieves).toBe(after);
	});
});

describe('Include File Link', () => {
	const run = async () => {
		const options = { includeFileLink: true };
		return (await runSteps(context, 'Link', [veoStep({ prompt: 'A kite', options })])).execution;
	};

	it('adds a link that opens the stored file (files on disk)', async () => {
		const execution = await run();
		const [{ json }] = execution.itemsOf('Veo');
		await expectLink(context, json.file_url, json.id);
		expect(execution.hintsOf('Veo').join()).toContain("on n8n's own machine only");
	});

	it('reports why it adds none (files in memory)', async () => {
		const execution = await run();
		const [{ json }] = execution.itemsOf('Veo');
		expect(json).not.toHaveProperty('file_url');
		expect(execution.hintsOf('Veo').join()).toContain('this n8n keeps binary data in memory');
		await expectOwnVideos(context, execution.itemsOf('Veo'));
	});
});

describe('While Waiting: Pause Execution', () => {
	it('is refused before anything is sent (n8n < 2.41)', async () => {
		const { rest, sandbox } = context;
		const options = { waitMode: 'durable' };
		const workflow = await rest.createWorkflow(
			workflowOf('Pause', [manualTrigger, veoStep({ prompt: 'A kite', options })]),
		);
		const id = await rest.run(workflow, TRIGGER);
		const status = await until('an end or a pause', async () => {
			const now = await rest.status(workflow.id, id);
			return ['new', 'running', undefined].includes(now) ? undefined : now;
		});
		expect(status).toBe('error');
		const { error } = await rest.execution(id);
		expect(error?.message).toContain('it needs n8n 2.41 or later');
		expect(sandbox.requests).toHaveLength(0);
	});
});
