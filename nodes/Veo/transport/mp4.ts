/** Boxes of an MP4 (ISO/IEC 14496-12). */

export const HEADER_BYTES = 8;
export const WIDE_HEADER_BYTES = 16;

/** Only `mdat`, the media, is larger. Text has a greater number in place of the size. */
const MAX_BOX_BYTES = 128 * 1024 ** 2;

/** @returns undefined if the bytes can't be the header of a box (ISO/IEC 14496-12, 4.2) */
export function sizeOfBox(header: Buffer): number | undefined {
	const type = typeOf(header);
	if (!/^[ -~]{4}$/.test(type)) return undefined;
	const size = header.readUInt32BE(0);
	// the last box may extend to the end of the file
	if (size === 0) return Infinity;
	const isWide = size === 1 && header.length >= WIDE_HEADER_BYTES;
	const bytes = isWide ? Number(header.readBigUInt64BE(8)) : size;
	const isPossible = size === 1 ? !isWide || bytes >= WIDE_HEADER_BYTES : bytes >= 8;
	return isPossible && (type === 'mdat' || bytes < MAX_BOX_BYTES) ? bytes : undefined;
}

export const typeOf = (header: Buffer) => header.toString('latin1', 4, 8);

interface Box {
	type: string;
	content: Buffer;
}

/** The last one may be cut. */
function* boxesIn(bytes: Buffer): Generator<Box> {
	let at = 0;
	while (at + HEADER_BYTES <= bytes.length) {
		const header = bytes.subarray(at);
		const size = sizeOfBox(header);
		if (size === undefined) return;
		yield { type: typeOf(header), content: header.subarray(HEADER_BYTES, size) };
		at += size;
	}
}

const boxOf = (bytes: Buffer, type: string) =>
	[...boxesIn(bytes)].find((box) => box.type === type)?.content;

/** In pixels and seconds; absent if the file does not say it. */
export interface VideoFormat {
	width?: number;
	height?: number;
	seconds?: number;
}

/** Reads `moov`, the index of a file. */
export function formatOf(index: Buffer): VideoFormat {
	const seconds = secondsOf(boxOf(index, 'mvhd') ?? Buffer.alloc(0));
	const tracks = [...boxesIn(index)].filter(({ type }) => type === 'trak');
	const sizes = tracks.map(({ content }) => sizeOfTrack(boxOf(content, 'tkhd')));
	return { ...sizes.find(({ width }) => width > 0), ...(seconds && { seconds }) };
}

/** 16.16 fixed-point numbers at the end (8.3.2); 0 for sound. */
function sizeOfTrack(header: Buffer = Buffer.alloc(0)) {
	const [width, height] = [8, 4].map((fromEnd) =>
		header.length < fromEnd ? 0 : header.readUInt32BE(header.length - fromEnd) >>> 16,
	);
	return { width, height };
}

/** The times of version 1 have 64 bits (8.2.2). */
function secondsOf(header: Buffer): number | undefined {
	const isLong = header[0] === 1;
	if (header.length < (isLong ? 32 : 20)) return undefined;
	const timescale = header.readUInt32BE(isLong ? 20 : 12);
	const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
	const isKnown = timescale > 0 && duration > 0 && duration < 2 ** 32 - 1;
	return isKnown ? Number((duration / timescale).toFixed(3)) : undefined;
}
