import { createHash } from 'crypto';
import type { IBinaryData, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { clock } from '../clock';
import { retry } from '../core/retry';
import { asVideoError } from '../errors';
import { limits } from '../limits';
import { inputError } from '../messages/inputErrors';
import { imageName, imageTypeOf, SIGNATURE_BYTES } from '../transport/imageFormat';
import { unresolved } from '../n8n';
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

/** An image that was found but not read. */
export type ImageSource = StoredImage | LinkedImage;

export const isLinked = (image: ImageSource): image is LinkedImage => 'url' in image;

/** The parameter and the item that an image comes from, for messages. */
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
): Promise<ImageSource[]> {
	const [item] = itemIndexes;
	const kind = readChoice(context, item, imageInput, IMAGE_INPUT);
	if (kind === IMAGE_INPUT.none) return [];
	const source = readChoice(context, item, imageSource, IMAGE_SOURCE);
	const { image, first, last } = PARAMETERS[source];
	const find = async (index: number, parameter: INodeProperties) =>
		source === IMAGE_SOURCE.url
			? findLinked(context, index, parameter)
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

/** Nothing is requested yet. */
function findLinked(
	context: IExecuteFunctions,
	itemIndex: number,
	{ name, displayName: parameter }: INodeProperties,
): LinkedImage {
	const given: unknown = context.getNodeParameter(name, itemIndex, '');
	const text = typeof given === 'string' ? given.trim() : given;
	if (typeof text !== 'string' || !text) throw inputError.imageUrl(parameter, text, itemIndex);
	try {
		return { url: parseImageUrl(text), parameter, itemIndex };
	} catch (caught) {
		const error = asVideoError(caught);
		throw error.with({ parameter, itemIndex });
	}
}

/** Checks that the URLs lead to images CometAPI takes, each once, without reading all of them. */
export async function checkLinked(
	context: IExecuteFunctions,
	images: ImageSource[],
	checkedUrls: CheckedUrls,
): Promise<void> {
	const signal = context.getExecutionCancelSignal();
	for (const image of images.filter(isLinked)) {
		const { url } = image;
		const check = async () => await checkImageUrl(context, url, signal);
		const checked = checkedUrls.get(url) ?? patiently(check, signal);
		checkedUrls.set(url, checked);
		await atParameter(image, async () => await checked);
	}
}

/** Adds the parameter to any error. */
async function atParameter<T>(
	{ parameter, itemIndex }: Entered,
	step: () => Promise<T>,
): Promise<T> {
	try {
		return await step();
	} catch (caught) {
		const error = asVideoError(caught);
		throw error.with({ parameter, itemIndex });
	}
}

/** Retries if the server is busy, but not if it is slow. */
const patiently = async <T>(request: () => Promise<T>, signal?: AbortSignal) =>
	await retry(request, {
		deadline: clock.now() + limits.imageTimeoutMs,
		isTransient: ({ data }) => data.retryable === true && data.detail !== 'timeout',
		maxAttempts: () => limits.imageTries,
		signal: signal ?? new AbortController().signal,
	});

/** An image for one request. */
export interface RequestImage {
	/** Tells it apart from other images. For a URL it is the URL, so that nothing has to be loaded. */
	fingerprint: () => Promise<string>;
	load: () => Promise<ImageFile>;
}

export function openImage(
	context: IExecuteFunctions,
	image: ImageSource,
	signal: AbortSignal,
): RequestImage {
	if (isLinked(image)) {
		const read = async () => await readImageUrl(context, image.url, signal);
		return {
			fingerprint: async () => image.url,
			load: async () => await atParameter(image, async () => await patiently(read, signal)),
		};
	}
	let file: Promise<ImageFile> | undefined;
	const load = async () => await (file ??= readStored(context, image));
	return {
		fingerprint: async () =>
			createHash('sha256')
				.update((await load()).bytes)
				.digest('base64url'),
		load,
	};
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
	const [, name, , quotedName] = FIELD_IN_EXPRESSION.exec(unresolved(context, parameter)) ?? [];
	return name ?? quotedName ?? '';
}

/** Some expressions give the object without its bytes, with the ID under which they are stored. */
const isBinary = (value: unknown): value is IBinaryData =>
	isObject(value) && 'mimeType' in value && Boolean(value.id ?? value.data);

/** n8n's own lookup, which knows the workflow's binary mode; it throws if there is no file. */
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
