import type { INodeProperties } from 'n8n-workflow';

/** The values of 'Image Input', as saved workflows have them. */
export const IMAGE_INPUT = {
	none: 'none',
	image: 'image',
	frames: 'frames',
	items: 'items',
} as const;

export const imageInput: INodeProperties = {
	displayName: 'Image Input',
	name: 'imageInput',
	type: 'options',
	options: [
		{
			name: 'First and Last Frame',
			value: IMAGE_INPUT.frames,
			description: 'Use two images as the first and the last frame',
		},
		{
			name: 'Images From All Input Items',
			value: IMAGE_INPUT.items,
			description:
				"Create one video from all input items. The first item's image is the first frame, the second item's is the last frame.",
		},
		{
			name: 'None',
			value: IMAGE_INPUT.none,
			description: 'Use the prompt only',
		},
		{
			name: 'One Image',
			value: IMAGE_INPUT.image,
			description: 'Use the image as the first frame',
		},
	],
	default: 'none',
	description: 'Which input images to use',
};

export const imageField: INodeProperties = {
	displayName: 'Input Data Field Name',
	name: 'imageField',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input binary field containing the image',
	description:
		'Name of the binary field with a PNG, JPEG or WebP image, or an expression that returns the file',
	displayOptions: { show: { imageInput: [IMAGE_INPUT.image, IMAGE_INPUT.items] } },
};

export const firstFrameField: INodeProperties = {
	displayName: 'First Frame Field Name',
	name: 'firstFrameField',
	type: 'string',
	required: true,
	default: 'firstFrame',
	placeholder: 'e.g. firstFrame',
	hint: 'The name of the input binary field containing the first frame',
	description:
		'Name of the binary field with a PNG, JPEG or WebP image, or an expression that returns the file',
	displayOptions: { show: { imageInput: [IMAGE_INPUT.frames] } },
};

export const lastFrameField: INodeProperties = {
	displayName: 'Last Frame Field Name',
	name: 'lastFrameField',
	type: 'string',
	required: true,
	default: 'lastFrame',
	placeholder: 'e.g. lastFrame',
	hint: 'The name of the input binary field containing the last frame',
	description:
		'Name of the binary field with a PNG, JPEG or WebP image, or an expression that returns the file',
	displayOptions: { show: { imageInput: [IMAGE_INPUT.frames] } },
};
