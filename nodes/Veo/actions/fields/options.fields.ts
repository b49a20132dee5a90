import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_MAX_CONCURRENT, limits } from '../../limits';

export const maxConcurrent: INodeProperties = {
	displayName: 'Max Concurrent Videos',
	name: 'maxConcurrent',
	type: 'number',
	typeOptions: { minValue: limits.maxConcurrent.min, maxValue: limits.maxConcurrent.max },
	default: DEFAULT_MAX_CONCURRENT,
	description: 'How many videos to process in parallel',
};

export const maxVideos: INodeProperties = {
	displayName: 'Max Videos per Run',
	name: 'maxVideos',
	type: 'number',
	typeOptions: { minValue: limits.maxVideos.min },
	default: 0,
	description:
		'If the input asks for more videos than this, the node stops before creating any. Each round of a loop is a run of its own. Set to 0 for no limit.',
};

/** The collection 'Options' of an operation. */
export const optionsField = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options,
});
