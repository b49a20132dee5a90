/** How many bytes of a file tell what it is. */
export const SIGNATURE_BYTES = 12;

/** Types of the box with which an MP4 may begin (ISO/IEC 14496-12). */
const MP4_BOXES = ['ftyp', 'styp', 'moov', 'moof', 'mdat', 'free', 'skip', 'wide', 'uuid'];
/** EBML's magic number, with which a WebM begins (RFC 8794). */
const EBML = '1a45dfa3';

/** @returns undefined where the bytes are no video's */
export function videoTypeOf(start: Buffer): string | undefined {
	if (MP4_BOXES.includes(start.toString('latin1', 4, 8))) return 'video/mp4';
	return start.toString('hex', 0, 4) === EBML ? 'video/webm' : undefined;
}

const FTYP = 0x66747970;

/**
 * Follows the top-level boxes of an MP4 while it arrives (ISO/IEC 14496-12, 4.2), so that a file
 * that ends inside a box is known to be incomplete even where nobody announced its length.
 */
export class BoxWalk {
	private header = Buffer.alloc(0);

	private bytesLeft = 0;

	private state: 'start' | 'boxes' | 'other' = 'start';

	add(chunk: Buffer): void {
		let at = 0;
		while (this.state !== 'other' && at < chunk.length) {
			if (this.bytesLeft > 0) {
				const passed = Math.min(this.bytesLeft, chunk.length - at);
				this.bytesLeft -= passed;
				at += passed;
			} else {
				this.header = Buffer.concat([this.header, chunk.subarray(at, ++at)]);
				this.readHeader();
			}
		}
	}

	get isCut(): boolean {
		const isInBox = this.bytesLeft > 0 && this.bytesLeft !== Infinity;
		return this.state === 'boxes' && (isInBox || this.header.length > 0);
	}

	private readHeader(): void {
		const { header } = this;
		if (header.length < 8) return;
		if (this.state === 'start') this.state = header.readUInt32BE(4) === FTYP ? 'boxes' : 'other';
		const size = header.readUInt32BE(0);
		if (size === 1 && header.length < 16) return;

		const boxSize = size === 1 ? Number(header.readBigUInt64BE(8)) : size;
		this.bytesLeft = boxSize === 0 ? Infinity : boxSize - header.length;
		if (this.bytesLeft < 0) this.state = 'other';
		this.header = Buffer.alloc(0);
	}
}
