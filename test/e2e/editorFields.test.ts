import { fieldOf } from '../sandbox/server';
import { manualTrigger, veo, workflowOf } from '../../scripts/n8n/workflow';
import { setUpEditor } from './support/editor';
import type { NodePanel } from './support/editorPanel';
import { setUp } from './support/setUp';
import { untilEqual } from './support/until';

const stage = setUp();
const inEditor = setUpEditor(stage);
let panel: NodePanel;

beforeAll(
	inEditor(async (editor) => {
		const node = veo(stage.credential, { parameters: { prompt: 'A paper kite' } });
		await editor.openWorkflow(
			await stage.rest.createWorkflow(workflowOf('Fields', [manualTrigger, node])),
		);
		panel = await editor.openNode('Veo');
	}),
);

const REQUEST = ['Prompt', 'Model', 'Size', 'Image Input'];
/** As the list of models shows them, the newest of the sandbox. */
const VEO_3_1 = [
	'veo3.1-fast (text, image; $0.08 per second)',
	'veo3.1 (text, image; $0.32 per second)',
	'veo3.1-pro (text, image)',
];
const FILE = ['Download Video', 'Put Output File in Field'];

describe.each([
	{
		operation: 'Create Video',
		fields: REQUEST,
		options: ['Extra Fields', 'Max Concurrent Videos', 'Max Videos per Run'],
	},
	{
		operation: 'Create Video and Wait',
		fields: [...REQUEST, ...FILE],
		options: [
			'Extra Fields',
			'File Name',
			'Include File Link',
			'Max Concurrent Videos',
			'Max Videos per Run',
			'On Timeout',
			'Polling Interval (Seconds)',
			'Timeout (Minutes)',
			'Wait Mode',
		],
	},
	{
		operation: 'Retrieve Video',
		fields: ['Task ID', ...FILE],
		options: ['File Name', 'Include File Link', 'Max Concurrent Videos'],
	},
])('$operation', ({ operation, fields, options }) => {
	beforeAll(inEditor(async () => await panel.choose('operation', operation)));

	it(
		'should have its own fields',
		inEditor(async () => {
			await untilEqual(
				async () => await panel.labels(),
				['Credential', 'Operation', ...fields, 'Options'],
			);
		}),
	);

	it(
		'should have its own options',
		inEditor(async () => expect(await panel.options()).toEqual(options)),
	);
});

describe('Create Video and Wait', () => {
	beforeAll(inEditor(async () => await panel.choose('operation', 'Create Video and Wait')));

	it.each([
		['One Image', ['Input Data Field Name']],
		['First and Last Frame', ['First Frame Field Name', 'Last Frame Field Name']],
		['Images of All Input Items', ['Input Data Field Name']],
		['None', []],
	])("should ask for the fields of the images of '%s'", async (images, fields) => {
		await inEditor(async () => {
			await panel.choose('imageInput', images);
			await untilEqual(
				async () => await panel.labels(),
				['Credential', 'Operation', ...REQUEST, ...fields, ...FILE, 'Options'],
			);
		})();
	});

	it(
		'should ask for the field of the file only where there is one',
		inEditor(async () => {
			const field = panel.parameter('binaryPropertyOutput');
			await panel.parameter('downloadVideo').locator('.el-switch').click();
			await field.waitFor({ state: 'hidden' });
			await panel.parameter('downloadVideo').locator('.el-switch').click();
			await field.waitFor();
		}),
	);

	it(
		'should search the live list of models',
		inEditor(async (editor) => {
			await panel.openModels();
			await untilEqual(
				async () => await panel.models(),
				[
					'veo3-fast (text, image; $0.40 per video)',
					...VEO_3_1,
					'veo3 (text, image; $1.60 per video)',
					'veo3-pro (text, image)',
				],
			);
			await panel.searchModels('3.1');
			await untilEqual(async () => await panel.models(), VEO_3_1);
			await editor.shoot('model-list');
			await panel.chooseModel(VEO_3_1[1]);
			await untilEqual(async () => await panel.model(), VEO_3_1[1]);
		}),
	);

	it(
		'should take the ID of a model',
		inEditor(async (editor) => {
			await panel.choose('operation', 'Create Video');
			await panel.fill('prompt', 'A paper kite');
			await panel.giveModelId('veo9-next');
			// the editor takes over what is typed a moment later
			panel = await editor.openNode('Veo');
			await untilEqual(async () => await panel.model(), 'veo9-next');
			await panel.execute();
			await untilEqual(async () => modelOfLastTask(), 'veo9-next');
		}),
	);
});

const modelOfLastTask = () => fieldOf(stage.sandbox.tasks.at(-1)?.parts ?? [], 'model');
