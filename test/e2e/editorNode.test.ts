import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';

import { manualTrigger, veo, workflowOf } from '../../scripts/n8n/workflow';
import { setUpEditor, type Editor } from './support/editor';
import { setUp } from './support/setUp';
import { untilEqual } from './support/until';

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

it(
	'should hand its file to the next node of a workflow',
	inEditor(async (editor) => {
		// where n8n lets workflows write files
		const folder = join(stage.n8n.userFolder, '.n8n-files');
		await mkdir(folder, { recursive: true });
		const file = join(folder, 'sunrise.mp4');
		const { apiKey, baseUrl } = stage.sandbox;
		const credential = await stage.rest.createCredential(
			'cometApi',
			{ apiKey, baseUrl },
			'CometAPI account',
		);
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
		await editor.openWorkflow(await stage.rest.createWorkflow(workflowOf('Make a video', steps)));
		await editor.page.getByTestId('execute-workflow-button').click();
		await editor.node('Save Video').getByTestId('canvas-node-status-success').waitFor();
		await editor.shoot('canvas');
		const sha256 = createHash('sha256')
			.update(await readFile(file))
			.digest('hex');
		expect(sha256).toBe(stage.sandbox.sha256(stage.sandbox.tasks.at(-1)!.id));

		const panel = await editor.openNode(NAME);
		await untilEqual(await panel.viewVideo(), { hasLength: true, error: null });
		await editor.shoot('node-panel');
	}),
);
