export type Readable = import('stream').Readable;

/** More of a response says nothing more about an error. */
const ENOUGH_BYTES = 256 * 1024;

export interface ReadOptions {
	maxBytes: number;
	timeoutMs: number;
	/** The header, which may name the charset. */
	contentType?: unknown;
}

/** Without a byte order mark. */
function decode(bytes: Buffer, contentType: unknown): string {
	const [, charset] = /charset="?([\w.:-]+)/i.exec(String(contentType)) ?? [];
	try {
		return new TextDecoder(charset).decode(bytes);
	} catch {
		return new TextDecoder().decode(bytes);
	}
}

/**
 * Reads the text of a response, however slowly it arrives within `timeoutMs`.
 * @throws Error if it is longer than `maxBytes`, or ends too early
 */
export async function readText(
	stream: Readable,
	{ maxBytes, timeoutMs, contentType }: ReadOptions,
): Promise<string> {
	const timeout = AbortSignal.timeout(timeoutMs);
	const onTimeout = () => stream.destroy(new Error('The response is incomplete'));
	timeout.addEventListener('abort', onTimeout);
	try {
		const chunks: Buffer[] = [];
		let bytes = 0;
		for await (const chunk of stream as AsyncIterable<Buffer>) {
			chunks.push(chunk);
			bytes += chunk.length;
			if (bytes > maxBytes) throw new Error('The response is too long');
		}
		return decode(Buffer.concat(chunks), contentType);
	} finally {
		timeout.removeEventListener('abort', onTimeout);
	}
}

/**
 * Ends a response with its request: in older versions of n8n, the signal does not end one that has
 * begun, and nothing but its end frees its connection.
 */
export function endWith(signal: AbortSignal, source: Readable): void {
	const end = () => source.destroy();
	// a response that nobody reads any more may still break
	source.on('error', end);
	signal.addEventListener('abort', end, { once: true });
	source.once('close', () => signal.removeEventListener('abort', end));
	if (signal.aborted) end();
}

/** The beginning of a response, enough to find an error in it. Ends the stream. */
export async function readStart(
	chunks: AsyncIterable<Buffer>,
	contentType: unknown,
	read: Buffer[] = [],
): Promise<string> {
	const start = [...read];
	let bytes = Buffer.concat(start).length;
	try {
		for await (const chunk of chunks) {
			start.push(chunk);
			bytes += chunk.length;
			if (bytes > ENOUGH_BYTES) break;
		}
	} catch {
		// the part before the break is enough
	}
	return decode(Buffer.concat(start), contentType);
}
