import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { Fault } from '../api/fault';
import type { ImageFile } from '../api/videoForm';

/** An image that was looked at but not read yet. */
export interface ImageSource {
	binary: IBinaryData;
	mimeType: string;
}

/** Where the first bytes of a file say what it is. */
const SIGNATURES: Array<[mimeType: string, pattern: RegExp]> = [
	['image/png', /^\x89PNG\r\n\x1a\n/],
	['image/jpeg', /^\xff\xd8\xff/],
	['image/webp', /^RIFF....WEBP/s],
];

const SIGNATURE_BYTES = 12;

/**
 * Looks whether an image parameter leads to a picture CometAPI takes, without reading all of it.
 * @param value a field name, or the binary object an expression gave
 */
export async function findImage(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	value: unknown,
): Promise<ImageSource> {
	const binary = findBinary(context, itemIndex, label, value);
	const start = (await firstBytes(context, binary)).toString('latin1');
	const mimeType = SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
	if (!mimeType) {
		const found = start ? 'it is neither PNG, JPEG nor WebP' : 'it is empty';
		throw new Fault(`The file in '${label}' is not an image Veo can use: ${found}`, {
			advice: 'Use a PNG, JPEG or WebP image',
			itemIndex,
		});
	}
	return { binary, mimeType };
}

export async function readImage(
	context: IExecuteFunctions,
	{ binary, mimeType }: ImageSource,
): Promise<ImageFile> {
	const bytes = binary.id
		? await context.helpers.binaryToBuffer(await context.helpers.getBinaryStream(binary.id))
		: Buffer.from(binary.data, 'base64');
	const fileName = binary.fileName || `image.${mimeType.slice('image/'.length)}`;
	return { fileName, mimeType, bytes };
}

function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	label: string,
	value: unknown,
): IBinaryData {
	if (typeof value === 'object' && value !== null && 'mimeType' in value && 'data' in value) {
		return value as IBinaryData;
	}
	if (typeof value === 'string' && value.trim()) {
		const binary = lookUp(context, itemIndex, value.trim());
		if (binary) return binary;
	}
	const found =
		typeof value === 'string' && value.trim()
			? `the input has no file in a field named '${value.trim()}'`
			: 'it is empty';
	throw new Fault(`No image was found for '${label}': ${found}`, {
		advice:
			"Give the name of the field that holds the image, or an expression that leads to it, e.g. {{ $('Read File').item.binary.data }}",
		itemIndex,
	});
}

/** n8n's own look-up, as it knows where the workflow keeps its files; it throws where there is none. */
function lookUp(context: IExecuteFunctions, itemIndex: number, field: string) {
	try {
		return context.helpers.assertBinaryData(itemIndex, field);
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
