import type { INodeParameters, OnError } from 'n8n-workflow';

import type { CredentialRef, Execution, WorkflowToCreate } from '../../../scripts/n8n/rest';
import {
	manualTrigger,
	TRIGGER,
	VEO,
	veo,
	workflowOf,
	type Step,
} from '../../../scripts/n8n/workflow';
import type { FaultRule } from '../../sandbox/server';
import {
	startChatModel,
	videoScript,
	type ChatModel,
	type ChatRequest,
	type Reply,
} from './chatModel';
import { setUp } from './setUp';

const AGENT = 'AI Agent';
const AGENT_TYPE = '@n8n/n8n-nodes-langchain.agent';
const MODEL = 'Chat Model';
const TOOL = 'Create a Video';
const TOOL_TYPE = `${VEO}Tool`;
const WORKFLOW_TOOL_TYPE = '@n8n/n8n-nodes-langchain.toolWorkflow';

export interface AgentCase {
	/** The node's options. */
	options?: Record<string, boolean | number>;
	/** Further parameters of the node. */
	parameters?: INodeParameters;
	/** The operations of further tools. */
	moreTools?: string[];
	faults?: FaultRule[];
	/** The node's setting 'On Error'. */
	onError?: OnError;
	/** The node is in a workflow that the agent calls as its tool; the steps after the node. */
	workflowAsTool?: Step[];
	/** Default: the version that this n8n adds to a workflow. */
	agentVersion?: number;
}

/** Starts n8n and a chat model, once for all tests of a file. */
export function setUpAgent() {
	const context = setUp({ sandbox: { jobMs: 500 } });
	const model = {} as { chat: ChatModel; script: (request: ChatRequest) => Reply };
	let latestVersion: number;

	beforeAll(async () => {
		const types = (await context.rest.nodeTypes()).filter(({ name }) => name === AGENT_TYPE);
		latestVersion = Math.max(...types.flatMap(({ version }) => version));
		model.chat = await startChatModel((request) => model.script(request));
	});
	beforeEach(() => {
		model.script = videoScript;
	});
	afterAll(async () => await model.chat?.close());

	async function run(question: string, given: AgentCase = {}): Promise<Execution> {
		const { rest, sandbox, credential } = context;
		sandbox.reset();
		sandbox.faults = given.faults ?? [];
		model.chat.requests.length = 0;
		const openAi = { apiKey: 'x', url: model.chat.url };
		const openAiApi = await rest.createCredential('openAiApi', openAi);
		const steps = agentSteps(
			question,
			{ agentVersion: latestVersion, ...given },
			credential,
			openAiApi,
		);
		const workflow = await rest.createWorkflow(connected(steps));
		return await rest.runToEnd(workflow, TRIGGER);
	}

	/** @returns the agent's response; the execution must succeed */
	async function ask(question: string, given?: AgentCase): Promise<string> {
		const execution = await run(question, given);
		expect(execution.error).toBeUndefined();
		return execution.itemsOf(AGENT)[0].json.output as string;
	}

	/** The result of each tool call, as the model reads it. */
	const toolResults = () =>
		model.chat.requests
			.at(-1)!
			.messages.filter(({ role }) => role === 'tool')
			.map(({ content }) => `${content}`);

	return { context, model, run, ask, toolResults };
}

function agentSteps(
	question: string,
	{ options, parameters, moreTools = [], onError, agentVersion, workflowAsTool }: AgentCase,
	cometApiVeoApi: CredentialRef,
	openAiApi: CredentialRef,
): Step[] {
	return [
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
		workflowAsTool
			? workflowTool([
					veo(cometApiVeoApi, {
						...(onError && { onError }),
						parameters: { prompt: question, options: { pollInterval: 1, ...options } },
					}),
					...workflowAsTool,
				])
			: veo(cometApiVeoApi, {
					name: TOOL,
					type: TOOL_TYPE,
					...(onError && { onError }),
					parameters: {
						prompt: "={{ $fromAI('Prompt', 'What to generate', 'string') }}",
						...parameters,
						options: { pollInterval: 1, ...options },
					},
					to: [],
				}),
		...moreTools.map((operation) =>
			veo(cometApiVeoApi, {
				name: operation,
				type: TOOL_TYPE,
				parameters: { operation, taskId: 'any' },
				to: [],
			}),
		),
	];
}

const workflowTool = (steps: Step[]): Step => ({
	name: TOOL,
	type: WORKFLOW_TOOL_TYPE,
	typeVersion: 2.2,
	parameters: {
		description: 'Creates a video',
		source: 'parameter',
		workflowJson: JSON.stringify(
			workflowOf('Tool', [
				{
					name: TRIGGER,
					type: 'n8n-nodes-base.executeWorkflowTrigger',
					typeVersion: 1.1,
					parameters: { inputSource: 'passthrough' },
				},
				...steps,
			]),
		),
	},
	to: [],
});

function connected(steps: Step[]): WorkflowToCreate {
	const workflow = workflowOf('Agent', steps);
	const connect = (name: string, type: 'ai_languageModel' | 'ai_tool') => {
		workflow.connections[name] = { [type]: [[{ node: AGENT, type, index: 0 }]] };
	};
	connect(MODEL, 'ai_languageModel');
	const toolTypes = [TOOL_TYPE, WORKFLOW_TOOL_TYPE];
	for (const { name, type } of steps) if (toolTypes.includes(type)) connect(name, 'ai_tool');
	return workflow;
}
