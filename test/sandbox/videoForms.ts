/** A top-level box of an MP4 file, header included. */
interface Box {
	type: string;
	bytes: Buffer;
}

/** The size of a box in 32 bits, in 64 bits, or 0 for "up to the end of the file". */
type SizeForm = 'plain' | 'wide' | 'rest';

export function box(type: string, content: Buffer, size: SizeForm = 'plain'): Buffer {
	const head = Buffer.alloc(size === 'wide' ? 16 : 8);
	const boxBytes = head.length + content.length;
	head.writeUInt32BE({ plain: boxBytes, wide: 1, rest: 0 }[size]);
	head.write(type, 4, 'latin1');
	if (size === 'wide') head.writeBigUInt64BE(BigInt(boxBytes), 8);
	return Buffer.concat([head, content]);
}

function boxesOf(file: Buffer): Box[] {
	const boxes: Box[] = [];
	for (let at = 0; at < file.length; at += file.readUInt32BE(at)) {
		const bytes = file.subarray(at, at + file.readUInt32BE(at));
		boxes.push({ type: bytes.toString('latin1', 4, 8), bytes });
	}
	return boxes;
}

/** The parts of a complete MP4, and the fragments that a fragmented MP4 of it would have. */
function partsOf(file: Buffer) {
	const boxes = boxesOf(file);
	const part = (type: string) => boxes.find((one) => one.type === type)!.bytes;
	const [ftyp, moov, mdat] = ['ftyp', 'moov', 'mdat'].map(part);
	const media = mdat.subarray(8);
	const fragment = Buffer.concat([box('moof', Buffer.alloc(200, 1)), mdat]);
	return { ftyp, moov, mdat, media, fragment };
}

type Form = (parts: ReturnType<typeof partsOf>) => Buffer[];

const uuid = box('uuid', Buffer.alloc(40, 9));
const free = box('free', Buffer.alloc(100));
const text = (content: string) => Buffer.from(content);

/** Incomplete videos, as sent before they are completely written. HTTP does not reveal this. */
const unfinished = {
	'a ftyp alone': ({ ftyp }) => [ftyp],
	'a ftyp and padding': ({ ftyp }) => [ftyp, free],
	'media up to the end, and no index': ({ ftyp, media }) => [
		ftyp,
		free,
		box('mdat', media, 'rest'),
	],
	'media without an index': ({ ftyp, mdat }) => [ftyp, mdat],
	'media without an index, and text after it': ({ ftyp, mdat }) => [ftyp, mdat, text('The end\n')],
	'an index without media': ({ ftyp, moov }) => [ftyp, moov],
	'an index and the header of the media': ({ ftyp, moov }) => [ftyp, moov, box('mdat', text(''))],
	'an index, and media of no size': ({ ftyp, moov }) => [ftyp, moov, box('mdat', text(''), 'rest')],
	'half of the media': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat.subarray(0, mdat.length / 2)],
	'half of the index': ({ ftyp, moov, mdat }) => [ftyp, mdat, moov.subarray(0, moov.length / 2)],
	'media of 64 bits of size, cut': ({ ftyp, moov, media }) => [
		...[ftyp, moov, box('mdat', media, 'wide').subarray(0, 1_000)],
	],
	'a fragment without its media': ({ ftyp, moov, fragment }) => [
		...[ftyp, moov, fragment, box('moof', Buffer.alloc(200, 1))],
	],
	'half of a fragment': ({ ftyp, moov, fragment }) => [
		...[ftyp, moov, fragment, fragment.subarray(0, 500)],
	],
	'the beginning of a box after the video': ({ ftyp, moov, mdat }) => [
		...[ftyp, moov, mdat, free.subarray(0, 7)],
	],
} satisfies Record<string, Form>;

/** Videos that play, regardless of the order and size of their boxes and of data after the last one. */
const whole = {
	'the index first': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat],
	'the index last': ({ ftyp, moov, mdat }) => [ftyp, mdat, moov],
	'media up to the end': ({ ftyp, moov, media }) => [ftyp, moov, box('mdat', media, 'rest')],
	'a size of 64 bits': ({ ftyp, moov, media }) => [ftyp, box('mdat', media, 'wide'), moov],
	fragments: ({ ftyp, moov, fragment }) => [ftyp, moov, fragment, fragment],
	'a fragment whose media go to the end': ({ ftyp, moov, media }) => [
		...[ftyp, moov, box('moof', Buffer.alloc(200, 1)), box('mdat', media, 'rest')],
	],
	'no ftyp': ({ moov, mdat }) => [box('wide', text('')), mdat, moov],
	'padding and a uuid at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, free, uuid],
	'a newline at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, text('\n')],
	'two newlines at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, text('\r\n\r\n')],
	'a newline after the index': ({ ftyp, moov, mdat }) => [ftyp, mdat, moov, text('\n')],
	'a zero at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, Buffer.alloc(1)],
	'five zeros at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, Buffer.alloc(5)],
	'a block of zeros at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, Buffer.alloc(4_096)],
	'text at the end': ({ ftyp, moov, mdat }) => [
		ftyp,
		moov,
		mdat,
		text('<!-- served from cache -->'),
	],
	'a boundary at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, text('\r\n--abcdef--\r\n')],
	'Chinese text at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, text('余额不足，请充值')],
	'noise at the end': ({ ftyp, moov, mdat }) => [ftyp, moov, mdat, Buffer.alloc(999, 0xff)],
} satisfies Record<string, Form>;

export type UnfinishedForm = keyof typeof unfinished;
export type WholeForm = keyof typeof whole;
export const UNFINISHED_FORMS = Object.keys(unfinished) as UnfinishedForm[];
export const WHOLE_FORMS = Object.keys(whole) as WholeForm[];

const inForm = (file: Buffer, form: Form) => Buffer.concat(form(partsOf(file)));

/** @param file a complete MP4 */
export const unfinishedVideo = (file: Buffer, form: UnfinishedForm) =>
	inForm(file, unfinished[form]);

export const wholeVideo = (file: Buffer, form: WholeForm) => inForm(file, whole[form]);
