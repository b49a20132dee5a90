import type { INodeTypeDescription } from 'n8n-workflow';

import { exampleNames, exampleText, inspectNode, notesOf, readExample } from './support/examples';
import { setUp } from './support/setUp';

const stage = setUp();

let types: INodeTypeDescription[];

beforeAll(async () => {
	types = await stage.rest.nodeTypes();
});

/** Each has its run in exampleForms.test.ts or exampleRuns.test.ts. */
it('should be these examples', () => {
	expect([...exampleNames].sort()).toEqual([
		'agent-with-veo',
		'batch-from-table',
		'create-wait-retrieve',
		'daily-social-clip',
		'first-and-last-frame',
		'product-image-to-video',
		'prompt-form',
	]);
});

describe.each(exampleNames)('the example %s', (name) => {
	const example = readExample(name);

	it('should carry nothing of whoever made it', () => {
		expect(Object.keys(example)).toEqual(['name', 'nodes', 'connections', 'settings']);
		for (const node of example.nodes) expect(node).not.toHaveProperty('credentials');
		expect(exampleText(name)).not.toMatch(/instanceId|pinData|sk-/);
		const addresses = exampleText(name).match(/https?:\/\/[^\s"'\\)]+/g) ?? [];
		for (const address of addresses) expect(address).toMatch(/^https:\/\/example\.com\//);
	});

	it('should say in notes what it does and what to do first', () => {
		const [first, ...others] = notesOf(example);
		expect(first).toMatch(/^## /);
		expect(first).toContain('### Before the first run');
		expect(first).toContain('**CometAPI Veo API** credential');
		expect(others).not.toEqual([]);
		const nodes = example.nodes.map((node) => node.name);
		for (const [, asked] of first.matchAll(/Open \*\*(.+?)\*\*/g)) expect(nodes).toContain(asked);
	});

	it('should be imported as it is', async () => {
		const { id } = await stage.rest.createWorkflow(example);
		const stored = await stage.rest.call<typeof example>('GET', `/workflows/${id}`);
		expect(stored).toMatchObject(example);
		const nodes = new Set(example.nodes.map((node) => node.name));
		expect(nodes.size).toBe(example.nodes.length);
		const ends = Object.values(example.connections).flatMap((byType) =>
			Object.values(byType).flatMap((outputs) => outputs.flatMap((output) => output ?? [])),
		);
		const connected = [...Object.keys(example.connections), ...ends.map(({ node }) => node)];
		for (const node of connected) expect(nodes).toContain(node);
	});

	it('should want nothing of the editor but credentials', () => {
		const reports = example.nodes.map((node) => inspectNode(types, node));
		for (const { name: node, issues, unknown, credentials } of reports) {
			expect({ node, issues, unknown }).toEqual({ node, issues: null, unknown: [] });
			for (const type of credentials) expect(['cometApi', 'openAiApi']).toContain(type);
		}
		expect(reports.flatMap(({ credentials }) => credentials)).toContain('cometApi');
	});
});
