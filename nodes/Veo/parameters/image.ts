import type { INodeProperties } from 'n8n-workflow';

/** The values of 'Image Input', as saved workflows have them. */
export const IMAGE_INPUT = {
	none: 'none',
	image: 'image',
	frames: 'frames',
	items: 'items',
} as const;

const oneImage = {
	name: 'One Image',
	value: IMAGE_INPUT.image,
	description: 'Use the image as the first frame',
};

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
		oneImage,
	],
	default: 'none',
	description: 'Which input images to use',
};

/** The values of 'Image Source', as saved workflows have them. */
export const IMAGE_SOURCE = { binary: 'binary', url: 'url' } as const;

const fromUrl = {
	name: 'URL',
	value: IMAGE_SOURCE.url,
	description: 'Download the image from a public URL',
};

export const imageSource: INodeProperties = {
	displayName: 'Image Source',
	name: 'imageSource',
	type: 'options',
	options: [
		{
			name: 'Input Data Field',
			value: IMAGE_SOURCE.binary,
			description: 'Use a file of the input item',
		},
		fromUrl,
	],
	default: 'binary',
	description: 'Where the image comes from',
	displayOptions: {
		show: { imageInput: [IMAGE_INPUT.image, IMAGE_INPUT.frames, IMAGE_INPUT.items] },
	},
};

/** A parameter for each image, for each source. */
const imageParameter = (
	source: keyof typeof IMAGE_SOURCE,
	imageInputs: string[],
	property: Pick<INodeProperties, 'displayName' | 'name' | 'default' | 'placeholder' | 'hint'>,
): INodeProperties => ({
	...property,
	type: 'string',
	description:
		source === IMAGE_SOURCE.binary
			? 'Name of the binary field with a PNG, JPEG or WebP image, or an expression that returns the file'
			: 'Public URL of the image (PNG, JPEG or WebP, up to 20 MB). It must open the image file itself, not a web page.',
	// not for URLs: for n8n, an 'Image Input' given by an expression shows every field
	...(source === IMAGE_SOURCE.binary && { required: true }),
	displayOptions: { show: { imageInput: imageInputs, imageSource: [source] } },
});

const ONE_PER_ITEM = [IMAGE_INPUT.image, IMAGE_INPUT.items];
const FRAMES = [IMAGE_INPUT.frames];

export const imageField = imageParameter('binary', ONE_PER_ITEM, {
	displayName: 'Input Data Field Name',
	name: 'imageField',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input binary field containing the image',
});

export const firstFrameField = imageParameter('binary', FRAMES, {
	displayName: 'First Frame Field Name',
	name: 'firstFrameField',
	default: 'firstFrame',
	placeholder: 'e.g. firstFrame',
	hint: 'The name of the input binary field containing the first frame',
});

export const lastFrameField = imageParameter('binary', FRAMES, {
	displayName: 'Last Frame Field Name',
	name: 'lastFrameField',
	default: 'lastFrame',
	placeholder: 'e.g. lastFrame',
	hint: 'The name of the input binary field containing the last frame',
});

export const imageUrl = imageParameter('url', ONE_PER_ITEM, {
	displayName: 'Image URL',
	name: 'imageUrl',
	default: '',
	placeholder: 'e.g. https://example.com/product.png',
});

export const firstFrameUrl = imageParameter('url', FRAMES, {
	displayName: 'First Frame URL',
	name: 'firstFrameUrl',
	default: '',
	placeholder: 'e.g. https://example.com/first.png',
});

export const lastFrameUrl = imageParameter('url', FRAMES, {
	displayName: 'Last Frame URL',
	name: 'lastFrameUrl',
	default: '',
	placeholder: 'e.g. https://example.com/last.png',
});

/** The names of the values that messages mention. */
export const ONE_IMAGE = oneImage.name;
export const FROM_URL = fromUrl.name;

/** All parameters for images, in the order in which they are shown. */
export const imageParameters = [
	imageInput,
	imageSource,
	imageField,
	imageUrl,
	firstFrameField,
	firstFrameUrl,
	lastFrameField,
	lastFrameUrl,
];
