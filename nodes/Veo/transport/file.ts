import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { clock } from '../clock';
import { VideoError } from '../errors';
import { limits } from '../limits';
import { readStart } from './body';
import type { Readable } from './body';
import { parseRetryAfter } from './errorReply';
import { parseJson } from './json';
import { networkError } from './networkError';
import { readReply, replyWithoutKey } from './reason';
import type { Reply } from './reason';
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
	/** The response that the bytes come from. */
	source: Readable;
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
	const replyOf = async (chunks: AsyncIterable<Buffer>, read?: Buffer[]) =>
		replyWithoutKey({ status: statusCode, headers, text: await readStart(chunks, read) }, hideKey);
	const range = rangeOf(statusCode, headers);
	const { offset } = range;
	const chunks = arrive(source, { ...options, ...range, cancel });
	const isWanted = statusCode === 200 || (statusCode === 206 && offset === resumeAt?.offset);
	if (!isWanted) throw downloadError(await replyOf(chunks));

	const file: IncomingFile = {
		chunks,
		offset,
		validator: validatorOf(headers),
		source,
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

interface FileRange {
	/** The place of the first byte. */
	offset: number;
	/** The length of the whole file; NaN where nobody says. */
	total: number;
	/** Whether the file ends there; else `total` may be the length before n8n unpacked it. */
	isExact: boolean;
}

function rangeOf(status: number, headers: Record<string, unknown>): FileRange {
	if (status !== 206) {
		return { offset: 0, total: Number(headers['content-length'] ?? NaN), isExact: false };
	}
	const [, from, to, total] =
		/^bytes (\d+)-(\d+)\/(\d+|\*)/.exec(String(headers['content-range'])) ?? [];
	const end = total === '*' ? Number(to) + 1 : Number(total);
	return { offset: Number(from), total: end, isExact: true };
}

/** Only a strong validator says that not a single byte has changed (RFC 9110, 13.1.5). */
function validatorOf(headers: Record<string, unknown>): string | undefined {
	const etag = String(headers.etag ?? '');
	if (headers['accept-ranges'] === 'none') return undefined;
	if (etag && !etag.startsWith('W/')) return etag;
	return typeof headers['last-modified'] === 'string' ? headers['last-modified'] : undefined;
}

/** Other answers of 502 come from a gateway that does not reach CometAPI. */
const NO_FILE = /resolve|video url|no video|not found/i;

/** What an answer means that is not the video, at one of the places where it may be. */
function downloadError(reply: Reply): VideoError {
	const { status: httpCode, headers } = reply;
	const { code, message: reason } = readReply(reply);
	const data = {
		call: 'download' as const,
		httpCode,
		...(code && { code }),
		...(reason && { reason }),
		retryAfterMs: parseRetryAfter(headers['retry-after'], clock.now()),
	};
	const isMissing = [404, 410].includes(httpCode) || (httpCode === 502 && NO_FILE.test(reason));
	if (isMissing) return new VideoError('fileNotReady', data);
	if (httpCode === 400) return new VideoError('fileNotReady', { ...data, detail: 'notReady' });
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
	{ deadline, offset, total, isExact, cancel }: ReceiveOptions & FileRange & { cancel: () => void },
): AsyncGenerator<Buffer> {
	const boxes = new BoxWalk();
	let bytes = offset;
	let error: VideoError | undefined;
	let waitingSince: number | undefined = clock.now();
	const stop = (why: VideoError) => {
		error = why;
		cancel();
	};
	const unwatch = watch(() => waitingSince ?? clock.now(), deadline, stop);
	let isWhole = false;
	try {
		if (total > limits.maxFileBytes) throw new VideoError('fileTooLarge');
		for await (const chunk of source as AsyncIterable<Buffer>) {
			waitingSince = undefined;
			bytes += chunk.length;
			if (bytes > limits.maxFileBytes) throw new VideoError('fileTooLarge');
			if (offset === 0) boxes.add(chunk);
			yield chunk;
			waitingSince = clock.now();
		}
		if (bytes === 0) throw broke('empty');
		// Node knows where an answer ends before the length that it announced
		if (isExact ? bytes !== total : boxes.isCut) throw broke('incomplete');
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

/** Stops a file that stalls, or is late. @returns a function that ends the watch */
function watch(
	idleSince: () => number,
	deadline: number,
	stop: (why: VideoError) => void,
): () => void {
	const over = new AbortController();
	const watchOver = async () => {
		for (;;) {
			const stalledAt = idleSince() + limits.stallMs;
			if (clock.now() >= deadline) return stop(new VideoError('timedOut', { detail: 'file' }));
			if (clock.now() >= stalledAt) return stop(broke('stalled'));
			await clock.sleep(Math.min(stalledAt, deadline) - clock.now(), over.signal);
		}
	};
	watchOver().catch(() => {
		// The watch was called off.
	});
	return () => over.abort();
}
