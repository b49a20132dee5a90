import type { IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';

import { asVideoError, VideoError } from '../errors';
import type { ConnectionCause, ErrorData, ImageCause } from '../errors';
import { limits } from '../limits';
import { parseUrl } from '../utils';
import { endWith } from './body';
import type { Readable } from './body';
import { imageName, imageTypeOf, SIGNATURE_BYTES } from './imageFormat';
import { networkError } from './networkError';
import { isPassing } from './status';
import type { ImageFile } from './videoForm';

/** @throws VideoError unless it is an absolute http(s) URL */
export function parseImageUrl(text: string): string {
	const url = /^https?:\/\/[^/]/i.test(text) && parseUrl(text);
	if (!url) throw notLoaded('url');
	return url.href;
}

/**
 * Requests the image and looks at its status and first bytes; the rest is not read.
 * @throws VideoError if it is not an image that CometAPI accepts
 */
export async function checkImageUrl(
	context: IExecuteFunctions,
	url: string,
	signal?: AbortSignal,
): Promise<void> {
	await fetchImage(context, url, { signal, isStartEnough: true });
}

/** The whole image. @throws VideoError as `checkImageUrl`, as it may have changed since */
export async function readImageUrl(
	context: IExecuteFunctions,
	url: string,
	signal?: AbortSignal,
): Promise<ImageFile> {
	const bytes = await fetchImage(context, url, { signal, isStartEnough: false });
	const mimeType = imageTypeOf(bytes)!;
	return { fileName: imageName(nameIn(url), mimeType), mimeType, bytes };
}

interface FetchOptions {
	signal?: AbortSignal;
	isStartEnough: boolean;
}

async function fetchImage(
	context: IExecuteFunctions,
	url: string,
	{ signal, isStartEnough }: FetchOptions,
): Promise<Buffer> {
	const timeout = AbortSignal.timeout(limits.imageTimeoutMs);
	const read = new AbortController();
	const ended = AbortSignal.any([timeout, read.signal, ...(signal ? [signal] : [])]);
	try {
		const response = await open(context, url, ended);
		endWith(ended, response.body as Readable);
		return await readImage(response, isStartEnough);
	} catch (caught) {
		if (caught instanceof VideoError) throw asVideoError(caught);
		if (timeout.aborted) throw notLoaded('timeout', { retryable: true });
		// like a check: unlike a video, an image has no other source
		const { kind, data } = networkError('retrieve', caught);
		const isFinal = kind === 'cannotConnect';
		const detail = isFinal ? (data.detail as ConnectionCause) : 'connection';
		throw notLoaded(detail, { code: data.code, retryable: !isFinal });
	} finally {
		read.abort();
	}
}

/** n8n's helper follows redirects, and applies n8n's proxies and rules for addresses; no key is sent. */
async function open(context: IExecuteFunctions, url: string, abortSignal: AbortSignal) {
	return (await context.helpers.httpRequest({
		url,
		headers: {
			accept: 'image/png, image/jpeg, image/webp, */*;q=0.1',
			'accept-encoding': 'identity',
		},
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		timeout: limits.imageTimeoutMs,
		abortSignal,
	})) as IN8nHttpFullResponse;
}

async function readImage(
	{ statusCode, headers, body }: IN8nHttpFullResponse,
	isStartEnough: boolean,
): Promise<Buffer> {
	const stream = body as Readable;
	if (statusCode < 200 || statusCode >= 300) {
		throw notLoaded('status', { httpCode: statusCode, retryable: isPassing(statusCode) });
	}
	const chunks: Buffer[] = [];
	let length = Number(headers['content-length'] ?? 0);
	let bytes = 0;
	let isChecked = false;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		bytes += chunk.length;
		length = Math.max(length, bytes);
		if (!isChecked && bytes >= SIGNATURE_BYTES) {
			checkStart(Buffer.concat(chunks), headers);
			isChecked = true;
		}
		if (isChecked && length > limits.maxImageBytes) throw notLoaded('tooLarge');
		if (isChecked && isStartEnough) break;
	}
	const image = Buffer.concat(chunks);
	if (!isChecked) checkStart(image, headers);
	return image;
}

function checkStart(start: Buffer, headers: Record<string, unknown>): void {
	if (imageTypeOf(start)) return;
	if (start.length === 0) throw notLoaded('empty');
	const contentType = String(headers['content-type'] ?? '')
		.split(';')[0]
		.slice(0, 100);
	const isPage =
		/html/i.test(contentType) ||
		/^<(!doctype|html)/i.test(start.toString('utf8', 0, 1_000).trimStart());
	if (isPage) throw notLoaded('webPage');
	throw notLoaded('notAnImage', { ...(contentType && { code: contentType.trim() }) });
}

const notLoaded = (detail: ImageCause | ConnectionCause, data: ErrorData = {}) =>
	new VideoError('imageNotLoaded', { detail, ...data });

/** The last part of the path, as a name for the file. */
function nameIn(url: string): string {
	const name = new URL(url).pathname.split('/').at(-1) ?? '';
	try {
		return decodeURIComponent(name).replace(/[/\\\p{Cc}]/gu, '_');
	} catch {
		return name;
	}
}
