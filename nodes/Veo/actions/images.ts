import type { IBinaryData, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { inputError } from '../messages';
import type { ImageFile } from '../transport/videoForm';
import { isObject } from '../utils';
import {
	firstFrameField,
	IMAGE_INPUT,
	imageField,
	imageInput,
	lastFrameField,
} from './fields/image.fields';

/** An image that was checked but not read yet. */
export interface ImageSource {
	binary: IBinaryData;
	mimeType: string;
}

const MAX_IMAGES = 2;
const SIGNATURE_BYTES = 12;

/** Where the first bytes of a file, in hex, say what it is. */
const SIGNATURES: Array<[mimeType: string, ending: string, pattern: RegExp]> = [
	['image/png', 'png', /^89504e470d0a1a0a/],
	['image/jpeg', 'jpg', /^ffd8ff/],
	['image/webp', 'webp', /^52494646.{8}57454250/],
];

/** The images of an output item, in the order in which CometAPI takes them: first frame, last frame. */
export async function findImages(
	context: IExecuteFunctions,
	itemIndexes: number[],
): Promise<ImageSource[]> {
	const [item] = itemIndexes;
	const find = async (index: number, field: INodeProperties) =>
		await findImage(context, index, field);

	const kind: unknown = context.getNodeParameter(imageInput.name, item, IMAGE_INPUT.none);
	switch (kind) {
		case IMAGE_INPUT.none:
			return [];
		case IMAGE_INPUT.image:
			return [await find(item, imageField)];
		case IMAGE_INPUT.frames:
			return [await find(item, firstFrameField), await find(item, lastFrameField)];
		case IMAGE_INPUT.items: {
			if (itemIndexes.length > MAX_IMAGES) throw inputError.tooManyImages(itemIndexes.length);
			const images = [];
			for (const index of itemIndexes) images.push(await find(index, imageField));
			return images;
		}
		default:
			throw inputError.unknownValue(imageInput.displayName, kind, Object.values(IMAGE_INPUT));
	}
}

/** Checks that an image parameter leads to an image CometAPI takes, without reading all of it. */
async function findImage(
	context: IExecuteFunctions,
	item: number,
	{ name, displayName }: INodeProperties,
): Promise<ImageSource> {
	const binary = findBinary(context, item, displayName, context.getNodeParameter(name, item));
	const start = await firstBytes(context, binary);
	const mimeType = SIGNATURES.find(([, , pattern]) => pattern.test(start.toString('hex')))?.[0];
	if (!mimeType) throw inputError.notAnImage(displayName, start.length === 0, item);
	return { binary, mimeType };
}

export async function readImage(
	context: IExecuteFunctions,
	{ binary, mimeType }: ImageSource,
): Promise<ImageFile> {
	const bytes = binary.id
		? await context.helpers.binaryToBuffer(await context.helpers.getBinaryStream(binary.id))
		: Buffer.from(binary.data, 'base64');
	return { fileName: imageName(binary.fileName, mimeType), mimeType, bytes };
}

/** A server may go by the ending, so it is the one of the bytes. */
function imageName(given: string | undefined, mimeType: string): string {
	const [, ending] = SIGNATURES.find(([type]) => type === mimeType)!;
	const isRight = new RegExp(`\\.${ending === 'jpg' ? 'jpe?g' : ending}$`, 'i').test(given ?? '');
	if (given && isRight) return given;
	return `${(given ?? '').replace(/\.(png|jpe?g|webp|gif|bmp|tiff?|avif|heic)$/i, '') || 'image'}.${ending}`;
}

/** @param value a field name, or the binary object an expression gave */
function findBinary(
	context: IExecuteFunctions,
	item: number,
	label: string,
	value: unknown,
): IBinaryData {
	if (isBinary(value)) return value;
	const field = typeof value === 'string' ? value.trim() : '';
	const binary = field && lookUp(context, item, field);
	if (binary) return binary;
	const fields = Object.keys(context.getInputData()[item]?.binary ?? {});
	throw inputError.imageNotFound(label, value, fields, item);
}

/** Some expressions give the object without its bytes, with the ID under which they are stored. */
const isBinary = (value: unknown): value is IBinaryData =>
	isObject(value) && 'mimeType' in value && Boolean(value.id ?? value.data);

/** n8n's own look-up, as it knows where the workflow keeps its files; it throws where there is none. */
function lookUp(context: IExecuteFunctions, item: number, field: string) {
	try {
		return context.helpers.assertBinaryData(item, field);
	} catch {
		return undefined;
	}
}

async function firstBytes(context: IExecuteFunctions, binary: IBinaryData): Promise<Buffer> {
	if (!binary.id) return Buffer.from(binary.data.slice(0, 4 * SIGNATURE_BYTES), 'base64');
	const stream = await context.helpers.getBinaryStream(binary.id, 64);
	for await (const chunk of stream) return chunk as Buffer;
	return Buffer.alloc(0);
}
