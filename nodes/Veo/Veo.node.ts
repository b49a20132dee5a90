import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import * as createVideo from './actions/createVideo.operation';
import * as createVideoAndWait from './actions/createVideoAndWait.operation';
import { operation, OPERATION_NAMES, resource } from './parameters/operation';
import { requestHints } from './parameters/request';
import { WITHOUT_CREDENTIAL } from './parameters/task';
import * as retrieveVideo from './actions/retrieveVideo.operation';

/** n8n loads this file and what it imports at every start; the rest is loaded at its first use. */
export class Veo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'CometAPI Veo',
		name: 'veo',
		icon: { light: 'file:../../icons/cometapi.svg', dark: 'file:../../icons/cometapi.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: `={{ ${JSON.stringify(OPERATION_NAMES)}[$parameter["operation"]] }}`,
		description: 'Generate videos from text prompts and images with Google Veo, via CometAPI',
		defaults: { name: 'CometAPI Veo' },
		usableAsTool: true,
		waitingNodeTooltip: 'Waiting for the videos. They are checked about once a minute.',
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		hints: requestHints,
		credentials: [
			{
				name: 'cometApiVeoApi',
				required: true,
				// n8n marks a node that lacks one in red
				displayOptions: { hide: { internalRole: WITHOUT_CREDENTIAL } },
			},
		],
		properties: [
			resource,
			operation,
			...createVideo.description,
			...createVideoAndWait.description,
			...retrieveVideo.description,
		],
	};

	methods = {
		listSearch: {
			async searchModels(
				this: ILoadOptionsFunctions,
				filter?: string,
			): Promise<INodeListSearchResult> {
				const { searchModels } = await import('./methods/searchModels');
				return await searchModels.call(this, filter);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { router } = await import('./actions/router');
		return await router.call(this);
	}
}
