import { clock } from '../clock';
import { VideoError } from '../errors';
import type { DownloadCause } from '../errors';
import { limits } from '../limits';
import type { Readable } from './body';
import { networkError } from './networkError';
import type { BoxWalk } from './videoFormat';

/** The part of a file that a response has. */
export interface FileRange {
	/** The place of the first byte. */
	offset: number;
	/** The length of the whole file; NaN if unknown. */
	total: number;
	/** Whether the file ends there; else `total` may be the length before n8n unpacked it. */
	isExact: boolean;
}

interface Arrival extends FileRange {
	/** On the clock, in ms. */
	deadline: number;
	boxes: BoxWalk;
	/** Ends the response. */
	cancel: () => void;
}

const broke = (detail: DownloadCause) =>
	new VideoError('downloadFailed', { call: 'download', detail });

/** A complete response with a file that is not: a later response may have the rest. */
const notComplete = (detail: DownloadCause) =>
	new VideoError('fileNotReady', { call: 'download', detail });

/** The bytes of a response. @throws VideoError if they are not all of the file */
export async function* arrive(
	source: Readable,
	{ deadline, offset, total, isExact, boxes, cancel }: Arrival,
): AsyncGenerator<Buffer> {
	let bytes = offset;
	let error: VideoError | undefined;
	let waitingSince: number | undefined = clock.now();
	const stop = (why: VideoError) => {
		error = why;
		cancel();
	};
	const unwatch = watch(() => waitingSince ?? clock.now(), deadline, stop);
	source.once('close', unwatch);
	let isWhole = false;
	try {
		if (total > limits.maxFileBytes) throw new VideoError('fileTooLarge');
		for await (const chunk of source as AsyncIterable<Buffer>) {
			waitingSince = undefined;
			bytes += chunk.length;
			if (bytes > limits.maxFileBytes) throw new VideoError('fileTooLarge');
			boxes.add(chunk);
			yield chunk;
			waitingSince = clock.now();
		}
		// Node throws if a response is shorter than the length in its headers
		if (bytes === 0) throw broke('empty');
		if ((isExact && bytes !== total) || boxes.isCut) throw notComplete('incomplete');
		if (boxes.isUnfinished) throw notComplete('unfinished');
		isWhole = true;
	} catch (caught) {
		throw error ?? networkError('download', caught);
	} finally {
		unwatch();
		if (!isWhole) cancel();
	}
}

/** Takes the first bytes off a stream, and puts them back in front of the rest. */
export async function peek(chunks: AsyncGenerator<Buffer>, length: number) {
	const start: Buffer[] = [];
	let bytes = 0;
	while (bytes < length) {
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

/** Stops a file that stalls or is late. @returns a function that ends the watch */
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
