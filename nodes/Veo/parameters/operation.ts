import type { INodeProperties } from 'n8n-workflow';

/**
 * The only resource. Without one, n8n does not name nodes and describe tools by their operation;
 * without its option, the node panel lists no operation.
 */
export const RESOURCE = 'video';

/** The values of 'Operation', as saved workflows have them. */
export const OPERATION = {
	create: 'create',
	createAndWait: 'createAndWait',
	retrieve: 'retrieve',
} as const;

const options = [
	{
		name: 'Create Video',
		value: OPERATION.create,
		description: 'Start a video and return its task ID without waiting',
		action: 'Create video',
	},
	{
		name: 'Create Video and Wait',
		value: OPERATION.createAndWait,
		description: 'Create a video, wait until it is finished, and return the file',
		action: 'Create video and wait',
	},
	{
		name: 'Retrieve Video',
		value: OPERATION.retrieve,
		description: 'Retrieve the status of a video, and its file if it is finished',
		action: 'Retrieve video',
	},
];

export const resource: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'hidden',
	noDataExpression: true,
	options: [{ name: 'Video', value: RESOURCE }],
	default: RESOURCE,
};

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options,
	default: 'createAndWait',
	displayOptions: { show: { resource: [RESOURCE] } },
};

/** The name of each value. */
export const OPERATION_NAMES = Object.fromEntries(
	options.map(({ value, name }) => [value, name]),
) as Record<keyof typeof OPERATION, string>;
