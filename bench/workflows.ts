import type { INodeParameters } from 'n8n-workflow';

import type { CredentialRef, WorkflowToCreate } from '../scripts/n8n/rest';
import { itemsFrom, manualTrigger, veo, workflowOf, type Step } from '../scripts/n8n/workflow';

export interface Credentials {
	cometApi: CredentialRef;
	openAiApi: CredentialRef;
}

/** The node by which the finished videos leave. */
export const RESULT = 'Result';

const MAX_CONCURRENT = 100;

type Item = Record<string, string>;

export const prompts = (count: number): Item[] =>
	Array.from({ length: count }, (_, number) => ({ prompt: `A kite over a field, ${number}` }));

/** This node: Create Video and Wait. */
export const createAndWait = (items: Item[], { cometApi }: Credentials) =>
	workflow('Create Video and Wait', items, [ours(RESULT, cometApi, items.length)]);

/** This node's other operations around n8n's Wait and If nodes, as one would do without waiting. */
export const createThenLoop = (items: Item[], { cometApi }: Credentials) =>
	workflow('Create, Wait, Retrieve', items, [
		ours('Create', cometApi, items.length, { operation: 'create' }),
		{
			name: 'Wait',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { resume: 'timeInterval', amount: 5, unit: 'seconds' },
		},
		ours('Retrieve', cometApi, items.length, { operation: 'retrieve' }),
		{
			name: 'Is Completed',
			type: 'n8n-nodes-base.if',
			typeVersion: 2.2,
			parameters: IS_COMPLETED,
			to: [RESULT, 'Wait'],
		},
		{ name: RESULT, type: 'n8n-nodes-base.noOp' },
	]);

/** This node: Retrieve Video, for items with the ids of tasks. */
export const retrieve = (items: Item[], { cometApi }: Credentials) =>
	workflow('Retrieve Video', items, [
		ours(RESULT, cometApi, items.length, { operation: 'retrieve' }),
	]);

/** n8n's own HTTP Request node, for items with the links of files. */
export const httpRequest = (items: Item[]) => fetchLinks(items, {});

/** The same, with so many of its requests at a time. */
export const httpRequestInBatches =
	(batch: { batchSize: number; batchInterval: number }) => (items: Item[]) =>
		fetchLinks(items, { batching: { batch } });

const fetchLinks = (items: Item[], options: INodeParameters) =>
	workflow('HTTP Request', items, [
		{
			name: RESULT,
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: '={{ $json.link }}',
				options: { ...options, response: { response: { responseFormat: 'file' } } },
			},
		},
	]);

/** n8n's own OpenAI node, which speaks the same route and works on its items one by one. */
export const openAi = (items: Item[], { openAiApi }: Credentials) =>
	workflow('OpenAI', items, [
		{
			name: RESULT,
			type: '@n8n/n8n-nodes-langchain.openAi',
			typeVersion: 2.3,
			parameters: {
				resource: 'video',
				operation: 'generate',
				modelId: { __rl: true, mode: 'id', value: 'veo3-fast' },
				prompt: '={{ $json.prompt }}',
			},
			credentials: { openAiApi },
		},
	]);

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

function ours(
	name: string,
	cometApi: CredentialRef,
	videos: number,
	parameters: INodeParameters = {},
): Step {
	const options = { maxConcurrent: Math.min(videos, MAX_CONCURRENT) };
	return veo(cometApi, { name, parameters: { ...parameters, options } });
}

const workflow = (name: string, items: Item[], steps: Step[]): WorkflowToCreate =>
	workflowOf(`${name}, ${items.length}`, [manualTrigger, ...itemsFrom(items), ...steps]);
