import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { optionsFields } from './actions/options.fields';
import { requestFields } from './actions/request.fields';
import { outputFields } from './actions/shared.fields';
import { taskFields } from './actions/task.fields';

/** n8n loads this file and what it imports at every start; the rest is loaded at its first use. */
export class Veo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'CometAPI Veo',
		name: 'veo',
		icon: { light: 'file:../../icons/cometapi.svg', dark: 'file:../../icons/cometapi.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ { create: "Create Video", createAndWait: "Create Video and Wait", retrieve: "Retrieve Video" }[$parameter["operation"]] }}',
		description: 'Make videos from prompts and images with Veo, through CometAPI',
		defaults: { name: 'CometAPI Veo' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'cometApi', required: true }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Create Video',
						value: 'create',
						description: 'Start a video and go on at once with its task ID',
						action: 'Create a video',
					},
					{
						name: 'Create Video and Wait',
						value: 'createAndWait',
						description: 'Start a video, wait for it and hand on the file',
						action: 'Create a video and wait for it',
					},
					{
						name: 'Retrieve Video',
						value: 'retrieve',
						description: 'Look how far a video is, and fetch the file if it is finished',
						action: 'Retrieve a video',
					},
				],
				default: 'createAndWait',
			},
			...requestFields,
			...taskFields,
			...outputFields,
			...optionsFields,
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
