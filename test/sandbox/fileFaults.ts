import { gzipSync } from 'node:zlib';
import { json, type FileAnswer } from './answers';
import type { Exchange } from './exchange';
import { nest } from './paths';
import { pieceOf, type FilePiece } from './ranges';
import { bytesOf, endlessVideo } from './video';
import { unfinishedVideo, type UnfinishedForm } from './videoForms';

interface Endless {
	/** The value of the header; absent by default. */
	length?: number;
	/** A pause before each 256 KB, by the clock. Without it, the whole request counts as held. */
	everyMs?: number;
}

interface OtherVersion {
	etag?: string;
	size?: number;
}

/** Faults of calls that respond with a video; without a video, the response is unchanged. */
export const fileFaults = {
	empty: onFile((x, { video }) => {
		x.head(200, { 'content-type': video.mimeType, 'content-length': 0 });
		x.end();
	}),
	resetMidway: onFile(async (x, file, piece) => {
		x.head(piece.status, piece.headers);
		await x.write(bytesOf(file.video, piece.from, middleOf(piece)));
		await x.resetLater();
	}),
	truncated: onFile(async (x, file, piece) => {
		x.head(piece.status, piece.headers);
		await x.write(bytesOf(file.video, piece.from, middleOf(piece)));
		x.hangUp();
	}),
	truncatedChunked: onFile(async (x, file, piece) => {
		x.head(piece.status, withoutLength(piece));
		await x.write(bytesOf(file.video, piece.from, middleOf(piece)));
		x.hangUp();
	}),
	truncatedClose: onFile(async (x, file, piece) => {
		x.endWithConnection();
		x.head(piece.status, withoutLength(piece));
		await x.write(bytesOf(file.video, piece.from, middleOf(piece)));
		x.end();
	}),
	/** Cuts each transfer after the given number of bytes, unless it ends before. */
	cutEvery: onFile(async (x, file, piece, { bytes }: { bytes: number }) => {
		if (piece.to - piece.from <= bytes) return await x.send();
		x.head(piece.status, piece.headers);
		await x.write(bytesOf(file.video, piece.from, piece.from + bytes));
		x.hangUp();
	}),
	stalled: onFile(async (x, file, piece) => {
		x.head(piece.status, piece.headers);
		await x.write(bytesOf(file.video, piece.from, middleOf(piece)));
		x.hold();
	}),
	/** Sends the given number of bytes at a time, with a pause before each piece, by the clock. */
	slow: onFile(async (x, file, piece, { bytes, everyMs }: { bytes: number; everyMs: number }) => {
		x.head(piece.status, piece.headers);
		for (let at = piece.from; at < piece.to && !x.gone.signal.aborted; at += bytes) {
			await x.delay(everyMs);
			await x.write(bytesOf(file.video, at, Math.min(at + bytes, piece.to)));
		}
		x.endFile();
	}),
	/** A video that never ends. */
	endless: onFile(async (x, { video }, _piece, { length, everyMs = 0 }: Endless) => {
		x.head(200, {
			'content-type': video.mimeType,
			...(length !== undefined && { 'content-length': length }),
		});
		const release = everyMs ? undefined : x.hold();
		for (const chunk of endlessVideo()) {
			await x.delay(everyMs);
			if (x.gone.signal.aborted) break;
			await x.write([chunk]);
		}
		release?.();
	}),
	redirect: onFile((x, { link }) => {
		x.head(302, { location: link });
		x.end();
	}),
	/** To any URL, sent as unencoded UTF-8, as some servers do. */
	redirectTo: onFile((x, _file, _piece, { location }: { location: string }) => {
		x.head(302, { location: Buffer.from(location).toString('latin1') });
		x.end();
	}),
	/** The file before it is completely written, with its length at that time. */
	unfinished: onFile(async (x, { video }, piece, { form }: { form: UnfinishedForm }) => {
		const bytes = unfinishedVideo(Buffer.concat([...video.chunks()]), form);
		x.head(200, { ...piece.headers, etag: `"${form}"`, 'content-length': bytes.length });
		await x.write([bytes]);
		x.end();
	}),
	/** JSON with a link to the file host, in `url`, `video_url`, `data.url` or another place. */
	linkInJson: onFile(async (x, { link }, _piece, { place }: { place: string }) => {
		await x.send(json(200, nest(place, link)));
	}),
	noLength: onFile(async (x, file, piece) => await x.sendFile(file, withoutLength(piece))),
	wrongType: onFile(
		async (x, file, piece, { contentType = 'text/plain' }: { contentType?: string }) =>
			await x.sendFile(file, { ...piece.headers, 'content-type': contentType }),
	),
	gzip: onFile(async (x, { video }) => {
		const compressed = gzipSync(Buffer.concat([...video.chunks()]));
		x.head(200, {
			...{ 'content-type': video.mimeType, 'content-encoding': 'gzip' },
			'content-length': compressed.length,
		});
		await x.write([compressed]);
		x.endFile();
	}),
	/** The rest of another version of the file, regardless of `If-Range`; with `size`, a shorter one. */
	otherVersion: onFile(async (x, { video }, piece, { etag, size = video.size }: OtherVersion) => {
		if (piece.status !== 206) return await x.send();
		const { from } = piece;
		const range = { 'content-range': `bytes ${from}-${size - 1}/${size}` };
		x.head(206, {
			...piece.headers,
			...range,
			...(etag && { etag }),
			'content-length': size - from,
		});
		await x.write([Buffer.alloc(size - from, 'other')]);
		x.end();
	}),
	/** The whole file with another status. */
	wholeAs: onFile(async (x, { video }, piece, { status }: { status: number }) => {
		const range = { 'content-range': `bytes 0-${video.size - 1}/${video.size}` };
		x.head(status, { ...piece.headers, ...(status === 206 && range) });
		await x.write(bytesOf(video, 0, video.size));
		x.endFile();
	}),
	/** 206 with the start of the file, regardless of `Range`. */
	wrongRange: onFile(async (x, { video }, piece) => {
		if (piece.status !== 206) return await x.send();
		const bytes = piece.to - piece.from;
		const range = { 'content-range': `bytes 0-${bytes - 1}/${video.size}` };
		x.head(206, { ...piece.headers, ...range });
		await x.write(bytesOf(video, 0, bytes));
		x.end();
	}),
};

const middleOf = ({ from, to }: FilePiece) => from + Math.floor((to - from) / 2);

function withoutLength({ headers }: FilePiece): FilePiece['headers'] {
	const others = Object.entries(headers).filter(([name]) => name !== 'content-length');
	return Object.fromEntries(others);
}

type OnFile<Settings> = (
	x: Exchange,
	file: FileAnswer,
	piece: FilePiece,
	settings: Settings,
) => void | Promise<void>;

function onFile<Settings = unknown>(handle: OnFile<Settings>) {
	return async (x: Exchange, settings: Settings) => {
		const { answer, record } = x;
		if (answer.type !== 'video') return await x.send();
		const piece = pieceOf(answer, record.headers);
		if (piece.status === 416) return await x.send();
		await handle(x, answer, piece, settings);
	};
}
