import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';

import { manualTrigger, veo, workflowOf } from '../../scripts/n8n/workflow';
import { setUpEditor, type Editor } from './support/editor';
import { sha256 } from './support/expectVideos';
import { createVeoCredential, setUp } from './support/setUp';
import { untilEqual } from './support/until';

const NAME = 'CometAPI Veo';
const OPERATIONS = [
	['Create video', 'Create Video'],
	['Create video and wait', 'Create Video and Wait'],
	['Retrieve video', 'Retrieve Video'],
] as const;
const ACTIONS = OPERATIONS.map(([action]) => action);
const SEARCHES = ['veo', 'video', 'google', 'cometapi'];
/** n8n finds a node by the whole text, in its name or in one alias. */
const PHRASES = [
	...['veo 3', 'veo3', 'veo 3.1', 'google veo 3', 'comet api', 'ai video', 'ai video generator'],
	...['create video', 'create a video', 'generate video', 'generate a video', 'make video'],
	...['video generation', 'video generator', 'text to video', 'image to video', 'animate image'],
];

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

	it.each(SEARCHES)("finds the node and its icon for '%s'", async (text) => {
		await inEditor(async (editor) => {
			const item = await search(editor, text);
			await item.waitFor();
			await untilEqual(async () => (await iconWidth(item)) > 0, true);
			if (text === 'veo') await editor.screenshot('node-search');
		})();
	});

	/** @returns the names of the first nodes in the list */
	const firstNodes = async (editor: Editor, text: string, count: number) => {
		// otherwise the list of the previous search may still be there
		const none = await editor.searchNodes('no node has this name');
		await untilEqual(async () => await none.count(), 0);
		const items = await editor.searchNodes(text);
		await items.first().waitFor();
		return (await items.allInnerTexts()).slice(0, count).map((item) => item.split('\n')[0]);
	};

	it.each(PHRASES)("has the node first for '%s'", async (text) => {
		await inEditor(async (editor) => {
			expect(await firstNodes(editor, text, 1)).toEqual([NAME]);
			if (text === 'generate video') await editor.screenshot('node-search-phrase');
		})();
	});

	it.each(['veo', 'google veo'])("has the node among the first two for '%s'", async (text) => {
		await inEditor(async (editor) => {
			expect(await firstNodes(editor, text, 2)).toContain(NAME);
		})();
	});

	it(
		'offers each operation as an action and nothing else',
		inEditor(async (editor) => {
			await (await search(editor, 'veo')).click();
			await editor.page.getByText('Actions (3)').waitFor();
			const items = editor.page.getByTestId('item-iterator-item');
			await untilEqual(async () => await items.allInnerTexts(), ACTIONS);
			await editor.screenshot('node-actions');
		}),
	);
});

describe('the Tools panel of an AI Agent', () => {
	const TOOL = `${NAME} Tool`;
	const agent = { name: 'AI Agent', type: '@n8n/n8n-nodes-langchain.agent', typeVersion: 2 };

	const searchTools = async (editor: Editor, text: string) =>
		(await editor.searchNodes(text, 'ai_tool')).filter({
			has: editor.page.getByText(TOOL, { exact: true }),
		});

	beforeAll(
		inEditor(async (editor) => {
			const workflow = workflowOf('Agent', [manualTrigger, agent]);
			await editor.openWorkflow(await context.rest.createWorkflow(workflow));
		}),
	);

	it.each(SEARCHES)("finds the node for '%s'", async (text) => {
		await inEditor(async (editor) => {
			await (await searchTools(editor, text)).waitFor();
			if (text === 'video') await editor.screenshot('tool-search');
		})();
	});

	it(
		'adds tools named after their operation',
		inEditor(async (editor) => {
			for (const [action, operation] of OPERATIONS) {
				await (await searchTools(editor, 'veo')).click();
				const panel = await editor.openedNode();
				await panel.choose('operation', operation);
				await editor.closeNode();
				await editor.node(`${action} in ${NAME}`).waitFor();
			}
			await editor.screenshot('tools');
		}),
	);
});

describe.each(OPERATIONS)("the action '%s'", (action, operation) => {
	it(
		"adds a node with the action's name, operation and icon",
		inEditor(async (editor) => {
			await newWorkflow(editor);
			await (await search(editor, 'veo')).click();
			await editor.page.getByText(action, { exact: true }).click();
			await editor.openedNode();
			await editor.closeNode();
			const node = editor.node(action);
			await untilEqual(async () => (await node.innerText()).split('\n').at(-1), operation);
			await untilEqual(async () => (await iconWidth(node)) > 0, true);
		}),
	);
});

describe('before the first run, the next node', () => {
	const SCHEMAS = '/schemas/n8n-nodes-cometapi-veo.veo/1.0.0/video';
	const NEXT = { name: 'Edit Fields', type: 'n8n-nodes-base.set', typeVersion: 3.4 };

	it.each(['create', 'createAndWait', 'retrieve'])('has the fields of %s', async (operation) => {
		const schema = JSON.parse(`${await context.rest.fetch('GET', `${SCHEMAS}/${operation}.json`)}`);
		const fields = Object.keys(schema.properties);
		expect(fields).toEqual(expect.arrayContaining(['id', 'task_id', 'status']));
		await inEditor(async (editor) => {
			const node = veo(context.credential, { name: NAME, parameters: { operation } });
			const workflow = workflowOf('Fields', [manualTrigger, node, NEXT]);
			await editor.openWorkflow(await context.rest.createWorkflow(workflow));
			await editor.node(NEXT.name).dblclick();
			const shown = async () =>
				await editor.page.getByTestId('run-data-schema-item').allInnerTexts();
			await untilEqual(async () => (await shown()).includes('task_id'), true);
			await editor.screenshot(`schema-${operation}`);
			expect(await shown()).toEqual(expect.arrayContaining(fields));
		})();
	});
});

it(
	'the node passes its file to the next node of a workflow',
	inEditor(async (editor) => {
		// the only folder that n8n lets workflows write to
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
		await panel.parameter('maxCost').waitFor();
		expect(await panel.labels()).toEqual(expect.arrayContaining([...shown, ...options]));
		await panel.parameter('maxCost').scrollIntoViewIfNeeded();
		await editor.screenshot('node-image-url');
	}),
);
