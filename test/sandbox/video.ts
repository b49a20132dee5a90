import { createCipheriv, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a task's file is: bytes, a file on disk, or made up on the fly with `sizeBytes`. */
export type VideoSource = Buffer | string | { sizeBytes: number };

export interface Video {
	size: number;
	chunks(): Iterable<Buffer>;
}

const CHUNK_BYTES = 256 * 1024;
const FIXTURES = join(__dirname, 'fixtures');

export const FIXTURE_VIDEOS = {
	landscape: join(FIXTURES, 'video.mp4'),
	portrait: join(FIXTURES, 'video-portrait.mp4'),
};

/** The video of one task; with a `tag`, no other tag's video has the same bytes. */
export function videoOf(source: VideoSource, tag?: string): Video {
	if (typeof source === 'string') return videoOf(readFileSync(source), tag);
	if (!Buffer.isBuffer(source)) return madeUpVideo(source.sizeBytes, tag ?? '');
	// players skip a `free` box, so a real video stays playable
	const bytes = tag ? Buffer.concat([source, box('free', Buffer.from(tag))]) : source;
	return { size: bytes.length, chunks: () => slices(bytes) };
}

export function fixtureFor(size: string): string {
	const [width, height] = size.split(/\D+/).map(Number);
	return Number(height) > Number(width) ? FIXTURE_VIDEOS.portrait : FIXTURE_VIDEOS.landscape;
}

export function* firstBytes(video: Video, bytes: number): Generator<Buffer> {
	let left = bytes;
	for (const chunk of video.chunks()) {
		if (left > 0) yield chunk.subarray(0, left);
		left -= chunk.length;
		if (left <= 0) return;
	}
}

export function sha256Of(video: Video): string {
	const hash = createHash('sha256');
	for (const chunk of video.chunks()) hash.update(chunk);
	return hash.digest('hex');
}

/** An MP4 shell (`ftyp`, `mdat`) of exactly that size around noise that the seed determines. */
function madeUpVideo(sizeBytes: number, seed: string): Video {
	const ftyp = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1'));
	const noiseBytes = sizeBytes - ftyp.length - 8;
	if (noiseBytes < 0 || sizeBytes >= 2 ** 32) throw new RangeError(`no video has ${sizeBytes} B`);
	return {
		size: sizeBytes,
		*chunks() {
			yield Buffer.concat([ftyp, boxHead('mdat', noiseBytes)]);
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
