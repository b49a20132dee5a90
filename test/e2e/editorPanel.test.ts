import { manualTrigger, veo, workflowOf } from '../../scripts/n8n/workflow';
import { setUpEditor } from './support/editor';
import type { NodePanel } from './support/editorPanel';
import { setUp } from './support/setUp';
import { untilEqual } from './support/until';

const context = setUp();
const inEditor = setUpEditor(context);
let panel: NodePanel;

beforeAll(
	inEditor(async (editor) => {
		const node = veo(context.credential);
		await editor.openWorkflow(
			await context.rest.createWorkflow(workflowOf('Panel', [manualTrigger, node])),
		);
		panel = await editor.openNode('Veo');
	}),
);

const REQUEST = ['Prompt', 'Model', 'Aspect Ratio', 'Image Input'];
const FILE = ['Download Video', 'Put Output File in Field'];

describe('the panel of the node', () => {
	/** The labels, except those that older versions name or show differently. */
	const labels = async () =>
		(await panel.labels()).filter((label) => !/^(Credential|Fixed|Expression)/.test(label));

	it.each([
		['Create Video', REQUEST],
		['Retrieve Video', ['Task ID', ...FILE]],
		['Create Video and Wait', [...REQUEST, ...FILE]],
	])('shows the fields of %s', async (operation, fields) => {
		await inEditor(async () => {
			await panel.choose('operation', operation);
			await untilEqual(labels, ['Operation', ...fields, 'Options']);
		})();
	});

	it(
		'lists the models with their prices',
		inEditor(async () => {
			await panel.openModels();
			await untilEqual(
				async () => (await panel.models())[0],
				'veo3-fast (text, image; $0.32 per video)',
			);
			await panel.chooseModel('veo3-fast (text, image; $0.32 per video)');
		}),
	);

	it(
		'executes the node and plays the video',
		inEditor(async () => {
			await panel.fill('prompt', 'A paper kite');
			await panel.choose('size', 'Portrait (9:16)');
			await panel.execute();
			await untilEqual(async () => context.sandbox.counts().delivered, 1);
			await untilEqual(await panel.viewVideo(), { hasLength: true, error: null });
		}),
	);
});
