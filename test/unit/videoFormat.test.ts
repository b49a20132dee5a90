import { readFileSync } from 'node:fs';

import { BoxWalk, SIGNATURE_BYTES, videoTypeOf } from '../../nodes/Veo/transport/videoFormat';
import { FIXTURE_VIDEOS, FIXTURE_WEBM } from '../sandbox/video';

type Size = 'plain' | 'wide' | 'rest';

/** A top-level box: its size in 32 bits, in 64 bits, or 0 for "up to the end of the file". */
function box(type: string, contentBytes: number, size: Size = 'plain'): Buffer {
	const head = Buffer.alloc(size === 'wide' ? 16 : 8);
	const boxBytes = head.length + contentBytes;
	head.writeUInt32BE({ plain: boxBytes, wide: 1, rest: 0 }[size]);
	head.write(type, 4, 'latin1');
	if (size === 'wide') head.writeBigUInt64BE(BigInt(boxBytes), 8);
	return Buffer.concat([head, Buffer.alloc(contentBytes, 7)]);
}

function isCut(bytes: Buffer, chunkBytes = bytes.length || 1): boolean {
	const walk = new BoxWalk();
	for (let at = 0; at < bytes.length; at += chunkBytes)
		walk.add(bytes.subarray(at, at + chunkBytes));
	return walk.isCut;
}

const ftyp = box('ftyp', 16);
const file = Buffer.concat([ftyp, box('mdat', 100, 'wide'), box('moov', 50)]);
const ends = [ftyp.length, ftyp.length + 116, file.length];

it.each(Object.entries(FIXTURE_VIDEOS))('a real video is complete: %s', (_name, path) => {
	expect(isCut(readFileSync(path))).toBe(false);
});

it.each(Object.entries(FIXTURE_VIDEOS))('a cut video is incomplete: %s', (_name, path) => {
	const bytes = readFileSync(path);
	expect(isCut(bytes.subarray(0, bytes.length - 1))).toBe(true);
	expect(isCut(bytes.subarray(0, bytes.length / 2))).toBe(true);
});

it.each([1, 2, 3, 7, 8, 9, 15, 16, 17])('a file is complete in chunks of %s', (chunkBytes) => {
	expect(isCut(file, chunkBytes)).toBe(false);
});

it.each([1, 5, 16, 1000])('every cut inside a box is found in chunks of %s', (chunkBytes) => {
	for (let length = 0; length < file.length; length++) {
		const inHeader = [0, ...ends].some(
			(end, index) => length >= end && length < end + [8, 16, 8, 0][index],
		);
		if (inHeader) continue;
		expect({ length, cut: isCut(file.subarray(0, length), chunkBytes) }).toEqual({
			length,
			cut: true,
		});
	}
});

it('a cut inside the header of a later box is found', () => {
	for (let bytes = 1; bytes < 16; bytes++) {
		const length = ftyp.length + bytes;
		expect({ length, cut: isCut(file.subarray(0, length)) }).toEqual({ length, cut: true });
	}
});

it('a file that ends with a box is complete', () => {
	for (const end of ends) expect(isCut(file.subarray(0, end))).toBe(false);
});

it('a cut in a file that does not begin with ftyp is found', () => {
	expect(isCut(box('mdat', 100).subarray(0, 50))).toBe(true);
});

it('empty boxes are complete', () => {
	expect(isCut(Buffer.concat([ftyp, box('free', 0), box('free', 0, 'wide'), box('mdat', 1)]))).toBe(
		false,
	);
});

it('a size of more than 32 bits is followed', () => {
	const head = box('mdat', 0, 'wide');
	head.writeBigUInt64BE(5_000_000_016n, 8);
	const walk = new BoxWalk();
	walk.add(ftyp);
	walk.add(head);
	const megabyte = Buffer.alloc(1_000_000);
	for (let count = 0; count < 4_999; count++) walk.add(megabyte);
	expect(walk.isCut).toBe(true);
	walk.add(megabyte);
	expect(walk.isCut).toBe(false);
});

