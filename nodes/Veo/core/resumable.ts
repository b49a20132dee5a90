import { asVideoError } from '../errors';
import type { VideoError } from '../errors';
import { limits } from '../limits';
import type { DownloadOptions } from '../transport/client';
import type { IncomingFile } from '../transport/file';
import { retry } from './retry';

type Open = (options: DownloadOptions) => Promise<IncomingFile>;

/** A stream that n8n can store, and why it broke off. */
export interface ResumableFile {
	stream: import('stream').Readable;
	/** Undefined while it did not break off. */
	error?: VideoError;
	cancel: () => void;
}

/**
 * The bytes of a file, which go on where they broke off as long as the server can do that and more of
 * them arrive at each attempt.
 */
export function resumable(
	first: IncomingFile,
	open: Open,
	options: DownloadOptions,
): ResumableFile {
	let file = first;
	const { from } = first.Readable;
	const result: ResumableFile = {
		stream: from(bytes(), { objectMode: false }),
		cancel: () => file.cancel(),
	};

	async function* bytes(): AsyncGenerator<Buffer> {
		let offset = 0;
		let withoutProgress = 0;
		for (;;) {
			const before = offset;
			try {
				for await (const chunk of file.chunks) {
					offset += chunk.length;
					yield chunk;
				}
				return;
			} catch (caught) {
				const error = asVideoError(caught);
				withoutProgress = offset > before ? 0 : withoutProgress + 1;
				result.error = error;
				const canResume = isBroken(error) && first.validator && offset > 0;
				if (!canResume || withoutProgress >= limits.downloadTries) throw error;
				file = await reopen(offset, first.validator!);
				result.error = undefined;
			}
		}
	}

	async function reopen(offset: number, validator: string): Promise<IncomingFile> {
		const resumed = await retry(
			async () => await open({ ...options, resumeAt: { offset, validator } }),
			{ ...options, maxAttempts: () => limits.downloadTries },
		);
		if (resumed.offset === offset) return resumed;
		// the server begins again, or has another file by now
		resumed.cancel();
		throw result.error!;
	}

	return result;
}

const isBroken = ({ kind, data }: VideoError) =>
	kind === 'downloadFailed' && data.httpCode === undefined;
