import type { CredentialRef, WorkflowToCreate } from '../../scripts/n8n/rest';
import {
	manualTrigger,
	TRIGGER,
	VEO,
	veo,
	workflowOf,
	type Step,
} from '../../scripts/n8n/workflow';
import { startChatModel, videoScript, type ChatModel } from './support/chatModel';
import { sha256 } from './support/expectVideos';
import { setUp } from './support/setUp';

const AGENT = 'AI Agent';
const MODEL = 'Chat Model';
const TOOL = 'Create a Video';

const context = setUp({ sandbox: { jobMs: 500 } });

let chatModel: ChatModel;

beforeAll(async () => {
	chatModel = await startChatModel(videoScript);
});
afterAll(async () => await chatModel?.close());

/** @returns the agent's answer */
async function ask(question: string, options: Record<string, boolean> = {}): Promise<string> {
	const { rest, sandbox, credential } = context;
	sandbox.reset();
	chatModel.requests.length = 0;
	const openAiApi = await rest.createCredential('openAiApi', { apiKey: 'x', url: chatModel.url });
	const workflow = await rest.createWorkflow(agent(question, options, credential, openAiApi));
	const id = await rest.run(workflow, TRIGGER);
	await rest.untilEnded(workflow.id, id, 200);
	const execution = await rest.execution(id);
	expect(execution.error).toBeUndefined();
	return execution.itemsOf(AGENT)[0].json.output as string;
}

function agent(
	question: string,
	options: Record<string, boolean>,
	cometApiVeoApi: CredentialRef,
	openAiApi: CredentialRef,
): WorkflowToCreate {
	const steps: Step[] = [
		{ ...manualTrigger, to: [AGENT] },
		{
			name: AGENT,
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion: 3.1,
			parameters: { promptType: 'define', text: question },
			to: [],
		},
		{
			name: MODEL,
			type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
			typeVersion: 1.2,
			parameters: { model: { __rl: true, mode: 'id', value: 'scripted' } },
			credentials: { openAiApi },
			to: [],
		},
		veo(cometApiVeoApi, {
			name: TOOL,
			type: `${VEO}Tool`,
			parameters: {
				prompt: "={{ $fromAI('Prompt', 'What to generate', 'string') }}",
				options: { pollInterval: 1, ...options },
			},
			to: [],
		}),
	];
	const workflow = workflowOf('Agent', steps);
	for (const [name, type] of [
		[MODEL, 'ai_languageModel'],
		[TOOL, 'ai_tool'],
	] as const) {
		workflow.connections[name] = { [type]: [[{ node: AGENT, type, index: 0 }]] };
	}
	return workflow;
}

const findLink = (answer: string) => /https?:\S+/.exec(answer)?.[0] ?? '';

async function fetchBytes(link: string): Promise<Buffer> {
	const response = await fetch(link);
	expect(response.status).toBe(200);
	return Buffer.from(await response.arrayBuffer());
}

describe('an AI Agent with the node as a tool', () => {
	it('gets the tool with the prompt as its only parameter', async () => {
		await ask('a paper kite');
		const [{ tools = [] }] = chatModel.requests;
		expect(tools.map((tool) => tool.function)).toEqual([
			expect.objectContaining({
				name: 'Create_a_Video',
				parameters: expect.objectContaining({
					properties: {
						Prompt: { type: 'string', description: 'What to generate' },
					},
					required: ['Prompt'],
				}),
			}),
		]);
	});

	it('creates a video from the prompt it wrote and answers with a link to it', async () => {
		const answer = await ask('a paper kite');
		expect(context.sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['A video of a paper kite']);
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
		const [{ id }] = context.sandbox.tasks;
		expect(sha256(await fetchBytes(findLink(answer)))).toBe(context.sandbox.sha256(id));
	});

	it("answers with a link to the stored file when 'Include File Link' is on", async () => {
		const answer = await ask('a paper kite', { includeFileLink: true });
		expect(findLink(answer)).toContain('/rest/binary-data/signed?');
		const [{ id }] = context.sandbox.tasks;
		expect(sha256(await fetchBytes(findLink(answer)))).toBe(context.sandbox.sha256(id));
	});
});