it('a last box without a size is never incomplete', () => {
	const bytes = Buffer.concat([ftyp, box('mdat', 100, 'rest')]);
	expect(isCut(bytes)).toBe(false);
	expect(isCut(bytes.subarray(0, bytes.length - 40))).toBe(false);
});

it.each([
	['nothing', Buffer.alloc(0)],
	['a few bytes', Buffer.from('ab')],
	['another kind of file', Buffer.from('\x1aE\xdf\xa3 this is a WebM and has no boxes', 'latin1')],
])('%s is not judged', (_name, bytes) => {
	expect(isCut(bytes)).toBe(false);
});

it('nothing is judged after an impossible size', () => {
	const broken = box('free', 0);
	broken.writeUInt32BE(5);
	expect(isCut(Buffer.concat([ftyp, broken, box('mdat', 100).subarray(0, 50)]))).toBe(false);
});

describe('the type of a file', () => {
	const startOf = (path: string) => readFileSync(path).subarray(0, SIGNATURE_BYTES);

	it.each(Object.entries(FIXTURE_VIDEOS))('is MP4: %s', (_name, path) => {
		expect(videoTypeOf(startOf(path))).toBe('video/mp4');
	});

	it.each(['ftyp', 'styp', 'moov', 'moof', 'mdat', 'free', 'skip', 'wide', 'uuid'])(
		'is MP4 when it begins with the box %s',
		(type) => {
			expect(videoTypeOf(box(type, 8).subarray(0, SIGNATURE_BYTES))).toBe('video/mp4');
		},
	);

	it("is WebM when it begins with EBML's number", () => {
		expect(videoTypeOf(startOf(FIXTURE_WEBM))).toBe('video/webm');
	});

	it.each([
		['nothing', ''],
		['a few bytes', 'ab'],
		['a web page', '<!DOCTYPE html><html>'],
		['JSON', '{"error":{"code":""}}'],
		['an image', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
		['the name of a box in another place', 'ftypftyp'.slice(1) + 'ftyp'],
	])('is not known for %s', (_name, text) => {
		expect(videoTypeOf(Buffer.from(text, 'latin1'))).toBeUndefined();
	});
});

describe('the format of a file', () => {
	const formatOf = (bytes: Buffer, chunkBytes = bytes.length) => {
		const walk = new BoxWalk();
		for (let at = 0; at < bytes.length; at += chunkBytes)
			walk.add(bytes.subarray(at, at + chunkBytes));
		return walk.format;
	};
	const filled = (type: string, content: Buffer, size?: Size) => {
		const bytes = box(type, content.length, size);
		content.copy(bytes, bytes.length - content.length);
		return bytes;
	};
	/** A movie header (ISO/IEC 14496-12, 8.2.2) of 24 ticks a second. */
	const mvhd = (version: number, duration: number | bigint, timescale = 24, size?: Size) => {
		const content = Buffer.alloc(version === 1 ? 112 : 100);
		content[0] = version;
		content.writeUInt32BE(timescale, version === 1 ? 20 : 12);
		if (version === 1) content.writeBigUInt64BE(BigInt(duration), 24);
		else content.writeUInt32BE(Number(duration), 16);
		return filled('mvhd', content, size);
	};
	interface TrackForm {
		version?: number;
		matrix?: number[];
		size?: Size;
	}
	/** A track header (8.3.2). */
	const tkhd = (width: number, height: number, form: TrackForm = {}) => {
		const { version = 0, matrix = [1, 0, 0, 1], size } = form;
		const [a, b, c, d] = matrix;
		const content = Buffer.alloc(version === 1 ? 96 : 84, 1);
		content[0] = version;
		const numbers = [a, b, 0, c, d, 0, 0, 0, 2 ** 14, width, height];
		numbers.forEach((number, index) => {
			const at = content.length - 4 * (numbers.length - index);
			content.writeUInt32BE((number * 2 ** 16) >>> 0, at);
		});
		return filled('tkhd', content, size);
	};
	const trak = (width: number, height: number, form: TrackForm = {}) =>
		filled('trak', Buffer.concat([tkhd(width, height, form), box('mdia', 9)]), form.size);
	const moov = (...boxes: Buffer[]) => filled('moov', Buffer.concat(boxes));

	it.each([1, 7, 4096, 1e6])('is read from a real video in chunks of %s', (chunkBytes) => {
		const formats = Object.values(FIXTURE_VIDEOS).map((path) =>
			formatOf(readFileSync(path), chunkBytes),
		);
		expect(formats).toEqual([
			{ width: 320, height: 180, seconds: 2 },
			{ width: 180, height: 320, seconds: 2 },
		]);
	});

	it.each([0, 1])('is read in version %s, behind a track of sound', (version) => {
		const index = moov(mvhd(version, 193), trak(0, 0, { version }), trak(3840, 2160, { version }));
		expect(formatOf(index)).toEqual({ width: 3840, height: 2160, seconds: 8.042 });
	});

	it('is read from boxes with a size of 64 bits', () => {
		const index = moov(mvhd(0, 193, 24, 'wide'), trak(3840, 2160, { size: 'wide' }));
		expect(formatOf(index)).toEqual({ width: 3840, height: 2160, seconds: 8.042 });
	});

	it.each<[string, number[], number, number]>([
		['by 90 degrees', [0, 1, -1, 0], 720, 1280],
		['by 180 degrees', [-1, 0, 0, -1], 1280, 720],
		['by 270 degrees', [0, -1, 1, 0], 720, 1280],
		['to half the size', [0.5, 0, 0, 0.5], 640, 360],
	])('is the shown one for a track that is transformed %s', (_name, matrix, width, height) => {
		for (const version of [0, 1]) {
			const index = moov(trak(1280, 720, { version, matrix }));
			expect(formatOf(index)).toEqual({ width, height });
		}
	});

	it('has no size if the track header is cut at any byte', () => {
		const track = trak(1280, 720);
		const headerEnd = 8 + tkhd(1280, 720).length;
		for (let cut = 0; cut <= headerEnd; cut++) {
			const movie = mvhd(0, 192);
			const index = moov(movie, box('free', 256 * 1024 - movie.length - 8 - cut), track);
			const size = cut < headerEnd ? {} : { width: 1280, height: 720 };
			expect({ cut, ...formatOf(index) }).toEqual({ cut, ...size, seconds: 8 });
		}
	});

	it('has no size if the track header is longer than its track', () => {
		const cut = tkhd(1280, 720).subarray(0, 56);
		expect(formatOf(moov(filled('trak', cut), box('free', 100)))).toEqual({});
	});

	it('has a length of more than 32 bits', () => {
		expect(formatOf(moov(mvhd(1, 8_000_000_000, 1_000_000_000)))).toEqual({ seconds: 8 });
	});

	it.each<[string, Buffer]>([
		['no file', Buffer.alloc(0)],
		['a WebM', readFileSync(FIXTURE_WEBM)],
		['an empty index', moov()],
		['a cut header', moov(mvhd(0, 193).subarray(0, 20))],
		['an unknown length', moov(mvhd(0, 2 ** 32 - 1))],
		['an unknown length of 64 bits', moov(mvhd(1, 2n ** 64n - 1n))],
		['no time unit', moov(mvhd(0, 193, 0))],
		['a length of years', moov(mvhd(0, 2 ** 31, 1))],
		['a size that no video has', moov(trak(1280, 720, { matrix: [1_000, 0, 0, 1] }))],
		['a fragmented file', moov(mvhd(0, 0))],
		['bytes that are no boxes', moov(Buffer.alloc(1_000, 255))],
	])('is not made up for %s', (_name, bytes) => {
		expect(formatOf(bytes)).toEqual({});
	});
});
