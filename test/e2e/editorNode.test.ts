import type { Locator } from 'playwright-core';

import { manualTrigger, workflowOf } from '../../scripts/n8n/workflow';
import { untilEqual } from './support/browser';
import { setUpEditor, type Editor } from './support/editor';
import { setUp } from './support/setUp';

const NAME = 'CometAPI Veo';
const ACTIONS = ['Create a video', 'Create a video and wait for it', 'Retrieve a video'];

const stage = setUp();
const inEditor = setUpEditor(stage);

const newWorkflow = async (editor: Editor) =>
	await editor.openWorkflow(await stage.rest.createWorkflow(workflowOf('Find', [manualTrigger])));

const found = async (editor: Editor, text: string) =>
	(await editor.searchNodes(text)).filter({ has: editor.page.getByText(NAME, { exact: true }) });

/** An image that could not be loaded has no width. */
const iconWidth = async (item: Locator) =>
	await item
		.locator('img')
		.first()
		.evaluate((image: { naturalWidth: number }) => image.naturalWidth);

describe('the list of nodes', () => {
	beforeAll(inEditor(newWorkflow));

	it.each(['veo', 'video', 'cometapi'])(
		"should have the node and its icon under '%s'",
		async (text) => {
			await inEditor(async (editor) => {
				const item = await found(editor, text);
				await item.waitFor();
				await untilEqual(async () => (await iconWidth(item)) > 0, true);
				if (text === 'veo') await editor.shoot('node-search');
			})();
		},
	);

	it(
		'should offer each operation as an action',
		inEditor(async (editor) => {
			await (await found(editor, 'veo')).click();
			await editor.page.getByText('Actions (3)').waitFor();
			const items = editor.page.getByTestId('item-iterator-item');
			for (const action of ACTIONS) await items.getByText(action, { exact: true }).waitFor();
			await editor.shoot('node-actions');
		}),
	);
});

describe.each([
	['Create a video', 'Create Video'],
	['Retrieve a video', 'Retrieve Video'],
])("the action '%s'", (action, operation) => {
	it(
		'should put the node with its operation and icon onto the canvas',
		inEditor(async (editor) => {
			await newWorkflow(editor);
			await (await found(editor, 'veo')).click();
			await editor.page.getByText(action, { exact: true }).click();
			await editor.page.getByTestId('parameter-input-operation').waitFor();
			await editor.closeNode();
			const node = editor.node(NAME);
			await untilEqual(async () => (await node.innerText()).split('\n').at(-1), operation);
			await untilEqual(async () => (await iconWidth(node)) > 0, true);
		}),
	);
});
