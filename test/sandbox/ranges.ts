import type { IncomingHttpHeaders } from 'node:http';
import type { FileAnswer } from './answers';

/** The bytes of a file in a response, `to` excluded, with its status and headers. */
export interface FilePiece {
	status: 200 | 206 | 416;
	headers: Record<string, string | number>;
	from: number;
	to: number;
}

/** The piece that `Range` and `If-Range` request; the whole file if they don't apply. */
export function pieceOf(file: FileAnswer, requested: IncomingHttpHeaders): FilePiece {
	const { size, mimeType } = file.video;
	const { etag, ranges } = file;
	const headers = {
		'content-type': mimeType,
		...(ranges && { 'accept-ranges': 'bytes' }),
		...(etag && { etag }),
	};
	const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(requested.range ?? '') ?? [];
	if (!ranges || first === undefined || !isSameFile(requested['if-range'], etag)) {
		return { status: 200, headers: { ...headers, 'content-length': size }, from: 0, to: size };
	}
	const from = Number(first);
	const to = last ? Math.min(Number(last) + 1, size) : size;
	if (from >= to) {
		const refused = { 'content-range': `bytes */${size}`, 'content-length': 0 };
		return { status: 416, headers: { ...headers, ...refused }, from: 0, to: 0 };
	}
	const range = { 'content-range': `bytes ${from}-${to - 1}/${size}`, 'content-length': to - from };
	return { status: 206, headers: { ...headers, ...range }, from, to };
}

/** Only a strong ETag proves this. */
const isSameFile = (ifRange: string | string[] | undefined, etag?: string): boolean =>
	ifRange === undefined || (ifRange === etag && !etag.startsWith('W/'));
