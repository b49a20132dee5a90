import { clock } from '../clock';
import { asVideoError, isKind, isTransient } from '../errors';
import type { VideoError } from '../errors';
import { limits } from '../limits';
import { readableClassOf } from '../n8n';
import type { DownloadOptions } from '../transport/client';
import type { IncomingFile } from '../transport/file';
import { retry } from './retry';

type Open = (options: DownloadOptions) => Promise<IncomingFile>;

/** A stream that n8n can store. */
export interface ResumableFile {
	stream: import('stream').Readable;
	/** Why the file did not arrive whole; undefined if it was not the server that ended it. */
	error?: VideoError;
	/** Ends every response that belongs to it. */
	cancel: () => void;
}

/**
 * The bytes of a file, resumed at the byte at which they broke off, as long as the server can do
 * that and each attempt has more of them.
 */
export function resumable(
	first: IncomingFile,
	open: Open,
	options: DownloadOptions,
): ResumableFile {
	let file = first;
	let offset = 0;
	let resumedAt = 0;
	let withoutProgress = 0;
	const canceled = new AbortController();
	const signal = AbortSignal.any([options.signal, canceled.signal]);
	const { from } = readableClassOf(first.source);
	const result: ResumableFile = { stream: from(bytes(), { objectMode: false }), cancel };

	function cancel() {
		canceled.abort();
		file.cancel();
	}

	const fail = (caught: unknown): never => {
		result.error = asVideoError(caught);
		throw result.error;
	};

	async function* bytes(): AsyncGenerator<Buffer> {
		let isWhole = false;
		try {
			for (;;) {
				const chunk = await next().catch(fail);
				isWhole = !chunk;
				if (!chunk) return;
				offset += chunk.length;
				yield chunk;
			}
		} finally {
			if (!isWhole) cancel();
		}
	}

	async function next(): Promise<Buffer | undefined> {
		for (;;) {
			try {
				const { value, done } = await file.chunks.next();
				withoutProgress = 0;
				return done ? undefined : (value as Buffer);
			} catch (caught) {
				const error = asVideoError(caught);
				const canResume = isBroken(error) && first.validator && offset > 0;
				if (!canResume || ++withoutProgress > limits.downloadTries) throw error;
				const isSlow = offset - resumedAt < limits.leastProgressBytes;
				if (isSlow) await clock.sleep(limits.backoffMs.first, signal);
				resumedAt = offset;
				file = await reopen(error, first.validator!);
			}
		}
	}

	async function reopen(broke: VideoError, validator: string): Promise<IncomingFile> {
		const resumed = await retry(
			async () =>
				await open({ ...options, signal, resumeAt: { offset, validator, boxes: first.boxes } }),
			{
				...options,
				signal,
				isTransient: (error) => isTransient(error) && !isRefused(error),
				maxAttempts: () => limits.downloadTries,
			},
		).catch((caught) => failResume(caught, broke));
		// a server may ignore `If-Range`; a file that is still being written grows
		const isSame = (resumed.validator ?? validator) === validator && !(resumed.total < first.total);
		if (resumed.offset === offset && isSame) return resumed;
		// the server begins again, or has another file meanwhile
		resumed.cancel();
		throw broke;
	}

	return result;
}

/** Whether the source has responded with something that is not the file. */
export const isRefused = (error: VideoError) =>
	isKind(error, 'downloadFailed') && error.data.httpCode !== undefined;

/** 416: the server has no more bytes, so the original error stands. */
function failResume(caught: unknown, broke: VideoError): never {
	const error = asVideoError(caught);
	throw error.data.httpCode === RANGE_NOT_SATISFIABLE ? broke : error;
}

const RANGE_NOT_SATISFIABLE = 416;

const isBroken = (error: VideoError) =>
	error.data.detail === 'incomplete' || (isKind(error, 'downloadFailed') && !isRefused(error));
