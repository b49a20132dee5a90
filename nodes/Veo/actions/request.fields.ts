import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Fault } from '../api/errors';
import { OWN_FIELDS } from '../api/videoForm';
import type { FormField, VideoRequest } from '../api/videoForm';
import { DEFAULT_MODEL } from '../limits';
import { findImage, readImage } from '../run/images';
import type { ImageSource } from '../run/images';

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
	{
		displayName: 'Image Input',
		name: 'imageInput',
		type: 'options',
		options: [
			{
				name: 'First and Last Frame',
				value: 'frames',
				description: 'The video leads from one image to the other',
			},
			{
				name: 'Images of All Input Items',
				value: 'items',
				description:
					'One video of all input items: the image of the first item is the first frame, that of a second item the last',
			},
			{
				name: 'None',
				value: 'none',
				description: 'The video is made from the prompt alone',
			},
			{
				name: 'One Image',
				value: 'image',
				description: 'The video sets out from the image',
			},
		],
		default: 'none',
		description: 'Which images of the input the video is made from',
		displayOptions: { show },
	},
	{
		displayName: 'Input Data Field Name',
		name: 'imageField',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field containing the image',
		description: 'A PNG, JPEG or WebP file of the input item, or an expression that leads to one',
		displayOptions: { show: { ...show, imageInput: ['image', 'items'] } },
	},
	{
		displayName: 'First Frame Field Name',
		name: 'firstFrameField',
		type: 'string',
		required: true,
		default: 'firstFrame',
		placeholder: 'e.g. firstFrame',
		hint: 'The name of the input binary field containing the image the video starts with',
		description: 'A PNG, JPEG or WebP file of the input item, or an expression that leads to one',
		displayOptions: { show: { ...show, imageInput: ['frames'] } },
	},
	{
		displayName: 'Last Frame Field Name',
		name: 'lastFrameField',
		type: 'string',
		required: true,
		default: 'lastFrame',
		placeholder: 'e.g. lastFrame',
		hint: 'The name of the input binary field containing the image the video ends with',
		description: 'A PNG, JPEG or WebP file of the input item, or an expression that leads to one',
		displayOptions: { show: { ...show, imageInput: ['frames'] } },
	},
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

/** One video of all input items, or a video an item. */
export function groupItems(context: IExecuteFunctions): number[][] {
	const indexes = context.getInputData().map((_, index) => index);
	return context.getNodeParameter('imageInput', 0, 'none') === 'items'
		? [indexes]
		: indexes.map((index) => [index]);
}

/** In the order in which CometAPI takes them: first frame, last frame. */
async function findImages(
	context: IExecuteFunctions,
	itemIndexes: number[],
): Promise<ImageSource[]> {
	const [item] = itemIndexes;
	const find = async (index: number, name: string, label: string) =>
		await findImage(context, index, label, context.getNodeParameter(name, index));

	const imageInput = context.getNodeParameter('imageInput', item, 'none') as string;
	switch (imageInput) {
		case 'none':
			return [];
		case 'image':
			return [await find(item, 'imageField', 'Input Data Field Name')];
		case 'frames':
			return [
				await find(item, 'firstFrameField', 'First Frame Field Name'),
				await find(item, 'lastFrameField', 'Last Frame Field Name'),
			];
		case 'items': {
			if (itemIndexes.length > 2) {
				throw new Fault(
					`Veo takes one or two images for a video, and there are ${itemIndexes.length} input items`,
					{
						advice:
							"Pass on two items, or set 'Image Input' to 'One Image' to make a video of each item",
					},
				);
			}
			const images = [];
			for (const index of itemIndexes) {
				images.push(await find(index, 'imageField', 'Input Data Field Name'));
			}
			return images;
		}
		default:
			throw new Fault(`'Image Input' does not know the value '${imageInput}'`, {
				advice: "Use one of 'none', 'image', 'frames' and 'items'",
			});
	}
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
