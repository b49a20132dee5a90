import type { IBinaryData } from 'n8n-workflow';

import { hasEnded } from '../../scripts/n8n/rest';
import { fromPrompts, veo, workflowOf, type Step } from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { expectOwnVideos, sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { startFakeService } from './support/fakeService';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';
import { download, fromItem, upload } from './support/steps';
import { until } from './support/until';

const TIMEOUT_S = 1.8;
/** Longer than one attempt waits, and shorter than two attempts with the pause between them. */
const SLOW_MS = 4_000;

const context = setUp({ sandbox: { jobMs: (_, prompt) => (prompt === 'slow' ? SLOW_MS : 500) } });

beforeEach(() => context.sandbox.reset());

function veoStep(options: Record<string, number> = {}, given: Partial<Step> = {}): Step {
	const parameters = { ...given.parameters, options: { pollInterval: 1, ...options } };
	return veo(context.credential, { ...given, parameters });
}

const run = async (name: string, steps: Step[], settings = {}) =>
	await runSteps(context, name, steps, settings);

describe('a video that is not finished before the timeout', () => {
	const slow = fromPrompts('slow');

	it.each(['original', 'saved'] as const)(
		'is reused by a retry with the %s workflow, and not paid for again',
		async (which) => {
			const timeout = TIMEOUT_S / 60;
			const { workflow, execution } = await run('Retry', [...slow, veoStep({ timeout })]);
			const [task] = context.sandbox.tasks;
			expect(execution.status).toBe('error');
			expect(execution.error?.message).toContain('was not finished');
			expect(execution.error?.description).toContain(task.id);

			await until('the video', () => Date.now() > task.createdAtMs + task.jobMs);
			const retryId = await context.rest.retry(execution.id, which);
			const retry = await context.rest.ended(workflow, retryId);
			expect(retry.status).toBe('success');
			expect(retry.itemsOf('Veo').map(({ json }) => json.id)).toEqual([task.id]);
			expect(retry.hintsOf('Veo').join()).toContain(task.id);
			await expectOwnVideos(context, retry.itemsOf('Veo'));
			expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
		},
	);

	it('is reused by Retry On Fail, and not paid for again', async () => {
		const retryOnFail = { retryOnFail: true, maxTries: 5, waitBetweenTries: 1000 };
		const { execution } = await run('Retry On Fail', [
			...slow,
			veoStep({ timeout: TIMEOUT_S / 60 }, retryOnFail),
		]);
		const [{ id }] = context.sandbox.tasks;
		expect(execution.status).toBe('success');
		expect(execution.hintsOf('Veo').join()).toContain(id);
		await expectOwnVideos(context, execution.itemsOf('Veo'));
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
	});
});

it('a published workflow creates videos on a schedule', async () => {
	const { rest, sandbox } = context;
	const workflow = await rest.createWorkflow(
		workflowOf('Schedule', [
			{
				name: 'Every Second',
				type: 'n8n-nodes-base.scheduleTrigger',
				typeVersion: 1.2,
				parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 1 }] } },
			},
			veoStep({}, { parameters: { prompt: 'A kite at dawn' } }),
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
		await expectOwnVideos(context, items);
	}
	expect(sandbox.counts().creates).toBe(executions.length);
});

it('the node reads and returns files in a workflow that keeps them in the JSON (n8n ≥ 2.0)', async () => {
	const image = fixture('first-frame.png');
	const service = await startFakeService({
		'/first.png': { contentType: 'image/png', body: image },
	});
	try {
		const { execution } = await run(
			'Files in the JSON',
			[
				download(`${service.url}/first.png`),
				veoStep(
					{},
					{ parameters: { imageInput: 'image', imageField: '_files.data', prompt: 'On' } },
				),
				upload(`${service.url}/video.mp4`, '_files.data'),
			],
			{ binaryMode: 'combined' },
		);
		expect(execution.error).toBeUndefined();
		const [task] = context.sandbox.tasks;
		expect(task.parts).toContainEqual(expect.objectContaining({ sha256: sha256(image) }));
		const [item] = execution.itemsOf('Veo');
		expect(item.binary).toBeUndefined();
		const { data } = item.json._files as unknown as Record<string, IBinaryData>;
		await expectOwnVideos(context, [item], () => data);
		const [{ body }] = service.received.filter(({ method }) => method === 'PUT');
		expect(sha256(body)).toBe(context.sandbox.sha256(task.id));
	} finally {
		await service.close();
	}
});

it('the node sends failed items to the Error branch, and the videos in input order to the Success branch', async () => {
	context.sandbox.faults.push({ call: 'create', prompt: 'c', fault: replies.badRequest });
	const { execution } = await run('Error branch', [
		...fromPrompts('a', 'b', 'c', 'd', 'e'),
		veoStep({}, { onError: 'continueErrorOutput', to: ['Succeeded', 'Failed'] }),
		fromItem('Succeeded', 'prompt'),
		fromItem('Failed', 'prompt'),
	]);
	expect(execution.status).toBe('success');
	const succeeded = execution.itemsOf('Succeeded');
	expect(succeeded.map(({ json }) => json.prompt)).toEqual(['a', 'b', 'd', 'e']);
	await expectOwnVideos(context, succeeded);
	expect(execution.itemsOf('Failed').map(({ json }) => json)).toEqual([
		{
			prompt: 'c',
			error: 'CometAPI rejected the request',
			message: expect.stringContaining('not allowed'),
			details: expect.objectContaining({ kind: 'rejected', httpCode: 400, retryable: false }),
		},
	]);
});
