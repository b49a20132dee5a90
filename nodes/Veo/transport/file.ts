import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { clock } from '../clock';
import { VideoError } from '../errors';
import { limits } from '../limits';
import { parseJson } from '../utils';
import { readStart } from './body';
import type { Readable } from './body';
import { parseRetryAfter } from './errorReply';
import { networkError } from './networkError';
import { readReply } from './reason';
import { BoxWalk, SIGNATURE_BYTES, videoTypeOf } from './videoFormat';

/** From where to go on with a file that broke off. */
export interface ResumePoint {
	offset: number;
	/** For `If-Range`: the file is still the same one. */
	validator: string;
}

/** A video on its way. */
export interface IncomingFile {
	/** Ends with a VideoError where the file does not arrive whole. */
	chunks: AsyncGenerator<Buffer>;
	/** The place of its first byte in the whole file. */
	offset: number;
	/** Absent where the server cannot go on with a file that broke off. */
	validator?: string;
	/** As its bytes say; absent where it goes on with a file. */
	mimeType?: string;
	/** The class of Node's streams: a verified node may not import it. */
	Readable: typeof import('stream').Readable;
	/** Ends the request; the stream breaks off. */
	cancel: () => void;
}

export interface ReceiveOptions {
	open: (signal: AbortSignal) => Promise<IN8nHttpFullResponse>;
	signal: AbortSignal;
	/** On the clock, in ms: a file that is still arriving then is given up. */
	deadline: number;
	hideKey: (text: string) => string;
	resumeAt?: ResumePoint;
}

/**
 * Opens a file and watches over its arrival.
 * @returns the text of the answer where it is JSON with status 200
 * @throws VideoError where the answer is not a video
 */
export async function receiveFile(options: ReceiveOptions): Promise<IncomingFile | string> {
	const { open, signal, hideKey, resumeAt } = options;
	const broken = new AbortController();
	const cancel = () => broken.abort();
	const { statusCode, headers, body } = await open(AbortSignal.any([signal, broken.signal]));
	const source = body as Readable;
	const replyOf = async (chunks: AsyncIterable<Buffer>, read?: Buffer[]) => ({
		status: statusCode,
		headers,
		text: hideKey(await readStart(chunks, read)),
	});
	const { offset, total } = rangeOf(statusCode, headers);
	const chunks = arrive(source, {
		...options,
		offset,
		total: statusCode === 200 && mayBeDecoded(source) ? NaN : total,
		cancel,
	});
	const isWanted = statusCode === 200 || (statusCode === 206 && offset === resumeAt?.offset);
	if (!isWanted) throw downloadError(await replyOf(chunks));

	const file: IncomingFile = {
		chunks,
		offset,
		validator: validatorOf(headers),
		Readable: source.constructor as IncomingFile['Readable'],
		cancel,
	};
	if (offset > 0) return file;

	const { start, rest } = await peek(chunks);
	const mimeType = videoTypeOf(Buffer.concat(start));
	if (mimeType) return { ...file, chunks: rest, mimeType };
	const reply = await replyOf(chunks, start);
	if (parseJson(reply.text) !== undefined) return reply.text;
	throw downloadError(reply);
}

/** The place of the first byte, and the length of the whole file; NaN where nobody says. */
function rangeOf(status: number, headers: Record<string, unknown>) {
	const [, from, last, total] =
		/^bytes (\d+)-(\d+)\/(\d+|\*)/.exec(String(headers['content-range'])) ?? [];
	if (status === 206) {
		return { offset: Number(from), total: total === '*' ? Number(last) + 1 : Number(total) };
	}
	return { offset: 0, total: Number(headers['content-length'] ?? NaN) };
}

/**
 * Of a file that n8n has unpacked, the announced length was that of the packed one. Newer versions of
 * n8n never pass on the server's own stream; there, Node itself breaks off a body that is too short.
 */
