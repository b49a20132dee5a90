import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import * as create from './actions/createVideo.operation';
import * as createAndWait from './actions/createVideoAndWait.operation';
import { requestFields } from './actions/request.fields';
import * as retrieve from './actions/retrieveVideo.operation';
import { router } from './actions/router';
import { outputFields } from './actions/shared.fields';
import { searchModels } from './methods/searchModels';

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
			...retrieve.fields,
			...outputFields,
			...create.description,
			...createAndWait.description,
			...retrieve.description,
		],
	};

	methods = { listSearch: { searchModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await router.call(this);
	}
}
