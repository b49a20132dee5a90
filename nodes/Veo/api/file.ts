import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { clock } from '../clock';
import { limits } from '../limits';
import { brokenFileFault, downloadFault, networkFault } from './errors';
import type { Fault } from './errors';
import { BoxWalk } from './mp4';

export type Readable = import('stream').Readable;

/** A video on its way. */
export interface IncomingFile {
	/** Ends with an error where the file does not arrive whole. Must be read, or the file cancelled. */
	stream: Readable;
	mimeType: string;
	cancel: () => void;
	/** Why the stream broke; undefined while it did not. */
	fault?: Fault;
}

/**
 * The body of an answer as a file. A verified node may not import `stream`, but every stream's
 * class can make one.
 * @throws Fault where the answer is not a video
 */
export async function receiveFile(
	{ statusCode, headers, body }: IN8nHttpFullResponse,
	hideKey: (text: string) => string,
): Promise<IncomingFile> {
	const source = body as Readable;
	const type = String(headers['content-type'] ?? '')
		.split(';')[0]
		.trim()
		.toLowerCase();
	if (statusCode >= 300 || !/^(video\/.+|(application|binary)\/octet-stream|)$/.test(type)) {
		const text = hideKey(await readStart(source));
		throw downloadFault({ status: statusCode, headers, text }, clock.now());
	}
	const announced = Number(headers['content-length'] ?? NaN);
	const chunks = wholeOrFault(source, Number.isNaN(announced) ? undefined : announced, (fault) => {
		file.fault = fault;
	});
	const { from } = source.constructor as typeof import('stream').Readable;
	const file: IncomingFile = {
		stream: from(chunks, { objectMode: false }),
		mimeType: type.startsWith('video/') ? type : 'video/mp4',
		cancel: () => source.destroy(brokenFileFault('it was cancelled')),
	};
	return file;
}

async function* wholeOrFault(
	source: Readable,
	announcedBytes: number | undefined,
	onFault: (fault: Fault) => void,
): AsyncGenerator<Buffer> {
	const boxes = new BoxWalk();
	let bytes = 0;
	let waitingSince: number | undefined = clock.now();
	const unwatch = watchStall(
		() => waitingSince ?? clock.now(),
		() => source.destroy(brokenFileFault(`no byte came for ${limits.stallMs / 1000} seconds`)),
	);
	try {
		for await (const chunk of source as AsyncIterable<Buffer>) {
			waitingSince = undefined;
			bytes += chunk.length;
			boxes.add(chunk);
			yield chunk;
			waitingSince = clock.now();
		}
		if (bytes === 0) throw brokenFileFault('the file is empty');
		if (boxes.isCut || (announcedBytes !== undefined && bytes !== announcedBytes)) {
			throw brokenFileFault('the file was cut off');
		}
	} catch (error) {
		const fault = networkFault('download', error);
		onFault(fault);
		throw fault;
	} finally {
		unwatch();
	}
}

/** Calls `act` once `idleSince` lies too long ago. @returns how to stop watching */
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

/** Enough of an answer to read an error in it. Leaves the stream destroyed. */
async function readStart(stream: Readable): Promise<string> {
	const chunks: Buffer[] = [];
	const startedAt = clock.now();
	const unwatch = watchStall(
		() => startedAt,
		() => stream.destroy(),
	);
	try {
		for await (const chunk of stream as AsyncIterable<Buffer>) {
			chunks.push(chunk);
			if (chunks.length > 3) break;
		}
	} catch {
		// What came before the break is enough.
	} finally {
		unwatch();
	}
	return Buffer.concat(chunks).toString('utf8');
}
