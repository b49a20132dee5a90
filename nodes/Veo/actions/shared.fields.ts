import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Fault } from '../api/fault';
import { DEFAULT_MAX_CONCURRENT, limits } from '../limits';
import type { OutputOptions } from '../run/download';

/** Whether and where the file goes; for the operations that can meet a finished video. */
const show = { operation: ['createAndWait', 'retrieve'] };

export const outputFields: INodeProperties[] = [
	{
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: true,
		description: 'Whether to also put the finished video file in the output',
		displayOptions: { show },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyOutput',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: { ...show, downloadVideo: [true] } },
	},
];

export const extraFields: INodeProperties = {
	displayName: 'Extra Fields',
	name: 'extraFields',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Field',
	default: {},
	description: 'Further form fields that CometAPI accepts for the model, sent as they are',
	options: [
		{
			displayName: 'Field',
			name: 'field',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. seconds',
					description: 'The name of the field as CometAPI documents it',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. 8',
					description: 'The value to send',
				},
			],
		},
	],
};

export const fileName: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. kite.mp4',
	description: 'The name of the video file; if empty, the task ID with .mp4',
};

export const includeFileLink: INodeProperties = {
	displayName: 'Include File Link',
	name: 'includeFileLink',
	type: 'boolean',
	default: false,
	description:
		"Whether to put a link to the stored file into 'file_url' of the output; for 14 days, whoever has the link can open the video without signing in to n8n",
};

export const maxConcurrent: INodeProperties = {
	displayName: 'Max Concurrent Videos',
	name: 'maxConcurrent',
	type: 'number',
	typeOptions: { minValue: limits.maxConcurrent.min, maxValue: limits.maxConcurrent.max },
	default: DEFAULT_MAX_CONCURRENT,
	description: 'How many items are worked on at the same time',
};

export const maxVideos: INodeProperties = {
	displayName: 'Max Videos per Run',
	name: 'maxVideos',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'More videos than this stop the node before anything is paid for; 0 means there is no limit',
};

interface NumberLimits {
	min: number;
	max?: number;
	default: number;
}

/** @throws Fault naming the option, as an expression can give any value */
export function readNumberOption(
	context: IExecuteFunctions,
	itemIndex: number,
	{ name, displayName }: { name: string; displayName: string },
	{ min, max = Infinity, default: fallback }: NumberLimits,
): number {
	const given = context.getNodeParameter(`options.${name}`, itemIndex, fallback) as unknown;
	const value = given === '' || given === null ? NaN : Number(given);
	if (value >= min && value <= max) return value;
	const range = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`;
	throw new Fault(`'${displayName}' must be a number ${range}, and is '${String(given)}'`, {
		advice: `Change it under 'Options'; without it the node uses ${fallback}`,
	});
}

/** One for all items. */
export const readMaxConcurrent = (context: IExecuteFunctions) =>
	readNumberOption(context, 0, maxConcurrent, limits.maxConcurrent);

/** @throws Fault where what the user wants cannot be had */
export function readOutputOptions(context: IExecuteFunctions, itemIndex: number): OutputOptions {
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	const isLinkWanted = context.getNodeParameter(
		`options.${includeFileLink.name}`,
		itemIndex,
		false,
	) as boolean;
	if (!context.getNodeParameter('downloadVideo', itemIndex, true)) {
		return { fileName: '', isLinkWanted: false };
	}
	const binaryField = text('binaryPropertyOutput');
	if (!binaryField) {
		throw new Fault("'Put Output File in Field' is empty", {
			advice: "Name the field, e.g. data, or turn off 'Download Video'",
		});
	}
	if (isLinkWanted && !('createBinarySignedUrl' in context.helpers)) {
		throw new Fault("'Include File Link' is not possible: this n8n is too old for it", {
			advice: "Update n8n, or turn off 'Include File Link'",
		});
	}
	return { binaryField, fileName: text('options.fileName'), isLinkWanted };
}