const mayBeDecoded = (source: Readable) => !('rawHeaders' in source);

/** Only a strong validator says that not a single byte has changed (RFC 9110, 13.1.5). */
function validatorOf(headers: Record<string, unknown>): string | undefined {
	const etag = String(headers.etag ?? '');
	if (headers['accept-ranges'] === 'none') return undefined;
	if (etag && !etag.startsWith('W/')) return etag;
	return typeof headers['last-modified'] === 'string' ? headers['last-modified'] : undefined;
}

/** What an answer means that is not the video, at one of the places where it may be. */
function downloadError(reply: Parameters<typeof readReply>[0]): VideoError {
	const { status: httpCode, headers } = reply;
	const { code, message: reason } = readReply(reply);
	const data = {
		call: 'download' as const,
		httpCode,
		...(code && { code }),
		...(reason && { reason }),
		retryAfterMs: parseRetryAfter(headers['retry-after'], clock.now()),
	};
	const isMissing = [400, 404, 410].includes(httpCode) || (httpCode === 502 && reason !== '');
	if (isMissing) return new VideoError('fileNotReady', data);
	if (httpCode >= 500 || [408, 425, 429].includes(httpCode)) {
		return new VideoError('unavailable', { ...data, detail: 'status' });
	}
	return new VideoError('downloadFailed', {
		...data,
		detail: httpCode < 300 ? 'notVideo' : 'status',
	});
}

const broke = (detail: string) => new VideoError('downloadFailed', { call: 'download', detail });

async function* arrive(
	source: Readable,
	{
		deadline,
		offset,
		total,
		cancel,
	}: ReceiveOptions & { offset: number; total: number; cancel: () => void },
): AsyncGenerator<Buffer> {
	const boxes = new BoxWalk();
	let bytes = offset;
	let error: VideoError | undefined;
	let waitingSince: number | undefined = clock.now();
	const stop = (why: VideoError) => {
		error = why;
		cancel();
	};
	const unwatch = watchStall(
		() => waitingSince ?? clock.now(),
		() => stop(broke('stalled')),
	);
	let isWhole = false;
	try {
		if (total > limits.maxFileBytes) throw new VideoError('fileTooLarge');
		for await (const chunk of source as AsyncIterable<Buffer>) {
			waitingSince = undefined;
			bytes += chunk.length;
			if (bytes > limits.maxFileBytes) throw new VideoError('fileTooLarge');
			if (clock.now() >= deadline) throw new VideoError('timedOut', { detail: 'file' });
			if (offset === 0) boxes.add(chunk);
			yield chunk;
			waitingSince = clock.now();
		}
		if (bytes === 0) throw broke('empty');
		const isShort = Number.isNaN(total) ? boxes.isCut : bytes !== total;
		if (isShort) throw broke('incomplete');
		isWhole = true;
	} catch (caught) {
		throw error ?? networkError('download', caught);
	} finally {
		unwatch();
		if (!isWhole) cancel();
	}
}

/** Takes the first bytes off a stream, and puts them back in front of the rest. */
async function peek(chunks: AsyncGenerator<Buffer>) {
	const start: Buffer[] = [];
	let bytes = 0;
	while (bytes < SIGNATURE_BYTES) {
		const { value, done } = await chunks.next();
		if (done) break;
		start.push(value);
		bytes += value.length;
	}
	async function* rest() {
		yield* start;
		yield* chunks;
	}
	return { start, rest: rest() };
}

/** Calls `act` once `idleSince` is too long ago. @returns a function that stops the watch */
function watchStall(idleSince: () => number, act: () => void): () => void {
	const over = new AbortController();
	const watch = async () => {
		for (;;) {
			const leftMs = idleSince() + limits.stallMs - clock.now();
			if (leftMs <= 0) return act();
			await clock.sleep(leftMs, over.signal);
		}
	};
	watch().catch(() => {
		// The watch was called off.
	});
	return () => over.abort();
}
