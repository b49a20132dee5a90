import { formatOf, HEADER_BYTES, headerBytesOf, sizeOfBox, typeOf } from './mp4';
import type { VideoFormat } from './mp4';

/** How many bytes of a file tell its type. */
export const SIGNATURE_BYTES = HEADER_BYTES;

/** EBML's magic number, with which a WebM begins (RFC 8794). */
const EBML = '1a45dfa3';

/** @returns undefined if the bytes don't begin a video */
export function videoTypeOf(start: Buffer): string | undefined {
	if (start.toString('hex', 0, 4) === EBML) return 'video/webm';
	return start.length >= SIGNATURE_BYTES && sizeOfBox(start) !== undefined
		? 'video/mp4'
		: undefined;
}

/** A fragmented file of an hour has some 10,000. */
const MAX_BOXES = 100_000;

/** That much of an index has its size and length, whatever the length of the video. */
const MAX_INDEX_BYTES = 256 * 1024;

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

	/** The beginning of the index, copied: a part would keep its whole chunk in memory. */
	private readonly index: Buffer[] = [];

	private indexBytes = 0;

	/** Bytes came that can't be a box, so nothing after them is one. */
	private isOver = false;

	private isMp4 = false;

	private count = 0;

	add(chunk: Buffer): void {
		let at = 0;
		while (!this.isOver && at < chunk.length) {
			if (this.bytesLeft > 0) {
				const passed = Math.min(this.bytesLeft, chunk.length - at);
				if (this.type === 'mdat') this.hasMedia = true;
				if (this.type === 'moov') this.keep(chunk.subarray(at, at + passed));
				this.bytesLeft -= passed;
				at += passed;
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

	/** Its width, height and length, as far as the index has them. */
	get format(): VideoFormat {
		return formatOf(Buffer.concat(this.index));
	}

	private keep(part: Buffer): void {
		const kept = part.subarray(0, MAX_INDEX_BYTES - this.indexBytes);
		if (kept.length === 0) return;
		this.index.push(Buffer.from(kept));
		this.indexBytes += kept.length;
	}

	private get headerBytesLeft(): number {
		return headerBytesOf(this.header) - this.header.length;
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
