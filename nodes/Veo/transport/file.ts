import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { clock } from '../clock';
import { VideoError } from '../errors';
import { arrive, peek } from './arrival';
import type { FileRange } from './arrival';
import { endWith, readStart } from './body';
import type { Readable } from './body';
import { parseRetryAfter } from './errorReply';
import { readReply, toReply } from './reason';
import type { Reply } from './reason';
import { isPassing } from './status';
import { BoxWalk, SIGNATURE_BYTES, videoTypeOf } from './videoFormat';

/** The place at which to resume a file that broke off. */
export interface ResumePoint {
	offset: number;
	/** For `If-Range`: the file is still the same one. */
	validator: string;
	/** Of the bytes until then. */
	boxes: BoxWalk;
}

/** A video that is arriving. */
export interface IncomingFile {
	/** Ends with a VideoError if the file does not arrive whole. */
	chunks: AsyncGenerator<Buffer>;
	/** The place of its first byte in the whole file. */
	offset: number;
	/** The length of the whole file; NaN if unknown. */
	total: number;
	/** Absent if the server can't resume a file that broke off. */
	validator?: string;
	/** As its bytes say; absent if it resumes a file. */
	mimeType?: string;
	boxes: BoxWalk;
	/** The response that the bytes come from. */
	source: Readable;
	/** Ends the response and its watch; for a caller that does not read it to its end. */
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
 * @returns the response if it is JSON in place of the file
 * @throws VideoError if the response is not a video
 */
export async function receiveFile(options: ReceiveOptions): Promise<IncomingFile | Reply> {
	const { open, signal, deadline, hideKey, resumeAt } = options;
	const broken = new AbortController();
	const cancel = () => broken.abort();
	const ended = AbortSignal.any([signal, broken.signal]);
	const { statusCode, headers, body } = await open(ended);
	const source = body as Readable;
	endWith(ended, source);
	const replyOf = async (chunks: AsyncIterable<Buffer>, read?: Buffer[]) =>
		toReply(
			{ status: statusCode, headers, text: await readStart(chunks, headers['content-type'], read) },
			hideKey,
		);
	const range = rangeOf(statusCode, headers);
	const { offset, total } = range;
	const isResumed = statusCode === 206 && offset > 0 && offset === resumeAt?.offset;
	const boxes = isResumed ? resumeAt!.boxes : new BoxWalk();
	const chunks = arrive(source, { ...range, deadline, boxes, cancel });
	// proxies may send a whole file with a 203 or as a range
	const isWhole = offset === 0 && [200, 203, 206].includes(statusCode);
	const isWanted = isWhole || isResumed;
	if (!isWanted) throw downloadError(await replyOf(chunks));

	const file = { chunks, offset, total, validator: validatorOf(headers), boxes, source, cancel };
	if (isResumed) return file;

	const { start, rest } = await peek(chunks, SIGNATURE_BYTES);
	const mimeType = videoTypeOf(Buffer.concat(start));
	if (mimeType) return { ...file, chunks: rest, mimeType };
	const reply = await replyOf(chunks, start);
	if (reply.body !== undefined) return reply;
	throw downloadError(reply);
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

/** For `If-Range`: no weak validator (RFC 9110, 13.1.5). */
function validatorOf(headers: Record<string, unknown>): string | undefined {
	const etag = String(headers.etag ?? '');
	if (headers['accept-ranges'] === 'none') return undefined;
	if (etag && !etag.startsWith('W/')) return etag;
	return typeof headers['last-modified'] === 'string' ? headers['last-modified'] : undefined;
}

/** Any other 502 comes from a gateway that does not reach CometAPI. */
const NO_FILE = /resolve|video url|no video|not found/i;

/** The error of a response that is not the video. */
function downloadError(reply: Reply): VideoError {
	const { status: httpCode, headers } = reply;
	const { code, message: reason, requestId } = readReply(reply);
	const data = {
		call: 'download' as const,
		httpCode,
		...(code && { code }),
		...(reason && { reason }),
		...(requestId && { requestId }),
		retryAfterMs: parseRetryAfter(headers['retry-after'], clock.date()),
	};
	const isMissing = [404, 410].includes(httpCode) || (httpCode === 502 && NO_FILE.test(reason));
	if (isMissing) return new VideoError('fileNotReady', data);
	if (httpCode === 400) return new VideoError('fileNotReady', { ...data, detail: 'notReady' });
	if (isPassing(httpCode)) {
		return new VideoError('unavailable', { ...data, detail: 'status' });
	}
	return new VideoError('downloadFailed', {
		...data,
		detail: httpCode < 300 ? 'notVideo' : 'status',
	});
}
