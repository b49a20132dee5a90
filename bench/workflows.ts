import type { INodeParameters } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../nodes/Veo/transport/credential';
import type { CredentialRef, N8nRest } from '../scripts/n8n/rest';
import { fromPrompts, manualTrigger, veo, workflowOf, type Step } from '../scripts/n8n/workflow';
import type { Sandbox } from '../test/sandbox/server';

/** The nodes that turn items with a `prompt` into finished videos. */
export type Steps = (credentials: Awaited<ReturnType<typeof createCredentials>>) => Step[];

/** The last node, which returns the finished videos. */
export const RESULT = 'Result';
export const MAX_CONCURRENT = 100;
const PAUSE = { maxConcurrent: MAX_CONCURRENT, waitMode: 'durable' };

export async function createCredentials(rest: N8nRest, { apiKey, baseUrl }: Sandbox) {
	const openAi = { apiKey, url: `${baseUrl}/v1`, header: false };
	return {
		baseUrl,
		veoApi: await rest.createCredential('cometApiVeoApi', { apiKey, baseUrl }),
		openAiApi: await rest.createCredential('openAiApi', openAi),
	};
}

export function workflowFor(videos: number, steps: Step[]) {
	const prompts = Array.from({ length: videos }, (_, index) => `A kite, ${index}`);
	return workflowOf('Benchmark', [manualTrigger, ...fromPrompts(...prompts), ...steps]);
}

export const createAndWait: Steps = ({ veoApi }) => [veoStep(RESULT, 'createAndWait', veoApi)];

/** The execution pauses until its videos are finished. */
export const createAndPause: Steps = ({ veoApi }) => [
	veoStep(RESULT, 'createAndWait', veoApi, { options: PAUSE }),
];

/** For videos that are finished immediately. */
export const createThenRetrieve: Steps = ({ veoApi }) => [
	veoStep('Create', 'create', veoApi),
	veoStep(RESULT, 'retrieve', veoApi),
];

/** Create Video and Retrieve Video in a loop with n8n's Wait and If nodes. */
export const singleSteps: Steps = ({ veoApi }) => [
	veoStep('Create', 'create', veoApi),
	step('Wait', 'n8n-nodes-base.wait', 1.1, { resume: 'timeInterval', amount: 5, unit: 'seconds' }),
	veoStep('Retrieve', 'retrieve', veoApi),
	{
		...step('Is Completed', 'n8n-nodes-base.if', 1, { conditions: IS_COMPLETED }),
		to: [RESULT, 'Wait'],
	},
	step(RESULT, 'n8n-nodes-base.noOp', 1, {}),
];

const IS_COMPLETED = { string: [{ value1: '={{ $json.status }}', value2: 'completed' }] };

/** n8n's OpenAI node, which uses the same API and processes one item at a time. */
export const openAi: Steps = ({ openAiApi }) => [
	{
		...step(RESULT, '@n8n/n8n-nodes-langchain.openAi', 2.3, {
			resource: 'video',
			operation: 'generate',
			modelId: { __rl: true, mode: 'id', value: 'veo3-fast' },
			prompt: '={{ $json.prompt }}',
		}),
		credentials: { openAiApi },
	},
];

/** n8n's HTTP Request node, doing everything this node does for a video that is finished immediately. */
export const httpRequests: Steps = ({ veoApi, baseUrl }) => {
	const own = {
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		options: { batching: { batch: { batchSize: MAX_CONCURRENT, batchInterval: 1 } } },
	};
	const request = (name: string, url: string, parameters: INodeParameters = {}): Step => ({
		...step(name, 'n8n-nodes-base.httpRequest', 4.2, { ...own, url, ...parameters }),
		credentials: { [CREDENTIAL_TYPE]: veoApi },
	});
	const prompt = { name: 'prompt', value: '={{ $json.prompt }}' };
	const checks = [1, 2, 3, 4].map((nth) =>
		request(`Check ${nth}`, `=${baseUrl}/v1/videos/{{ $json.id }}`),
	);
	return [
		request('Create', `${baseUrl}/v1/videos`, {
			method: 'POST',
			sendBody: true,
			contentType: 'multipart-form-data',
			bodyParameters: { parameters: [prompt, { name: 'model', value: 'veo3-fast' }] },
		}),
		...checks,
		request(RESULT, '={{ $json.video_url }}', {
			authentication: 'none',
			options: { ...own.options, response: { response: { responseFormat: 'file' } } },
		}),
	];
};

/** n8n's HTTP Request node downloads the files. */
export const httpRequest: Steps = ({ veoApi }) => [
	veoStep('Create', 'create', veoApi),
	veoStep('Retrieve', 'retrieve', veoApi, { downloadVideo: false }),
	step(RESULT, 'n8n-nodes-base.httpRequest', 4.2, {
		url: '={{ $json.video_url }}',
		options: { response: { response: { responseFormat: 'file' } } },
	}),
];

function step(name: string, type: string, typeVersion: number, parameters: INodeParameters): Step {
	return { name, type, typeVersion, parameters };
}

function veoStep(name: string, operation: string, veoApi: CredentialRef, more?: INodeParameters) {
	const options = { maxConcurrent: MAX_CONCURRENT };
	return veo(veoApi, { name, parameters: { operation, options, ...more } });
}
