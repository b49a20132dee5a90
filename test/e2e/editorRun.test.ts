import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import type { Workflow } from '../../scripts/n8n/rest';
import { itemsFrom, manualTrigger, veo, workflowOf } from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { setUpEditor } from './support/editor';
import { setUp } from './support/setUp';
import { untilEqual } from './support/until';

const KITE = 'A paper kite floats above a field at sunrise';
const REFUSED = 'A prompt that is not allowed';
const ENDLESS = 'A video that is never finished';

const stage = setUp({
	sandbox: {
		jobMs: (_, prompt) => (prompt === ENDLESS ? Infinity : 1_000),
		faults: [{ call: 'create', prompt: REFUSED, fault: replies.badRequest }],
	},
});
const inEditor = setUpEditor(stage);
let workflow: Workflow;

const lastTask = () => stage.sandbox.tasks.at(-1)!.id;

/** Each node alone after the trigger, so that one page serves all tests. */
beforeAll(
	inEditor(async (editor) => {
		const node = (name: string, row: number, prompt: string, options = {}) =>
			veo(stage.credential, {
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
		];
		workflow = await stage.rest.createWorkflow(
			workflowOf('Run', [
				{ ...manualTrigger, to: [[...steps.map(({ name }) => name), 'List']] },
				...itemsFrom([{ prompt: REFUSED }, { prompt: KITE }]).map((step, column) => ({
					...step,
					position: [400 + 200 * column, 640] as [number, number],
				})),
				{
					...node('Branches', 4, '={{ $json.prompt }}'),
					position: [800, 640],
					onError: 'continueErrorOutput',
				},
				...steps,
			]),
		);
		await editor.openWorkflow(workflow);
	}),
);

it(
	'should give the task and a file that plays and is the one of the server',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Kite');
		await panel.execute();
		await panel.view('json');
		await panel.output.getByText('"completed"').waitFor();
		await panel.output.getByText(lastTask()).first().waitFor();
		await editor.shoot('output-json');

		await panel.view('binary');
		const saved = editor.page.waitForEvent('download');
		await panel.output.getByTestId('ndv-download-binary-data').click();
		const bytes = await readFile(await (await saved).path());
		expect(createHash('sha256').update(bytes).digest('hex')).toBe(stage.sandbox.sha256(lastTask()));

		await untilEqual(await panel.viewVideo(), { hasLength: true, error: null });
		await editor.shoot('output-video');
	}),
);

it(
	'should say what CometAPI refused, and why',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Refused');
		await panel.execute();
		await panel.output.getByTestId('node-error-message').waitFor();
		expect(await panel.output.getByTestId('node-error-message').innerText()).toContain(
			'CometAPI did not accept the request [item 0]',
		);
		const description = await panel.output.getByTestId('node-error-description').innerText();
		expect(description).toContain("Check 'Prompt', 'Model', 'Size'");
		expect(description).toContain('CometAPI says: The prompt is not allowed');
		await editor.shoot('error');
	}),
);

it(
	'should hint at the task that was not finished in time',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Unfinished');
		await panel.execute();
		await panel.output
			.getByText("Not finished in time; use 'Retrieve Video' later with these task IDs: task_")
			.waitFor();
		await editor.shoot('hint');
	}),
);

it(
	'should pass a failed item to the Error branch and the others to Success',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Branches');
		await panel.execute();
		await panel.view('json');
		await panel.output.getByText('Error Branch (1 item)').click();
		await panel.output.getByText('CometAPI did not accept the request').waitFor();
		await editor.shoot('error-branch');
		await panel.output.getByText('Success Branch (1 item)').click();
		await panel.view('binary');
		await panel.output.getByText(`${lastTask()}.mp4`).waitFor();
	}),
);

it(
	'should stop asking as soon as the execution is cancelled',
	inEditor(async (editor) => {
		const panel = await editor.openNode('Endless');
		const before = stage.sandbox.counts().retrieves;
		await panel.execute();
		await untilEqual(async () => stage.sandbox.counts().retrieves > before, true);
		await editor.shoot('executing');
		await panel.stop();
		await untilEqual(async () => (await stage.rest.executionsOf(workflow))[0]?.status, 'canceled');
		const after = stage.sandbox.counts().retrieves;
		await editor.shoot('cancelled');
		// more than two polling intervals
		await pause(2_500);
		expect(stage.sandbox.counts().retrieves).toBe(after);
	}),
);
