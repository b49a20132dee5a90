import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_MAX_CONCURRENT, limits } from '../limits';

export const maxConcurrent: INodeProperties = {
	displayName: 'Max Concurrent Videos',
	name: 'maxConcurrent',
	type: 'number',
	typeOptions: { minValue: limits.maxConcurrent.min, maxValue: limits.maxConcurrent.max },
	default: DEFAULT_MAX_CONCURRENT,
	description: 'How many videos to process in parallel',
};

/** Below the field: 0 alone reads like "create nothing" and "spend nothing". */
const NO_LIMIT = '0 means no limit';

export const maxVideos: INodeProperties = {
	displayName: 'Max Videos per Run',
	name: 'maxVideos',
	type: 'number',
	typeOptions: { minValue: limits.maxVideos.min },
	default: 0,
	description:
		'If the input asks for more videos than this, the node stops before creating any. Each round of a loop is a run of its own.',
	hint: NO_LIMIT,
};

export const maxCost: INodeProperties = {
	displayName: 'Max Cost per Run (USD)',
	name: 'maxCost',
	type: 'number',
	typeOptions: { minValue: limits.maxCost.min, numberPrecision: 2 },
	default: 0,
	description:
		"If the estimated cost is higher than this, or can't be estimated, the node stops before creating any video. The estimate comes from CometAPI's price list; the actual charge can differ. Each round of a loop is a run of its own.",
	hint: NO_LIMIT,
};

export const numberOfVideos: INodeProperties = {
	displayName: 'Number of Videos',
	name: 'numberOfVideos',
	type: 'number',
	typeOptions: {
		minValue: limits.numberOfVideos.min,
		maxValue: limits.numberOfVideos.max,
		numberPrecision: 0,
	},
	default: 1,
	description:
		'How many videos to create from each item, so that you can pick the best. Each one is charged, and returned as an item of its own.',
};

/** The collection 'Options' of an operation, in alphabetical order. */
export const optionsField = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...options].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
});
