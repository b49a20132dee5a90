import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { clock } from '../clock';
import { limits } from '../limits';
import { brokenFileFault, downloadFault, networkFault } from './errors';
import type { Fault } from './fault';
import { BoxWalk } from './mp4';

export type Readable = import('stream').Readable;

/** A video on its way. */
export interface IncomingFile {
	/** Ends with an error where the file does not arrive whole. */
	stream: Readable;
	mimeType: string;
	/** Ends the request; the stream breaks off. */
	cancel: () => void;
	/** Why the stream broke; undefined while it did not. */
	fault?: Fault;
}

/**
 * Opens a file and watches over its arrival. A verified node may not import `stream`, but every
 * stream's class can make one.
 * @throws Fault where the answer is not a video
 */
export async function receiveFile(
	open: (signal: AbortSignal) => Promise<IN8nHttpFullResponse>,
	signal: AbortSignal,
	hideKey: (text: string) => string,
): Promise<IncomingFile> {
	const broken = new AbortController();
	const cancel = () => broken.abort();
	const { statusCode, headers, body } = await open(AbortSignal.any([signal, broken.signal]));
	const source = body as Readable;
	const type = String(headers['content-type'] ?? '')
		.split(';')[0]
		.trim()
		.toLowerCase();
	if (statusCode >= 300 || !/^(video\/.+|(application|binary)\/octet-stream|)$/.test(type)) {
		const text = hideKey(await readStart(source, cancel));
		throw downloadFault({ status: statusCode, headers, text }, clock.now());
	}
	const announced = Number(headers['content-length'] ?? NaN);
	const chunks = arriving(source, announced, cancel, (fault) => {
		file.fault = fault;
	});
	const { from } = source.constructor as typeof import('stream').Readable;
	const file: IncomingFile = {
		stream: from(chunks, { objectMode: false }),
		mimeType: type.startsWith('video/') ? type : 'video/mp4',
		cancel,
	};
	return file;
}

/** @param announced bytes, NaN where the server did not say */
async function* arriving(
	source: Readable,
	announced: number,
	cancel: () => void,
	onFault: (fault: Fault) => void,
): AsyncGenerator<Buffer> {
	const boxes = new BoxWalk();
	let bytes = 0;
	let stalled: Fault | undefined;
	let waitingSince: number | undefined = clock.now();
	const unwatch = watchStall(
		() => waitingSince ?? clock.now(),
		() => {
			stalled = brokenFileFault(`no byte came for ${limits.stallMs / 1000} seconds`);
			cancel();
		},
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
		const isShort = Number.isNaN(announced) ? boxes.isCut : bytes !== announced;
		if (isShort) throw brokenFileFault('the file was cut off');
	} catch (error) {
		const fault = stalled ?? networkFault('download', error);
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

/** Enough of an answer to read an error in it. Ends the request. */
async function readStart(stream: Readable, cancel: () => void): Promise<string> {
	const chunks: Buffer[] = [];
	const startedAt = clock.now();
	const unwatch = watchStall(() => startedAt, cancel);
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
