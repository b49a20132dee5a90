import type { CredentialRef, Execution, WorkflowToCreate } from '../../scripts/n8n/rest';
import {
	manualTrigger,
	TRIGGER,
	VEO,
	veo,
	workflowOf,
	type Step,
} from '../../scripts/n8n/workflow';
import { callAgain, startChatModel, videoScript, type ChatModel } from './support/chatModel';
import { replies, type FaultRule } from '../sandbox/server';
import { sha256 } from './support/expectVideos';
import { setUp } from './support/setUp';

const AGENT = 'AI Agent';
const AGENT_TYPE = '@n8n/n8n-nodes-langchain.agent';
const MODEL = 'Chat Model';
const TOOL = 'Create a Video';

const context = setUp({ sandbox: { jobMs: 500 } });

let chatModel: ChatModel;
let script = videoScript;
/** The version of the agent that this n8n adds to a workflow. */
let agentVersion: number;

beforeAll(async () => {
	const types = (await context.rest.nodeTypes()).filter(({ name }) => name === AGENT_TYPE);
	agentVersion = Math.max(...types.flatMap(({ version }) => version));
	chatModel = await startChatModel((request) => script(request));
});
afterEach(() => {
	script = videoScript;
});
afterAll(async () => await chatModel?.close());

/** @returns the agent's answer */
async function ask(...given: Parameters<typeof execute>): Promise<string> {
	const execution = await execute(...given);
	expect(execution.error).toBeUndefined();
	return execution.itemsOf(AGENT)[0].json.output as string;
}

async function execute(
	question: string,
	options: Record<string, boolean | number> = {},
	faults: FaultRule[] = [],
): Promise<Execution> {
	const { rest, sandbox, credential } = context;
	sandbox.reset();
	sandbox.faults = faults;
	chatModel.requests.length = 0;
	const openAiApi = await rest.createCredential('openAiApi', { apiKey: 'x', url: chatModel.url });
	const workflow = await rest.createWorkflow(agent(question, options, credential, openAiApi));
	const id = await rest.run(workflow, TRIGGER);
	await rest.untilEnded(workflow.id, id, 200);
	return await rest.execution(id);
}

function agent(
	question: string,
	options: Record<string, boolean | number>,
	cometApiVeoApi: CredentialRef,
	openAiApi: CredentialRef,
): WorkflowToCreate {
	const steps: Step[] = [
		{ ...manualTrigger, to: [AGENT] },
		{
			name: AGENT,
			type: AGENT_TYPE,
			typeVersion: agentVersion,
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
	// n8n 2.20.12, as npm installs it, loses the parameters of any tool, also of its own HTTP Request tool
	it('gets the tool with the prompt as its only parameter (not n8n 2.20)', async () => {
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

	it("answers with a link to the stored file when 'Include File Link' is on (files on disk)", async () => {
		const answer = await ask('a paper kite', { includeFileLink: true });
		expect(findLink(answer)).toContain('/rest/binary-data/signed?');
		const [{ id }] = context.sandbox.tasks;
		expect(sha256(await fetchBytes(findLink(answer)))).toBe(context.sandbox.sha256(id));
	});
});

describe('a tool call that fails', () => {
	/** What the model was told by each call of the tool. */
	const toolResults = () =>
		chatModel.requests
			.at(-1)!
			.messages.filter(({ role }) => role === 'tool')
			.map(({ content }) => `${content}`);

	it('tells the model what happened and what to do, with the words of CometAPI (n8n ≥ 2.41)', async () => {
		const answer = await ask('a paper kite', {}, [
			{ call: 'create', fault: replies.contentPolicy400 },
		]);
		expect(answer).toContain('There is no video');
		const [told] = toolResults();
		expect(told).toContain('CometAPI refused the prompt or an image');
		expect(told).toContain('Change the prompt');
		expect(told).toMatch(/CometAPI says: .*request id: sandbox/);
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('stops the execution with what happened and what to do (n8n < 2.41)', async () => {
		const { error } = await execute('a paper kite', {}, [
			{ call: 'create', fault: replies.contentPolicy400 },
		]);
		expect(error?.message).toContain('CometAPI refused the prompt or an image');
		expect(error?.message).toMatch(/Change the prompt.*CometAPI says: /);
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('resumes the video that is not finished when the model calls again (n8n ≥ 2.41)', async () => {
		script = callAgain(2);
		const answer = await ask('a slow kite', { timeout: 0 });
		const [{ id }] = context.sandbox.tasks;
		expect(toolResults()[0]).toContain(id);
		expect(toolResults()[0]).toContain('Call the tool again with the same input');
		expect(answer).toContain(id);
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});

	it('does not send a request again whose answer was lost (n8n ≥ 2.41)', async () => {
		script = callAgain(3);
		await ask('a lost kite', {}, [
			{ call: 'create', fault: { ...replies.serverError, created: true } },
		]);
		expect(toolResults()[0]).toContain('may have been created and charged');
		expect(toolResults()[1]).toContain('Not resent');
		expect(context.sandbox.counts().creates).toBe(1);
	});

	it('creates another video when the model asks for the same again after it has one', async () => {
		script = callAgain(2);
		await ask('two kites');
		expect(context.sandbox.counts()).toMatchObject({ creates: 2, created: 2 });
	});
});
