/** Boxes of an MP4 (ISO/IEC 14496-12). */

export const HEADER_BYTES = 8;
const WIDE_HEADER_BYTES = 16;

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

/** A header that says so is wide. */
export const headerBytesOf = (header: Buffer) =>
	header.length >= HEADER_BYTES && header.readUInt32BE(0) === 1 ? WIDE_HEADER_BYTES : HEADER_BYTES;

/** The contents of the boxes of a type. The last one may be cut. */
function contentsOf(bytes: Buffer, type: string): Buffer[] {
	const contents = [];
	let at = 0;
	while (at + HEADER_BYTES <= bytes.length) {
		const box = bytes.subarray(at);
		const size = sizeOfBox(box);
		if (size === undefined) break;
		if (typeOf(box) === type) contents.push(box.subarray(headerBytesOf(box), size));
		at += size;
	}
	return contents;
}

/** A day: no video of a model is longer. */
const MAX_SECONDS = 86_400;

/** In pixels and seconds; absent if the file does not say it. */
export interface VideoFormat {
	width?: number;
	height?: number;
	seconds?: number;
}

/** Reads `moov`, the index of a file. */
export function formatOf(index: Buffer): VideoFormat {
	const [seconds] = contentsOf(index, 'mvhd').map(secondsOf);
	const tracks = contentsOf(index, 'trak').flatMap((track) => contentsOf(track, 'tkhd'));
	return { ...tracks.map(shownSizeOf).find(Boolean), ...(seconds && { seconds }) };
}

/** The size after the track's transformation, e.g. a rotation; none for sound (8.3.2). */
function shownSizeOf(header: Buffer) {
	const matrix = header[0] === 1 ? 52 : 40;
	if (header.length < matrix + 44) return undefined;
	const [a, b, c, d] = [0, 4, 12, 16].map((at) => Math.abs(header.readInt32BE(matrix + at)));
	const [w, h] = [36, 40].map((at) => header.readUInt32BE(matrix + at));
	// all are 16.16 fixed-point numbers
	const [width, height] = [a * w + c * h, b * w + d * h].map((size) => Math.round(size / 2 ** 32));
	const isPossible = width * height > 0 && Math.max(width, height) < 2 ** 16;
	return isPossible ? { width, height } : undefined;
}

/** The times of version 1 have 64 bits (8.2.2). */
function secondsOf(header: Buffer): number | undefined {
	const isLong = header[0] === 1;
	if (header.length < (isLong ? 32 : 20)) return undefined;
	const timescale = header.readUInt32BE(isLong ? 20 : 12);
	const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
	// all bits are set if it is not known
	const isKnown = timescale > 0 && duration < (isLong ? 2 ** 64 : 2 ** 32 - 1);
	const seconds = Number((duration / timescale).toFixed(3));
	return isKnown && seconds < MAX_SECONDS ? seconds : undefined;
}
