import { createCipheriv, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A task's file: bytes, a file on disk, or generated on the fly with `sizeBytes`. */
export type VideoSource = Buffer | string | { sizeBytes: number };

export interface Video {
	size: number;
	mimeType: string;
	chunks(): Iterable<Buffer>;
}

const CHUNK_BYTES = 256 * 1024;
const FIXTURES = join(__dirname, 'fixtures');

export const FIXTURE_VIDEOS = {
	landscape: join(FIXTURES, 'video.mp4'),
	portrait: join(FIXTURES, 'video-portrait.mp4'),
};

export const FIXTURE_WEBM = join(FIXTURES, 'video.webm');

const EBML_MAGIC = Buffer.from('1a45dfa3', 'hex');

/** The video of one task. Videos with different tags never have the same bytes. */
export function videoOf(source: VideoSource, tag?: string): Video {
	if (typeof source === 'string') return videoOf(readFileSync(source), tag);
	if (!Buffer.isBuffer(source)) return generatedVideo(source.sizeBytes, tag ?? '');
	const isWebm = source.subarray(0, 4).equals(EBML_MAGIC);
	// players skip these elements, so a real video stays playable
	const mark = tag && (isWebm ? voidElement(tag) : box('free', Buffer.from(tag)));
	const bytes = mark ? Buffer.concat([source, mark]) : source;
	const mimeType = isWebm ? 'video/webm' : 'video/mp4';
	return { size: bytes.length, mimeType, chunks: () => slices(bytes) };
}

export function fixtureFor(size: string): string {
	const [width, height] = size.split(/\D+/).map(Number);
	return Number(height) > Number(width) ? FIXTURE_VIDEOS.portrait : FIXTURE_VIDEOS.landscape;
}

/** The bytes from `from` up to but not including `to`. */
export function* bytesOf(video: Video, from: number, to: number): Generator<Buffer> {
	let at = 0;
	for (const chunk of video.chunks()) {
		if (at + chunk.length > from) yield chunk.subarray(Math.max(from - at, 0), to - at);
		at += chunk.length;
		if (at >= to) return;
	}
}

/** An MP4 whose `mdat` never ends. */
export function* endlessVideo(): Generator<Buffer> {
	yield Buffer.concat([FTYP, boxHead('mdat', 2 ** 32 - 9)]);
	for (;;) yield* noise(1024 ** 3, '');
}

export function sha256Of(video: Video): string {
	const hash = createHash('sha256');
	for (const chunk of video.chunks()) hash.update(chunk);
	return hash.digest('hex');
}

/** An MP4 (`ftyp`, `moov`, `mdat`) of exactly this size, filled with noise from the seed. */
function generatedVideo(sizeBytes: number, seed: string): Video {
	const noiseBytes = sizeBytes - FTYP.length - MOOV.length - 8;
	if (noiseBytes < 0 || sizeBytes >= 2 ** 32) throw new RangeError(`no video has ${sizeBytes} B`);
	return {
		size: sizeBytes,
		mimeType: 'video/mp4',
		*chunks() {
			yield Buffer.concat([FTYP, MOOV, boxHead('mdat', noiseBytes)]);
			yield* noise(noiseBytes, seed);
		},
	};
}

/** A cipher over zeros: cheap, never repeating, and the same for the same seed. */
function* noise(bytes: number, seed: string): Generator<Buffer> {
	const key = createHash('sha256').update(seed).digest();
	const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
	const zeros = Buffer.alloc(CHUNK_BYTES);
	for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
		yield cipher.update(left < CHUNK_BYTES ? zeros.subarray(0, left) : zeros);
	}
}

function* slices(bytes: Buffer): Generator<Buffer> {
	for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
		yield bytes.subarray(from, from + CHUNK_BYTES);
	}
}

function box(type: string, content: Buffer): Buffer {
	return Buffer.concat([boxHead(type, content.length), content]);
}

function boxHead(type: string, contentBytes: number): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(8 + contentBytes);
	head.write(type, 4, 'latin1');
	return head;
}

const FTYP = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1'));
const MOOV = box('moov', Buffer.alloc(0));

/** WebM's padding, for contents of up to 126 bytes. */
function voidElement(content: string): Buffer {
	return Buffer.concat([Buffer.from([0xec, 0x80 | content.length]), Buffer.from(content)]);
}
