import type { IBinaryData } from 'n8n-workflow';

import { hasEnded, type Workflow } from '../../scripts/n8n/rest';
import {
	itemsFrom,
	manualTrigger,
	TRIGGER,
	veo,
	workflowOf,
	type Step,
} from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { expectOwnVideos, sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { startOutside } from './support/outside';
import { setUp } from './support/setUp';
import { download, fromItem, upload } from './support/steps';
import { until } from './support/until';

const TIMEOUT_S = 1.8;
/** More than one try waits for, and less than two and the pause between them. */
const SLOW_MS = 4_000;

const stage = setUp({ sandbox: { jobMs: (_, prompt) => (prompt === 'slow' ? SLOW_MS : 500) } });

beforeEach(() => stage.sandbox.reset());

function theNode(options: Record<string, number> = {}, given: Partial<Step> = {}): Step {
	const parameters = { ...given.parameters, options: { pollInterval: 1, ...options } };
	return veo(stage.credential, { ...given, parameters });
}

async function run(name: string, steps: Step[], settings = {}) {
	const { rest } = stage;
	const workflow = await rest.createWorkflow({
		...workflowOf(name, [manualTrigger, ...steps]),
		settings,
	});
	return { workflow, execution: await ended(workflow, await rest.run(workflow, TRIGGER)) };
}

async function ended(workflow: Workflow, executionId: string) {
	await stage.rest.untilEnded(workflow.id, executionId, 200);
	return await stage.rest.execution(executionId);
}

describe('a video that is not finished in time', () => {
	const slow = itemsFrom([{ prompt: 'slow' }]);

	it('should be taken up by Retry of the executions list, and not be paid for again', async () => {
		const timeout = TIMEOUT_S / 60;
		const { workflow, execution } = await run('Retry', [...slow, theNode({ timeout })]);
		const [task] = stage.sandbox.tasks;
		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('did not finish');
		expect(execution.error?.description).toContain(task.id);

		await until('the video', () => Date.now() > task.createdAtMs + task.jobMs);
		const retry = await ended(workflow, await stage.rest.retry(execution.id));
		expect(retry.status).toBe('success');
		expect(retry.itemsOf('Veo').map(({ json }) => json.id)).toEqual([task.id]);
		expect(retry.hintsOf('Veo').join()).toContain(task.id);
		await expectOwnVideos(stage, retry.itemsOf('Veo'));
		expect(stage.sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
	});

	it('should be taken up by Retry On Fail, and not be paid for again', async () => {
		const retryOnFail = { retryOnFail: true, maxTries: 5, waitBetweenTries: 1000 };
		const { execution } = await run('Retry On Fail', [
			...slow,
			theNode({ timeout: TIMEOUT_S / 60 }, retryOnFail),
		]);
		const [{ id }] = stage.sandbox.tasks;
		expect(execution.status).toBe('success');
		expect(execution.hintsOf('Veo').join()).toContain(id);
		await expectOwnVideos(stage, execution.itemsOf('Veo'));
		expect(stage.sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
	});
});

it('should make a video unattended, on a schedule', async () => {
	const { rest, sandbox } = stage;
	const workflow = await rest.createWorkflow(
		workflowOf('Schedule', [
			{
				name: 'Every Second',
				type: 'n8n-nodes-base.scheduleTrigger',
				typeVersion: 1.2,
				parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } },
			},
			theNode({}, { parameters: { prompt: 'A kite at dawn' } }),
		]),
	);
	await rest.activate(workflow);
	await until('a video', () => sandbox.counts().delivered > 0);
	await rest.deactivate(workflow);
	const executions = await until('the end', async () => {
		const listed = await rest.executionsOf(workflow);
		return listed.every(({ status }) => hasEnded(status)) ? listed : undefined;
	});
	expect(executions.length).toBeGreaterThan(0);
	for (const { id, mode, status } of executions) {
		expect({ mode, status }).toEqual({ mode: 'trigger', status: 'success' });
		const items = (await rest.execution(id)).itemsOf('Veo');
		expect(items).toHaveLength(1);
		await expectOwnVideos(stage, items);
	}
	expect(sandbox.counts().creates).toBe(executions.length);
});

it('should take and give files where the workflow keeps them in the JSON', async () => {
	const image = fixture('first-frame.png');
	const outside = await startOutside({ '/first.png': { contentType: 'image/png', body: image } });
	try {
		const { execution } = await run(
			'Files in the JSON',
			[
				download(`${outside.url}/first.png`),
				theNode(
					{},
					{ parameters: { imageInput: 'image', imageField: '_files.data', prompt: 'On' } },
				),
				upload(`${outside.url}/video.mp4`, '_files.data'),
			],
			{ binaryMode: 'combined' },
		);
		expect(execution.error).toBeUndefined();
		const [task] = stage.sandbox.tasks;
		expect(task.parts).toContainEqual(expect.objectContaining({ sha256: sha256(image) }));
		const [item] = execution.itemsOf('Veo');
		expect(item.binary).toBeUndefined();
		const { data } = item.json._files as unknown as Record<string, IBinaryData>;
		await expectOwnVideos(stage, [item], () => data);
		const [{ body }] = outside.received.filter(({ method }) => method === 'PUT');
		expect(sha256(body)).toBe(stage.sandbox.sha256(task.id));
	} finally {
		await outside.close();
	}
});

it('should send what failed down the Error branch, and the videos in order down the other', async () => {
	stage.sandbox.faults.push({ call: 'create', prompt: 'c', fault: replies.badRequest });
	const { execution } = await run('Error branch', [
		...itemsFrom(['a', 'b', 'c', 'd', 'e'].map((prompt) => ({ prompt }))),
		theNode({}, { onError: 'continueErrorOutput', to: ['Made', 'Failed'] }),
		fromItem('Made', 'prompt'),
		fromItem('Failed', 'prompt'),
	]);
	expect(execution.status).toBe('success');
	const made = execution.itemsOf('Made');
	expect(made.map(({ json }) => json.prompt)).toEqual(['a', 'b', 'd', 'e']);
	await expectOwnVideos(stage, made);
	expect(execution.itemsOf('Failed').map(({ json }) => json)).toEqual([
		{
			prompt: 'c',
			error: 'CometAPI did not accept the request',
			message: expect.stringContaining('not allowed'),
			details: expect.objectContaining({ httpCode: 400, retryable: false }),
		},
	]);
});
