import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { INodeTypeDescription } from 'n8n-workflow';

import { ensureN8n } from '../../scripts/n8n/install';

import {
	exampleNames,
	exampleText,
	inspectNode,
	notesOf,
	readExample,
	withoutId,
} from './support/examples';
import { setUp } from './support/setUp';

const context = setUp();

let types: INodeTypeDescription[];

/** Examples with nodes that older versions of n8n lack. */
const NEEDS: Record<string, string> = {
	'agent-with-veo': ' (n8n ≥ 2.20)',
	'content-calendar': ' (n8n ≥ 2.0)',
};

/** Placeholders, and the addresses of services that are the same for everyone. */
const PUBLIC =
	/^https:\/\/(example\.com\/|backend\.blotato\.com\/v2\/|api\.upload-post\.com\/api\/|fal\.run\/fal-ai\/|drive\.google\.com\/uc\?|docs\.google\.com\/spreadsheets\/d\/your-sheet\/)/;

const CREDENTIALS = [
	...['cometApiVeoApi', 'openAiApi', 'smtp', 'telegramApi', 'httpBearerAuth'],
	...['googleSheetsOAuth2Api', 'googleDriveOAuth2Api'],
];

beforeAll(async () => {
	types = await context.rest.nodeTypes();
});

/** The other files whose names begin with `example` run each example. */
it('the folder contains exactly the tested examples', () => {
	expect([...exampleNames].sort()).toEqual([
		'agent-with-veo',
		'approve-before-paying',
		'batch-from-table',
		'content-calendar',
		'create-wait-retrieve',
		'daily-social-clip',
		'first-and-last-frame',
		'mcp-video-tools',
		'product-image-to-video',
		'prompt-form',
		'publish-clip',
		'sheet-to-video',
		'storyboard',
		'telegram-photo-to-video',
	]);
});

it('n8n imports all examples from the command line', async () => {
	const examples = exampleNames.map(readExample);
	const file = join(await mkdtemp(join(tmpdir(), 'veo-import-')), 'examples.json');
	await writeFile(file, JSON.stringify(examples));
	const { node, n8n } = await ensureN8n(process.env.N8N_VERSION);
	const { userFolder } = context.n8n;
	await promisify(execFile)(node, [n8n, 'import:workflow', `--input=${file}`], {
		env: { PATH: process.env.PATH, HOME: userFolder, N8N_USER_FOLDER: userFolder },
	});
	for (const { id, name } of examples) {
		expect(await context.rest.call('GET', `/workflows/${id}`)).toMatchObject({ id, name });
	}
});

describe.each(exampleNames)('the example %s', (name) => {
	const example = readExample(name);

	it('contains nothing personal: no credentials, instance, pinned data or real URLs', () => {
		expect(Object.keys(example)).toEqual(['id', 'name', 'nodes', 'connections', 'settings']);
		for (const node of example.nodes) expect(node).not.toHaveProperty('credentials');
		expect(exampleText(name)).not.toMatch(/instanceId|pinData|sk-/);
		const urls = exampleText(name).match(/https?:\/\/[^\s"'\\)]+/g) ?? [];
		for (const url of urls) expect(url).toMatch(PUBLIC);
	});

	it('has sticky notes that explain what it does and what to set up first', () => {
		const [first, ...others] = notesOf(example);
		expect(first).toMatch(/^## /);
		expect(first).toContain('### Before the first run');
		expect(first).toContain('**CometAPI Veo API** credential');
		expect(others).not.toEqual([]);
		const nodes = example.nodes.map((node) => node.name);
		for (const [, node] of first.matchAll(/Open \*\*(.+?)\*\*/g)) expect(nodes).toContain(node);
	});

	it('imports unchanged', async () => {
		const workflow = withoutId(example);
		const { id } = await context.rest.createWorkflow(workflow);
		const stored = await context.rest.call<typeof example>('GET', `/workflows/${id}`);
		expect(stored).toMatchObject(workflow);
		const nodes = new Set(example.nodes.map((node) => node.name));
		expect(nodes.size).toBe(example.nodes.length);
		const ends = Object.values(example.connections).flatMap((byType) =>
			Object.values(byType).flatMap((outputs) => outputs.flatMap((output) => output ?? [])),
		);
		const connected = [...Object.keys(example.connections), ...ends.map(({ node }) => node)];
		for (const node of connected) expect(nodes).toContain(node);
	});

	it(`needs nothing but credentials${NEEDS[name] ?? ''}`, () => {
		const reports = example.nodes.map((node) => inspectNode(types, node));
		for (const { name: node, issues, unknown, credentials } of reports) {
			expect({ node, issues, unknown }).toEqual({ node, issues: null, unknown: [] });
			for (const type of credentials) expect(CREDENTIALS).toContain(type);
		}
		expect(reports.flatMap(({ credentials }) => credentials)).toContain('cometApiVeoApi');
	});
});
