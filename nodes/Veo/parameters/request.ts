import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { DEFAULT_MODEL } from '../limits';
import { imageParameters } from './image';
import { maxConcurrent, maxCost, maxVideos, numberOfVideos } from './options';

export const prompt: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	required: true,
	default: '',
	placeholder: 'e.g. A paper kite floats above a field at sunrise, slow camera, soft wind',
	description: 'What to generate. Describe subject, action, camera, style and sound.',
};

export const model: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: DEFAULT_MODEL },
	description: 'The model to use. Models differ in price, quality and speed.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchModels', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. veo3-fast',
		},
	],
};

export const size: INodeProperties = {
	displayName: 'Aspect Ratio',
	name: 'size',
	type: 'options',
	options: [
		{
			name: 'Landscape (16:9)',
			value: '16x9',
		},
		{
			name: 'Landscape 1080p (1920x1080)',
			value: '1920x1080',
			description: 'For veo3.1 and veo3.1-fast',
		},
		{
			name: 'Landscape 4K (3840x2160)',
			value: '3840x2160',
			description: 'For veo3.1 and veo3.1-fast',
		},
		{
			name: 'Landscape 720p (1280x720)',
			value: '1280x720',
			description: 'For veo3.1 and veo3.1-fast',
		},
		{
			name: 'Portrait (9:16)',
			value: '9x16',
		},
		{
			name: 'Portrait 720p (720x1280)',
			value: '720x1280',
			description: 'For veo3.1 and veo3.1-fast',
		},
	],
	default: '16x9',
	description:
		'Aspect ratio of the video. An expression can give any other size that the model takes.',
};

export const duration: INodeProperties = {
	displayName: 'Duration (Seconds)',
	name: 'duration',
	type: 'options',
	options: [
		{
			name: '4',
			value: 4,
		},
		{
			name: '6',
			value: 6,
		},
		{
			name: '8',
			value: 8,
		},
	],
	default: 8,
	description:
		'Length of the video. CometAPI documents it for veo3.1 and veo3.1-fast. An expression can give any other length.',
};

export const extraFields: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'extraFields',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Field',
	default: {},
	description: 'More request fields to send to CometAPI as they are',
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
					placeholder: 'e.g. quality',
					description: "Field name, as in CometAPI's documentation",
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. high',
					description: 'The value to send',
				},
			],
		},
	],
};

/** For an expression: whether the model is one of the two that document these. */
const IS_VEO_3_1 = '/^veo3\\.1(-fast)?$/i.test($parameter.model)';

const hintIf = (condition: string, message: string) => ({
	message,
	type: 'warning' as const,
	location: 'ndv' as const,
	displayCondition: `={{ Boolean($parameter.operation !== "retrieve" && ${condition}) }}`,
});

const otherModelHint = (setting: string, isSet: string) =>
	hintIf(
		`$parameter.model && !${IS_VEO_3_1} && ${isSet}`,
		`CometAPI documents ${setting} for veo3.1 and veo3.1-fast only. Another model may ignore it or reject the request.`,
	);

/** Google's rule in `videoSize.ts`; NaN for a duration that is an expression, which n8n does not resolve here. */
const IS_SHORT =
	'/^(1920x1080|3840x2160)$/.test($parameter.size) && parseFloat($parameter.options?.duration ?? 4) - 8';

/** For settings that may have no effect. The editor shows them above the output, before a run, too. */
export const requestHints: INodeTypeDescription['hints'] = [
	otherModelHint(`this '${size.displayName}'`, '/^\\d{3,}x\\d{3,}$/.test($parameter.size)'),
	otherModelHint(`'${duration.displayName}'`, '$parameter.options?.duration'),
	hintIf(
		`${IS_VEO_3_1} && ${IS_SHORT}`,
		`Google's models ask for 8 seconds at this '${size.displayName}': set '${duration.displayName}' to 8.`,
	),
];

/** The parameters of both operations that create videos, in the order of the editor. */
export const createParameters = [prompt, model, size, ...imageParameters];

/** Their common options. */
export const createOptions = [
	extraFields,
	duration,
	maxConcurrent,
	maxCost,
	maxVideos,
	numberOfVideos,
];
