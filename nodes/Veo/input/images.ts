import type { IBinaryData, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { clock } from '../clock';
import { retry } from '../core/retry';
import { asVideoError } from '../errors';
import { limits } from '../limits';
import { inputError } from '../messages/inputErrors';
import { imageName, imageTypeOf, SIGNATURE_BYTES } from '../transport/imageFormat';
import { checkImageUrl, parseImageUrl, readImageUrl } from '../transport/imageUrl';
import type { ImageFile } from '../transport/videoForm';
import { isObject } from '../utils';
import {
	firstFrameField,
	firstFrameUrl,
	IMAGE_INPUT,
	IMAGE_SOURCE,
	imageField,
	imageInput,
	imageSource,
	imageUrl,
	lastFrameField,
	lastFrameUrl,
} from '../parameters/image';
import { readChoice } from './options';

/** An image that was checked but not read yet. */
export type ImageSource = StoredImage | LinkedImage;

/** Where an image was entered, for what may be said of it later. */
interface Entered {
	parameter: string;
	itemIndex: number;
}

interface StoredImage extends Entered {
	binary: IBinaryData;
	mimeType: string;
}

interface LinkedImage extends Entered {
	url: string;
}

/** The URLs that were checked in this run: items may share an image. */
export type CheckedUrls = Map<string, Promise<void>>;

type Parameter = Pick<INodeProperties, 'name' | 'displayName'>;

const MAX_IMAGES = 2;

/** The parameters that have the images, for each source. */
const PARAMETERS = {
	[IMAGE_SOURCE.binary]: { image: imageField, first: firstFrameField, last: lastFrameField },
	[IMAGE_SOURCE.url]: { image: imageUrl, first: firstFrameUrl, last: lastFrameUrl },
};

/** The images of an output item, in the order in which CometAPI takes them: first frame, last frame. */
export async function findImages(
	context: IExecuteFunctions,
	itemIndexes: number[],
	checkedUrls: CheckedUrls,
): Promise<ImageSource[]> {
	const [item] = itemIndexes;
	const kind = readChoice(context, item, imageInput, IMAGE_INPUT);
	if (kind === IMAGE_INPUT.none) return [];
	const source = readChoice(context, item, imageSource, IMAGE_SOURCE);
	const { image, first, last } = PARAMETERS[source];
	const find = async (index: number, parameter: INodeProperties) =>
		source === IMAGE_SOURCE.url
			? await findLinked(context, index, parameter, checkedUrls)
			: await findStored(context, index, parameter);

	switch (kind) {
		case IMAGE_INPUT.image:
			return [await find(item, image)];
		case IMAGE_INPUT.frames:
			return [await find(item, first), await find(item, last)];
		case IMAGE_INPUT.items: {
			if (itemIndexes.length > MAX_IMAGES) throw inputError.tooManyImages(itemIndexes.length);
			const images = [];
			for (const index of itemIndexes) images.push(await find(index, image));
			return images;
		}
	}
}

/** Checks that an image parameter leads to an image CometAPI takes, without reading all of it. */
async function findStored(
	context: IExecuteFunctions,
	item: number,
	{ name, displayName }: INodeProperties,
): Promise<StoredImage> {
	const binary = findBinary(context, item, { name, displayName });
	if ((await sizeOf(context, binary)) > limits.maxImageBytes) {
		throw inputError.imageTooLarge(displayName, item);
	}
	const start = await firstBytes(context, binary);
	const mimeType = imageTypeOf(start);
	if (!mimeType) throw inputError.notAnImage(displayName, start.length === 0, item);
	return { binary, mimeType, parameter: displayName, itemIndex: item };
}

/** In bytes, as n8n's storage knows it: the item could say anything. 0 if unknown. */
async function sizeOf({ helpers }: IExecuteFunctions, { id, data }: IBinaryData): Promise<number> {
	if (!id) return Buffer.byteLength(data, 'base64');
	const metadata = await helpers.getBinaryMetadata(id).catch(() => undefined);
	return metadata?.fileSize ?? 0;
}

/** The same for a parameter with a URL. */
async function findLinked(
	context: IExecuteFunctions,
	itemIndex: number,
	{ name, displayName: parameter }: INodeProperties,
	checkedUrls: CheckedUrls,
): Promise<LinkedImage> {
	const given: unknown = context.getNodeParameter(name, itemIndex, '');
	const text = typeof given === 'string' ? given.trim() : given;
	if (typeof text !== 'string' || !text) throw inputError.imageUrl(parameter, text, itemIndex);
	return await atParameter({ parameter, itemIndex }, async () => {
		const url = parseImageUrl(text);
		const signal = context.getExecutionCancelSignal();
		const check = async () => await checkImageUrl(context, url, signal);
		const checked = checkedUrls.get(url) ?? patiently(check, signal);
		checkedUrls.set(url, checked);
		await checked;
		return { url, parameter, itemIndex };
	});
}

/** Whatever ends it is told of the parameter. */
async function atParameter<T>(place: Entered, step: () => Promise<T>): Promise<T> {
	try {
		return await step();
	} catch (caught) {
		const error = asVideoError(caught);
		throw error.with(place);
	}
}

/** A server that is busy is asked again; one that is slow is not. */
const patiently = async <T>(request: () => Promise<T>, signal?: AbortSignal) =>
	await retry(request, {
		deadline: clock.now() + limits.imageTimeoutMs,
		isTransient: ({ data }) => data.retryable === true && data.detail !== 'timeout',
		maxAttempts: () => limits.imageTries,
		signal: signal ?? new AbortController().signal,
	});

/** Reads an image for the request that it is sent with. */
export async function readImage(
	context: IExecuteFunctions,
	image: ImageSource,
	signal: AbortSignal,
): Promise<ImageFile> {
	if ('binary' in image) return await readStored(context, image);
	const read = async () => await readImageUrl(context, image.url, signal);
	const { parameter, itemIndex } = image;
	return await atParameter({ parameter, itemIndex }, async () => await patiently(read, signal));
}

async function readStored(
	context: IExecuteFunctions,
	{ binary, mimeType, parameter, itemIndex }: StoredImage,
): Promise<ImageFile> {
	const chunks = binary.id
		? await context.helpers.getBinaryStream(binary.id)
		: [Buffer.from(binary.data, 'base64')];
	const read: Buffer[] = [];
	let size = 0;
	for await (const chunk of chunks as AsyncIterable<Buffer>) {
		read.push(chunk);
		size += chunk.length;
		if (size > limits.maxImageBytes) throw inputError.imageTooLarge(parameter, itemIndex);
	}
	const bytes = Buffer.concat(read);
	return { fileName: imageName(binary.fileName, mimeType), mimeType, bytes };
}

/** The file of a field, or the one that an expression gives. */
function findBinary(
	context: IExecuteFunctions,
	item: number,
	{ name, displayName }: Parameter,
): IBinaryData {
	const value: unknown = context.getNodeParameter(name, item);
	if (isBinary(value)) return value;
	const field = typeof value === 'string' ? value.trim() : fieldInExpression(context, name);
	const binary = field && lookUp(context, item, field);
	if (binary) return binary;
	const fields = Object.keys(context.getInputData()[item]?.binary ?? {});
	throw inputError.imageNotFound(displayName, value, fields, item);
}

/** `{{ $binary.picture }}` and `{{ $binary['picture'] }}` */
const FIELD_IN_EXPRESSION = /^=\{\{\s*\$binary(?:\.([\w$]+)|\[(['"])([^'"]+)\2\])\s*\}\}$/;

/** n8n that keeps files in memory gives the file of such an expression without its data. */
function fieldInExpression(context: IExecuteFunctions, parameter: string): string {
	const expression: unknown = context.getNode().parameters[parameter];
	const [, name, , quotedName] = FIELD_IN_EXPRESSION.exec(String(expression)) ?? [];
	return name ?? quotedName ?? '';
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
