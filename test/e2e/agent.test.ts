import type { INodeParameters, OnError } from 'n8n-workflow';

import type { CredentialRef, Execution, WorkflowToCreate } from '../../scripts/n8n/rest';
import {
	manualTrigger,
	TRIGGER,
	VEO,
	veo,
	workflowOf,
	type Step,
} from '../../scripts/n8n/workflow';
import {
	callAgain,
	startChatModel,
	toolCalls,
	videoScript,
	type ChatModel,
	type ChatRequest,
	type Reply,
} from './support/chatModel';
import { replies, type FaultRule } from '../sandbox/server';
import { sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { serve } from './support/serve';
import { setUp } from './support/setUp';

const AGENT = 'AI Agent';
const MODEL = 'Chat Model';
const TOOL = 'Create a Video';

const context = setUp({ sandbox: { jobMs: 500 } });

let chatModel: ChatModel;
let script: (request: ChatRequest) => Reply = videoScript;

beforeAll(async () => {
	chatModel = await startChatModel((request) => script(request));
});
afterEach(() => {
	script = videoScript;
});
afterAll(async () => await chatModel?.close());

interface Case {
	/** The node's options. */
	options?: Record<string, boolean | number>;
	/** Further parameters of the node. */
	parameters?: INodeParameters;
	faults?: FaultRule[];
	/** The node's setting 'On Error'. */
	onError?: OnError;
	agentVersion?: number;
}

/** @returns the agent's answer; the execution must succeed */
async function ask(question: string, given: Case = {}): Promise<string> {
	const execution = await run(question, given);
	expect(execution.error).toBeUndefined();
	return execution.itemsOf(AGENT)[0].json.output as string;
}

async function run(question: string, given: Case): Promise<Execution> {
	const { rest, sandbox, credential } = context;
	sandbox.reset();
	sandbox.faults = given.faults ?? [];
	chatModel.requests.length = 0;
	const openAiApi = await rest.createCredential('openAiApi', { apiKey: 'x', url: chatModel.url });
	const workflow = await rest.createWorkflow(agent(question, given, credential, openAiApi));
	const id = await rest.run(workflow, TRIGGER);
	await rest.untilEnded(workflow.id, id, 200);
	return await rest.execution(id);
}

function agent(
	question: string,
	{ options, parameters, onError, agentVersion = 3.1 }: Case,
	cometApiVeoApi: CredentialRef,
	openAiApi: CredentialRef,
): WorkflowToCreate {
	const steps: Step[] = [
		{ ...manualTrigger, to: [AGENT] },
		{
			name: AGENT,
			type: '@n8n/n8n-nodes-langchain.agent',
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
			...(onError && { onError }),
			parameters: {
				prompt: "={{ $fromAI('Prompt', 'What to generate', 'string') }}",
				...parameters,
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

	it('creates a video from the image whose URL the model gives', async () => {
		const image = fixture('first-frame.png');
		const host = await serve((_, res) => res.end(image));
		try {
			script = (request) => toolCalls(request, 1, { Prompt: 'A kite', Image_URL: host.url });
			await ask('a paper kite', {
				parameters: {
					...{ imageInput: 'image', imageSource: 'url' },
					imageUrl: "={{ $fromAI('Image_URL', 'Public URL of the image', 'string') }}",
				},
			});
			const [{ tools = [] }] = chatModel.requests;
			expect(tools[0].function.parameters).toMatchObject({ required: ['Prompt', 'Image_URL'] });
			const [{ parts }] = context.sandbox.tasks;
			expect(parts.find(({ name }) => name === 'input_reference')).toMatchObject({
				sha256: sha256(image),
			});
		} finally {
			await host.close();
		}
	});

	it("answers with a link to the stored file when 'Include File Link' is on", async () => {
		const answer = await ask('a paper kite', { options: { includeFileLink: true } });
		expect(findLink(answer)).toContain('/rest/binary-data/signed?');
		const [{ id }] = context.sandbox.tasks;
		expect(sha256(await fetchBytes(findLink(answer)))).toBe(context.sandbox.sha256(id));
	});
});

const refused: FaultRule = { call: 'create', fault: replies.contentPolicy400 };

describe('a tool call that fails', () => {
	/** What the model was told by each call of the tool. */
	const toolResults = () =>
		chatModel.requests
			.at(-1)!
			.messages.filter(({ role }) => role === 'tool')
			.map(({ content }) => `${content}`);

	it('tells the model what happened and what to do, with the words of CometAPI', async () => {
		const answer = await ask('a paper kite', { faults: [refused] });
		expect(answer).toContain('There is no video');
		const [told] = toolResults();
		expect(told).toContain('CometAPI refused the prompt or an image');
		expect(told).toContain('Change the prompt');
		expect(told).toMatch(/CometAPI says: .*request id: sandbox/);
		expect(context.sandbox.counts().creates).toBe(1);
	});

	describe.each([3.1, 2.2])(
		"with 'On Error' set to Continue, in version %s of the agent",
		(agentVersion) => {
			it('tells the model why the prompt was refused, and the workflow continues', async () => {
				const onError = 'continueRegularOutput';
				const answer = await ask('a kite', { faults: [refused], onError, agentVersion });
				expect(answer).toContain('There is no video');
				const [[told]] = toolResults().map((text) => JSON.parse(text));
				expect(told).toMatchObject({
					error: 'CometAPI refused the prompt or an image',
					message: expect.stringContaining('Change the prompt or the images. CometAPI says: '),
					details: { kind: 'moderated', retryable: false, mayHaveBeenCreated: false },
				});
			});

			it('tells the model that its prompt is empty, and the workflow continues', async () => {
				script = (request) => toolCalls(request, 1, { Prompt: '' });
				await ask('a kite', { onError: 'continueRegularOutput', agentVersion });
				expect(toolResults()[0]).toContain("'Prompt' is empty");
				expect(context.sandbox.counts().creates).toBe(0);
			});
		},
	);

	it("ends the workflow with 'On Error' set to Stop Workflow", async () => {
		const { status, error } = await run('a kite', { faults: [refused], onError: 'stopWorkflow' });
		expect(status).toBe('error');
		expect(error?.message).toContain('CometAPI refused the prompt or an image');
	});

	it('resumes the video that is not finished when the model calls again', async () => {
		script = callAgain(2);
		const answer = await ask('a slow kite', { options: { timeout: 0 } });
		const [{ id }] = context.sandbox.tasks;
		expect(toolResults()[0]).toContain(id);
		expect(toolResults()[0]).toContain('Call the tool again with the same input');
		expect(answer).toContain(id);
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});

	it('does not send a request again whose answer was lost', async () => {
		script = callAgain(3);
		const fault = { ...replies.serverError, created: true };
		await ask('a lost kite', { faults: [{ call: 'create', fault }] });
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
