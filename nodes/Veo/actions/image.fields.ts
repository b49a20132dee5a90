import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { Fault } from '../api/fault';
import { findImage } from '../run/images';
import type { ImageSource } from '../run/images';

const show = { operation: ['create', 'createAndWait'] };

/** Which images of the input a video is made from. */
export const imageFields: INodeProperties[] = [
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

/** One video of all input items, or a video an item. */
export function groupItems(context: IExecuteFunctions): number[][] {
	const indexes = context.getInputData().map((_, index) => index);
	return context.getNodeParameter('imageInput', 0, 'none') === 'items'
		? [indexes]
		: indexes.map((index) => [index]);
}

/** In the order in which CometAPI takes them: first frame, last frame. */
export async function findImages(
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
