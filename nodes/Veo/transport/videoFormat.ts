/** How many bytes of a file tell its type: the header of a box. */
export const SIGNATURE_BYTES = 8;

/** EBML's magic number, with which a WebM begins (RFC 8794). */
const EBML = '1a45dfa3';

/** @returns undefined if the bytes don't begin a video */
export function videoTypeOf(start: Buffer): string | undefined {
	if (start.toString('hex', 0, 4) === EBML) return 'video/webm';
	return start.length >= SIGNATURE_BYTES && sizeOfBox(start) !== undefined
		? 'video/mp4'
		: undefined;
}

/** Only `mdat`, the media, is larger. Text has a greater number in place of the size. */
const MAX_BOX_BYTES = 128 * 1024 ** 2;

/** A fragmented file of an hour has some 10,000. */
const MAX_BOXES = 100_000;

const WIDE_HEADER_BYTES = 16;

/** @returns undefined if the bytes can't be the header of a box (ISO/IEC 14496-12, 4.2) */
function sizeOfBox(header: Buffer): number | undefined {
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

const typeOf = (header: Buffer) => header.toString('latin1', 4, 8);

/** Completes the beginning of a header, to see if it can be one. */
const SAMPLE = Buffer.from('\0\0\0\x08free');

/**
 * Follows the top-level boxes of an MP4 while it arrives. Nothing else tells if the file is complete:
 * a file that is still being written is sent with the length that it has by then.
 */
export class BoxWalk {
	private header: Buffer = Buffer.alloc(0);

	private type = '';

	private bytesLeft = 0;

	private hasIndex = false;

	private hasMedia = false;

	/** Bytes came that can't be a box, so nothing after them is one. */
	private isOver = false;

	private isMp4 = false;

	private count = 0;

	add(chunk: Buffer): void {
		let at = 0;
		while (!this.isOver && at < chunk.length) {
			if (this.bytesLeft > 0) {
				const passed = Math.min(this.bytesLeft, chunk.length - at);
				this.bytesLeft -= passed;
				at += passed;
				if (this.type === 'mdat') this.hasMedia = true;
			} else {
				const end = Math.min(at + this.headerBytesLeft, chunk.length);
				const part = chunk.subarray(at, end);
				this.header = this.header.length > 0 ? Buffer.concat([this.header, part]) : part;
				at = end;
				if (this.headerBytesLeft === 0) this.readHeader();
			}
		}
	}

	/** Whether the file ends inside a box. */
	get isCut(): boolean {
		const isInBox = this.bytesLeft > 0 && this.bytesLeft !== Infinity;
		return this.isMp4 && (isInBox || this.isInHeader);
	}

	/** Whether an index is missing, or the media that it describes. Bytes after them don't matter. */
	get isUnfinished(): boolean {
		return this.isMp4 && !(this.hasIndex && this.hasMedia);
	}

	/** A header that says so is wide. */
	private get headerBytesLeft(): number {
		const { header } = this;
		const isWide = header.length >= SIGNATURE_BYTES && header.readUInt32BE(0) === 1;
		return (isWide ? WIDE_HEADER_BYTES : SIGNATURE_BYTES) - header.length;
	}

	private get isInHeader(): boolean {
		const { header } = this;
		// zeros after a complete video are padding
		const isBegun = header.some((byte) => byte > 0) || (header.length > 0 && this.isUnfinished);
		const completed = Buffer.concat([header, SAMPLE.subarray(header.length)]);
		return isBegun && sizeOfBox(completed) !== undefined;
	}

	private readHeader(): void {
		const { header } = this;
		const bytes = sizeOfBox(header);
		this.header = Buffer.alloc(0);
		if (bytes === undefined || ++this.count > MAX_BOXES) {
			this.isOver = true;
			return;
		}
		this.isMp4 = true;
		this.type = typeOf(header);
		this.bytesLeft = bytes - header.length;
		if (this.type === 'moov' || this.type === 'moof') this.hasIndex = true;
		// each `moof` describes the media after it
		if (this.type === 'moof') this.hasMedia = false;
	}
}
