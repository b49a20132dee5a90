import { fieldOf } from '../sandbox/server';
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
		const node = veo(context.credential, { parameters: { prompt: 'A paper kite' } });
		await editor.openWorkflow(
			await context.rest.createWorkflow(workflowOf('Fields', [manualTrigger, node])),
		);
		panel = await editor.openNode('Veo');
	}),
);

const REQUEST = ['Prompt', 'Model', 'Aspect Ratio', 'Image Input'];
/** The sandbox's newest models, as in the model list. */
const VEO_3_1 = [
	'veo3.1-pro (text, image)',
	'veo3.1-fast (text, image; $0.064 per second)',
	'veo3.1 (text, image; $0.256 per second)',
];
const FILE = ['Download Video', 'Put Output File in Field'];

describe.each([
	{
		operation: 'Create Video',
		fields: REQUEST,
		options: [
			'Additional Fields',
			'Duration (Seconds)',
			'Max Concurrent Videos',
			'Max Cost per Run (USD)',
			'Max Videos per Run',
			'Number of Videos',
		],
	},
	{
		operation: 'Create Video and Wait',
		fields: [...REQUEST, ...FILE],
		options: [
			'Additional Fields',
			'Duration (Seconds)',
			'File Name',
			'Include File Link',
			'Max Concurrent Videos',
			'Max Cost per Run (USD)',
			'Max Videos per Run',
			'Number of Videos',
			'On Timeout',
			'Polling Interval (Seconds)',
			'Timeout (Minutes)',
			'While Waiting',
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
		'shows its own fields',
		inEditor(async () => {
			await untilEqual(
				async () => await panel.labels(),
				['Credential', 'Operation', ...fields, 'Options'],
			);
		}),
	);

	it(
		'offers its own options',
		inEditor(async () => expect(await panel.options()).toEqual(options)),
	);
});

describe('Create Video and Wait', () => {
	const untilLabels = async (...imageLabels: string[]) =>
		await untilEqual(
			async () => await panel.labels(),
			['Credential', 'Operation', ...REQUEST, ...imageLabels, ...FILE, 'Options'],
		);

	beforeAll(inEditor(async () => await panel.choose('operation', 'Create Video and Wait')));

	it.each([
		['One Image', ['Input Data Field Name'], ['Image URL']],
		[
			'First and Last Frame',
			['First Frame Field Name', 'Last Frame Field Name'],
			['First Frame URL', 'Last Frame URL'],
		],
		['Images From All Input Items', ['Input Data Field Name'], ['Image URL']],
	])("shows the image fields and the URL fields of '%s'", async (imageInput, fields, urls) => {
		await inEditor(async () => {
			await panel.choose('imageInput', imageInput);
			await untilLabels('Image Source', ...fields);
			await panel.choose('imageSource', 'URL');
			await untilLabels('Image Source', ...urls);
			await panel.choose('imageSource', 'Input Data Field');
			await untilLabels('Image Source', ...fields);
		})();
	});

	it(
		"shows no image fields for 'None'",
		inEditor(async () => {
			await panel.choose('imageInput', 'None');
			await untilLabels();
		}),
	);

	it(
		'shows the output field only when the video is downloaded',
		inEditor(async () => {
			const field = panel.parameter('binaryPropertyOutput');
			await panel.parameter('downloadVideo').locator('.el-switch').click();
			await field.waitFor({ state: 'hidden' });
			await panel.parameter('downloadVideo').locator('.el-switch').click();
			await field.waitFor();
		}),
	);

	it(
		'offers the options of the file only when the video is downloaded',
		inEditor(async () => {
			const ofFile = async () =>
				(await panel.options()).filter((name) => /^(File Name|Include File Link)$/.test(name));
			const toggle = panel.parameter('downloadVideo').locator('.el-switch');
			// the list of options opens only after the fields above it have moved
			const field = panel.parameter('binaryPropertyOutput');
			await toggle.click();
			await field.waitFor({ state: 'hidden' });
			await untilEqual(ofFile, []);
			await toggle.click();
			await field.waitFor();
			await untilEqual(ofFile, ['File Name', 'Include File Link']);
		}),
	);

	it(
		'searches the live model list',
		inEditor(async (editor) => {
			await panel.openModels();
			await untilEqual(
				async () => await panel.models(),
				[
					'veo3-fast (text, image; $0.32 per video)',
					...VEO_3_1,
					'veo3-pro (text, image)',
					'veo3 (text, image; $1.28 per video)',
				],
			);
			await panel.searchModels('3.1');
			await untilEqual(async () => await panel.models(), VEO_3_1);
			await editor.screenshot('model-list');
			await panel.chooseModel(VEO_3_1[1]);
			await untilEqual(async () => await panel.model(), VEO_3_1[1]);
		}),
	);

	it(
		'accepts a model ID',
		inEditor(async (editor) => {
			await panel.choose('operation', 'Create Video');
			await panel.fill('prompt', 'A paper kite');
			await panel.enterModelId('veo9-next');
			// the editor stores typed text after a short delay
			panel = await editor.openNode('Veo');
			await untilEqual(async () => await panel.model(), 'veo9-next');
			await panel.execute();
			await untilEqual(async () => modelOfLastTask(), 'veo9-next');
		}),
	);
});

describe('a size and a duration', () => {
	const HINT = /(?:CometAPI documents|ask for) (.+?) (?:for veo3\.1 and veo3\.1-fast only|at this)/;
	const hints = async () =>
		(await panel.output.getByText(HINT).allInnerTexts()).map((text) => HINT.exec(text)![1]);
	const [SIZE, DURATION] = ["this 'Aspect Ratio'", "'Duration (Seconds)'"];

	it.each([
		['have a hint with another model', 'veo3-fast', '1920x1080', 8, [SIZE, DURATION]],
		['have none with veo3.1', 'veo3.1', '1920x1080', 8, []],
		['have none if it is not in pixels', 'veo3-fast', '16x9', 8, [DURATION]],
		['have a hint if Google asks for another duration', 'veo3.1', '3840x2160', 6, ['8 seconds']],
		['have none for a duration by expression', 'veo3.1', '3840x2160', '={{ 8 }}', []],
	])('%s', async (_name, model, size, duration, expected) => {
		await inEditor(async (editor) => {
			const parameters = {
				prompt: 'A paper kite',
				model: { __rl: true, mode: 'id', value: model },
				size,
				options: { duration, maxCost: 0 },
			};
			const node = veo(context.credential, { parameters });
			await editor.openWorkflow(
				await context.rest.createWorkflow(workflowOf('Hints', [manualTrigger, node])),
			);
			panel = await editor.openNode('Veo');
			await editor.page.getByText('0 means no limit').waitFor();
			await untilEqual(hints, expected);
			await editor.screenshot(`hints-${model}-${size}`);
		})();
	});
});

const modelOfLastTask = () => fieldOf(context.sandbox.tasks.at(-1)?.parts ?? [], 'model');
