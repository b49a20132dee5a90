import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Fault } from '../api/fault';
import { OWN_FIELDS } from '../api/videoForm';
import type { FormField, VideoRequest } from '../api/videoForm';
import { DEFAULT_MODEL } from '../limits';
import { readImage } from '../run/images';
import type { ImageSource } from '../run/images';
import { findImages, imageFields } from './image.fields';

/** What Create Video and Create Video and Wait ask the user for. */
const show = { operation: ['create', 'createAndWait'] };

export const requestFields: INodeProperties[] = [
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		placeholder: 'e.g. A paper kite floats above a field at sunrise, slow camera, soft wind',
		description: 'What the video shows: subject, action, camera, style and sound',
		displayOptions: { show },
	},
	{
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: DEFAULT_MODEL },
		description: 'The Veo model that makes the video; models differ in price, quality and speed',
		displayOptions: { show },
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
	},
	{
		displayName: 'Size',
		name: 'size',
		type: 'options',
		options: [
			{ name: 'Landscape (16:9)', value: '16x9' },
			{ name: 'Portrait (9:16)', value: '9x16' },
		],
		default: '16x9',
		description: 'Which way round the video is',
		displayOptions: { show },
	},
	...imageFields,
];

/** A request whose images were looked at but not read: a long batch must not hold them all. */
export type CheckedRequest = Omit<VideoRequest, 'images'> & { images: ImageSource[] };

/** @throws Fault in the user's words for whatever would make the video fail or be the wrong one */
export async function checkRequest(
	context: IExecuteFunctions,
	itemIndexes: number[],
): Promise<CheckedRequest> {
	const [item] = itemIndexes;
	const text = (name: string) =>
		String(context.getNodeParameter(name, item, '', { extractValue: true }) ?? '').trim();
	const prompt = text('prompt');
	if (!prompt) {
		throw new Fault("'Prompt' is empty", {
			advice: 'Describe the video, or map a field of the input that does',
		});
	}
	const model = text('model');
	if (!model) {
		throw new Fault("'Model' is empty", {
			advice: `Choose a model from the list, or give its ID, e.g. ${DEFAULT_MODEL}`,
		});
	}
	return {
		prompt,
		model,
		size: text('size'),
		extraFields: readExtraFields(context, item),
		images: await findImages(context, itemIndexes),
	};
}

export async function readRequest(
	context: IExecuteFunctions,
	{ images, ...fields }: CheckedRequest,
): Promise<VideoRequest> {
	const files = [];
	for (const image of images) files.push(await readImage(context, image));
	return { ...fields, images: files };
}

function readExtraFields(context: IExecuteFunctions, item: number): FormField[] {
	const rows = context.getNodeParameter('options.extraFields.field', item, []) as Array<{
		name?: unknown;
		value?: unknown;
	}>;
	return rows.map(({ name, value }) => {
		const field = String(name ?? '').trim();
		if (!field || OWN_FIELDS.includes(field)) {
			throw new Fault(
				field
					? `'Extra Fields' may not repeat the field '${field}'`
					: "A field under 'Extra Fields' has no name",
				{
					advice: field
						? 'The node sends this field itself: use its own parameter'
						: 'Name the field as CometAPI calls it, or remove it',
				},
			);
		}
		const given = value ?? '';
		return [field, typeof given === 'object' ? JSON.stringify(given) : String(given)];
	});
}
