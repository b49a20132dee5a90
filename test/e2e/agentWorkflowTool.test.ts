import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { replies, type FaultRule } from '../sandbox/server';
import { setUpAgent } from './support/agent';
import { toolCalls } from './support/chatModel';
import type { Step } from '../../scripts/n8n/workflow';

const { context, model, ask, toolResults } = setUpAgent();

const page = readFileSync(join(__dirname, '../../docs/ai.md'), 'utf8');
const [, section] = page.split('\n## A workflow as the tool\n');

/** The fields that the page advises to return. */
const assignments = [
	...section.split('\n## ')[0].matchAll(/^\| `(\w+)` +\| `(\{\{.*?\}\})` +\|/gm),
].map(([, name, value]) => ({
	...{ id: name, name, value: `=${value}` },
	type: name === 'may_have_been_charged' ? 'boolean' : 'string',
}));

const response: Step = {
	name: 'Response',
	type: 'n8n-nodes-base.set',
	typeVersion: 3.4,
	parameters: { assignments: { assignments } },
	to: [],
};

const lost: FaultRule = { call: 'create', fault: { ...replies.serverError, created: true } };

beforeEach(() => {
	model.script = (request) => toolCalls(request, 1, { input: 'go' });
});

describe.each([3.1, 2.2])('a workflow as the tool of version %s of the agent', (agentVersion) => {
	it('returns only the message of an error', async () => {
		await ask('a kite', { agentVersion, faults: [lost], workflowAsTool: [] });
		const [told] = toolResults();
		expect(told).toContain('The video may have been created and charged');
		expect(told).not.toContain('usage log');
	});

	it('returns what to do, too, as the page advises', async () => {
		const given = { agentVersion, workflowAsTool: [response] };
		await ask('a kite', { ...given, onError: 'continueRegularOutput', faults: [lost] });
		expect(assignments).toHaveLength(5);
		const [told] = toolResults();
		expect(told).toContain('The video may have been created and charged');
		expect(told).toContain('usage log');
		expect(told).toMatch(/may_have_been_charged\W+true/);
	});

	it('returns the task ID and the link of a video', async () => {
		await ask('a kite', { agentVersion, workflowAsTool: [response] });
		const [{ id }] = context.sandbox.tasks;
		const [told] = toolResults();
		expect(told).toContain(id);
		expect(told).toMatch(/link\W+http/);
		expect(told).toMatch(/may_have_been_charged\W+false/);
	});
});
