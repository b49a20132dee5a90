import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';

import { manualTrigger, veo, workflowOf } from '../../scripts/n8n/workflow';
import { setUpEditor, type Editor } from './support/editor';
import { sha256 } from './support/expectVideos';
import { createVeoCredential, setUp } from './support/setUp';
import { untilEqual } from './support/until';

const NAME = 'CometAPI Veo';
const ACTIONS = ['Create video', 'Create video and wait', 'Retrieve video'];

const context = setUp();
const inEditor = setUpEditor(context);

const newWorkflow = async (editor: Editor) =>
	await editor.openWorkflow(await context.rest.createWorkflow(workflowOf('Find', [manualTrigger])));

const search = async (editor: Editor, text: string) =>
	(await editor.searchNodes(text)).filter({ has: editor.page.getByText(NAME, { exact: true }) });

/** The width is 0 for an image that could not be loaded. */
const iconWidth = async (item: Locator) =>
	await item
		.locator('img')
		.first()
		.evaluate((image: { naturalWidth: number }) => image.naturalWidth);

describe('the node list', () => {
	beforeAll(inEditor(newWorkflow));

	it.each(['veo', 'video', 'cometapi'])("finds the node and its icon for '%s'", async (text) => {
		await inEditor(async (editor) => {
			const item = await search(editor, text);
			await item.waitFor();
			await untilEqual(async () => (await iconWidth(item)) > 0, true);
			if (text === 'veo') await editor.screenshot('node-search');
		})();
	});

	it(
		'offers each operation as an action',
		inEditor(async (editor) => {
			await (await search(editor, 'veo')).click();
			await editor.page.getByText('Actions (3)').waitFor();
			const items = editor.page.getByTestId('item-iterator-item');
			for (const action of ACTIONS) await items.getByText(action, { exact: true }).waitFor();
			await editor.screenshot('node-actions');
		}),
	);
});

describe.each([
	['Create video', 'Create Video'],
	['Retrieve video', 'Retrieve Video'],
])("the action '%s'", (action, operation) => {
	it(
		'adds the node with its operation and icon to the canvas',
		inEditor(async (editor) => {
			await newWorkflow(editor);
			await (await search(editor, 'veo')).click();
			await editor.page.getByText(action, { exact: true }).click();
			await editor.page.getByTestId('parameter-input-operation').waitFor();
			await editor.closeNode();
			const node = editor.node(NAME);
			await untilEqual(async () => (await node.innerText()).split('\n').at(-1), operation);
			await untilEqual(async () => (await iconWidth(node)) > 0, true);
		}),
	);
});

it(
	'the node passes its file to the next node of a workflow',
	inEditor(async (editor) => {
		// the only folder to which n8n lets workflows write files
		const folder = join(context.n8n.userFolder, '.n8n-files');
		await mkdir(folder, { recursive: true });
		const file = join(folder, 'sunrise.mp4');
		const credential = await createVeoCredential(context, 'CometAPI Veo account');
		const steps = [
			{ ...manualTrigger, name: 'When clicking ‘Execute workflow’' },
			veo(credential, {
				name: NAME,
				parameters: {
					prompt: 'The sun rises over a calm sea, slow camera, soft waves, distant gulls',
					options: { pollInterval: 1 },
				},
			}),
			{
				name: 'Save Video',
				type: 'n8n-nodes-base.readWriteFile',
				parameters: { operation: 'write', fileName: file },
			},
		].map((step, index) => ({ ...step, position: [240 * index, 0] as [number, number] }));
		await editor.openWorkflow(
			await context.rest.createWorkflow(workflowOf('Create a video', steps)),
		);
		await editor.page.getByTestId('execute-workflow-button').click();
		await editor.node('Save Video').getByTestId('canvas-node-status-success').waitFor();
		await editor.screenshot('canvas');
		const [task] = context.sandbox.tasks.slice(-1);
		expect(sha256(await readFile(file))).toBe(context.sandbox.sha256(task.id));

		const panel = await editor.openNode(NAME);
		await untilEqual(await panel.viewVideo(), { hasLength: true, error: null });
		await editor.screenshot('node-panel');
	}),
);

it(
	'the node shows the fields for an image URL and the options that limit a run',
	inEditor(async (editor) => {
		const credential = await createVeoCredential(context, 'CometAPI Veo account');
		const node = veo(credential, {
			name: NAME,
			parameters: {
				prompt: 'The product turns slowly on a marble table, soft studio light',
				...{ imageInput: 'image', imageSource: 'url', imageUrl: '={{ $json.image_url }}' },
				options: { numberOfVideos: 3, maxCost: 2 },
			},
		});
		const workflow = workflowOf('From a URL', [manualTrigger, node]);
		await editor.openWorkflow(await context.rest.createWorkflow(workflow));
		const panel = await editor.openNode(NAME);
		const shown = ['Image Input', 'Image Source', 'Image URL'];
		const options = ['Number of Videos', 'Max Cost per Run (USD)'];
		expect(await panel.labels()).toEqual(expect.arrayContaining([...shown, ...options]));
		await panel.parameter('maxCost').scrollIntoViewIfNeeded();
		await editor.screenshot('node-image-url');
	}),
);
