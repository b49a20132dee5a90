import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import type { Workflow } from '../../scripts/n8n/rest';
import { fromPrompts, manualTrigger, veo, workflowOf } from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { setUpEditor } from './support/editor';
import { sha256 } from './support/expectVideos';
import { setUp } from './support/setUp';
import { untilEqual } from './support/until';

const KITE = 'A paper kite floats above a field at sunrise';
const REFUSED = 'A prompt that is not allowed';
const ENDLESS = 'A video that is never finished';
const PAUSED = 'A video for which the execution pauses';

const context = setUp({
	sandbox: {
		jobMs: (_, prompt) => (prompt === ENDLESS ? Infinity : 1_000),
		faults: [{ call: 'create', prompt: REFUSED, fault: replies.badRequest }],
	},
});
const inEditor = setUpEditor(context);
let workflow: Workflow;

const lastTaskId = () => context.sandbox.tasks.at(-1)!.id;

/** Each node follows the trigger directly, so that all tests can use one page. */
beforeAll(
	inEditor(async (editor) => {
		const node = (name: string, row: number, prompt: string, options = {}) =>
			veo(context.credential, {
				name,
				position: [400, 160 * row],
				parameters: { prompt, options: { pollInterval: 1, ...options } },
				to: [],
			});
		const short = { timeout: 0.02, onTimeout: 'returnTask' };
		const steps = [
			node('Kite', 0, KITE),
			node('Refused', 1, REFUSED),
			node('Unfinished', 2, ENDLESS, short),
			node('Endless', 3, ENDLESS),
			node('Paused', 5, PAUSED, { waitMode: 'durable' }),
		];
		workflow = await context.rest.createWorkflow(
			workflowOf('Run', [
				{ ...manualTrigger, to: [[...steps.map(({ name }) => name), 'List']] },
				...fromPrompts(REFUSED, KITE).map((step, column) => ({
					...step,
					to: column ? [['Branches', 'Continues']] : undefined,
					position: [400 + 200 * column, 640] as [number, number],
				})),
				{
					...node('Branches', 4, '={{ $json.prompt }}'),
					position: [800, 640],
					onError: 'continueErrorOutput',
				},
				{ ...node('Continues', 6, '={{ $json.prompt }}'), onError: 'continueRegularOutput' },
				...steps,
			]),
		);
		await editor.openWorkflow(workflow);
	}),
);

it(
	'the output shows the task and a file that plays and equals the one on the server',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Kite');
		await panel.execute();
		// n8n then shows the file
		await panel.output.getByTestId('ndv-view-binary-data').waitFor();
		await panel.view('json');
		await panel.output.getByText('"completed"').waitFor();
		await panel.output.getByText(lastTaskId()).first().waitFor();
		await editor.screenshot('output-json');

		await panel.view('binary');
		const saved = editor.page.waitForEvent('download');
		await panel.output.getByTestId('ndv-download-binary-data').click();
		const bytes = await readFile(await (await saved).path());
		expect(sha256(bytes)).toBe(context.sandbox.sha256(lastTaskId()));

		await untilEqual(await panel.viewVideo(), { hasLength: true, error: null });
		await editor.screenshot('output-video');
	}),
);

it(
	'the error states what CometAPI rejected and why',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Refused');
		await panel.execute();
		await panel.output.getByTestId('node-error-message').waitFor();
		expect(await panel.output.getByTestId('node-error-message').innerText()).toContain(
			'CometAPI rejected the request [item 0]',
		);
		const description = await panel.output.getByTestId('node-error-description').innerText();
		expect(description).toContain("Check 'Prompt', 'Model', 'Aspect Ratio'");
		expect(description).toContain('CometAPI says: The prompt is not allowed');
		await editor.screenshot('error');
	}),
);

it(
	'a hint names the task of a video that is not finished before the timeout',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Unfinished');
		await panel.execute();
		await panel.output
			.getByText('Not finished before the timeout. Get them later with these task IDs: task_')
			.waitFor();
		await editor.screenshot('hint');
	}),
);

it(
	'the node sends a failed item to the Error branch and the others to the Success branch',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Branches');
		await panel.execute();
		await panel.view('json');
		await panel.output.getByText('Error Branch (1 item)').click();
		await panel.output.getByText('CometAPI rejected the request').waitFor();
		await editor.screenshot('error-branch');
		await panel.output.getByText('Success Branch (1 item)').click();
		await panel.view('binary');
		await panel.output.getByText(`${lastTaskId()}.mp4`).waitFor();
	}),
);

it(
	'a hint counts the failed items above the file of the others',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Continues');
		await panel.execute();
		await panel.output.getByTestId('ndv-view-binary-data').waitFor();
		await panel.output.getByText("1 of 2 items failed. See 'error' in their JSON").waitFor();
		await editor.screenshot('failed-items');
		await panel.view('json');
		await panel.output.getByText('"CometAPI rejected the request"').waitFor();
	}),
);

it(
	'the node stops checking as soon as the execution is canceled',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Endless');
		const before = context.sandbox.counts().retrieves;
		await panel.execute();
		await untilEqual(async () => context.sandbox.counts().retrieves > before, true);
		await editor.screenshot('executing');
		await panel.stop();
		await untilEqual(
			async () => (await context.rest.executionsOf(workflow))[0]?.status,
			'canceled',
		);
		const after = context.sandbox.counts().retrieves;
		await editor.screenshot('canceled');
		// longer than two polling intervals
		await pause(2_500);
		expect(context.sandbox.counts().retrieves).toBe(after);
	}),
);

it(
	'the output of a paused node says that the execution waits for the videos',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Paused');
		await panel.execute();
		const tooltip = 'Waiting for the videos. They are checked about once a minute.';
		await panel.output.getByText(tooltip).waitFor();
		await editor.screenshot('paused');
	}),
);
