import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import type { CredentialRef, WorkflowToCreate } from '../scripts/n8n/rest';

export interface Credentials {
	cometApi: CredentialRef;
	openAiApi: CredentialRef;
}

export const TRIGGER = 'Start';
/** The node by which the finished videos leave. */
export const RESULT = 'Result';

const VEO = 'n8n-nodes-cometapi-veo.veo';
const MAX_CONCURRENT = 100;

type Item = Record<string, string>;

interface Step {
	name: string;
	type: string;
	version?: number;
	parameters?: INodeParameters;
	uses?: Partial<Credentials>;
	/** Where its first and second output go; without it, the first goes to the next step. */
	to?: string[];
}

export const prompts = (count: number): Item[] =>
	Array.from({ length: count }, (_, number) => ({ prompt: `A kite over a field, ${number}` }));

/** This node: Create Video and Wait. */
export const createAndWait = (items: Item[], { cometApi }: Credentials) =>
	workflow('Create Video and Wait', items, [
		veo(RESULT, cometApi, items.length, { operation: 'createAndWait', ...PROMPT }),
	]);

/** This node's other operations around n8n's Wait and If nodes, as one would do without waiting. */
export const createThenLoop = (items: Item[], { cometApi }: Credentials) =>
	workflow('Create, Wait, Retrieve', items, [
		veo('Create', cometApi, items.length, { operation: 'create', ...PROMPT }),
		{
			name: 'Wait',
			type: 'n8n-nodes-base.wait',
			version: 1.1,
			parameters: { resume: 'timeInterval', amount: 5, unit: 'seconds' },
		},
		veo('Retrieve', cometApi, items.length, { operation: 'retrieve' }),
		{
			name: 'Is Completed',
			type: 'n8n-nodes-base.if',
			version: 2.2,
			parameters: IS_COMPLETED,
			to: [RESULT, 'Wait'],
		},
		{ name: RESULT, type: 'n8n-nodes-base.noOp' },
	]);

/** This node: Retrieve Video, for items with the ids of tasks. */
export const retrieve = (items: Item[], { cometApi }: Credentials) =>
	workflow('Retrieve Video', items, [
		veo(RESULT, cometApi, items.length, { operation: 'retrieve' }),
	]);

/** n8n's own HTTP Request node, for items with the links of files. */
export const httpRequest = (items: Item[]) =>
	workflow('HTTP Request', items, [
		{
			name: RESULT,
			type: 'n8n-nodes-base.httpRequest',
			version: 4.2,
			parameters: {
				url: '={{ $json.link }}',
				options: { response: { response: { responseFormat: 'file' } } },
			},
		},
	]);

/** n8n's own OpenAI node, which speaks the same route and works on its items one by one. */
export const openAi = (items: Item[], { openAiApi }: Credentials) =>
	workflow('OpenAI', items, [
		{
			name: RESULT,
			type: '@n8n/n8n-nodes-langchain.openAi',
			version: 2.3,
			parameters: {
				resource: 'video',
				operation: 'generate',
				modelId: { __rl: true, mode: 'id', value: 'veo3-fast' },
				...PROMPT,
			},
			uses: { openAiApi },
		},
	]);

const PROMPT = { prompt: '={{ $json.prompt }}' };

const IS_COMPLETED: INodeParameters = {
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
		combinator: 'and',
		conditions: [
			{
				id: 'completed',
				leftValue: '={{ $json.status }}',
				rightValue: 'completed',
				operator: { type: 'string', operation: 'equals' },
			},
		],
	},
};

function veo(
	name: string,
	cometApi: CredentialRef,
	videos: number,
	parameters: INodeParameters,
): Step {
	const options = { maxConcurrent: Math.min(videos, MAX_CONCURRENT) };
	return { name, type: VEO, parameters: { ...parameters, options }, uses: { cometApi } };
}

/** The items come from a list in the workflow, without a task runner in the way. */
function workflow(name: string, items: Item[], steps: Step[]): WorkflowToCreate {
	const all: Step[] = [
		{ name: TRIGGER, type: 'n8n-nodes-base.manualTrigger' },
		{
			name: 'List',
			type: 'n8n-nodes-base.set',
			version: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ items }) },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			parameters: { fieldToSplitOut: 'items' },
		},
		...steps,
	];
	return { name: `${name}, ${items.length}`, nodes: all.map(nodeOf), connections: connect(all) };
}

const nodeOf = ({ name, type, version = 1, parameters = {}, uses = {} }: Step, index: number) =>
	({
		id: `00000000-0000-4000-8000-00000000000${index}`,
		name,
		type,
		typeVersion: version,
		position: [200 * index, 0],
		parameters,
		credentials: uses,
	}) as INode;

function connect(steps: Step[]): IConnections {
	const connections: IConnections = {};
	for (const [index, { name, to = [steps[index + 1]?.name] }] of steps.entries()) {
		if (!to[0]) continue;
		connections[name] = { main: to.map((node) => [{ node, type: 'main', index: 0 }]) };
	}
	return connections;
}
