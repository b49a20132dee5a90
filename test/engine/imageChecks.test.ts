import type { INodeParameters } from 'n8n-workflow';

import type { InputFile, InputItem } from '../support/engine';
import { images, setUp } from '../support/setUp';

const { png, jpeg } = images;

const file = (text: string, mimeType = 'image/png', fileName = 'a.png'): InputFile => ({
	bytes: Buffer.from(text, 'latin1'),
	fileName,
	mimeType,
});

/** The message and the description of a run that stopped before anything was sent. */
async function refusal(parameters: INodeParameters, items: InputItem[]) {
	const { run, sandbox } = await setUp();
	const { error } = await run({ items, parameters });
	expect(sandbox.requests).toHaveLength(0);
	return { message: error?.message, description: error?.description };
}

const one = { imageInput: 'image' };
const frames = { imageInput: 'frames' };

describe('a file that is not an image', () => {
	it.each<[string, InputFile]>([
		['text', file('not an image', 'text/plain', 'a.txt')],
		['text declared as an image', file('not an image')],
		['a GIF', file('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'image/gif')],
		['the first half of a signature', file('\x89PNG')],
		['a RIFF file other than WebP', file('RIFF\x10\0\0\0WAVEfmt ')],
	])('is refused: %s', async (_name, data) => {
		const { message, description } = await refusal(one, [{ files: { data } }]);
		expect(message).toBe(
			"The file in 'Input Data Field Name' is not an image Veo can use: it is not a PNG, JPEG or WebP file [item 0]",
		);
		expect(description).toBe('Use a PNG, JPEG or WebP image');
	});

	it('is refused: an empty file', async () => {
		const { message } = await refusal(one, [{ files: { data: file('') } }]);
		expect(message).toMatch(/'Input Data Field Name' is not an image Veo can use: it is empty/);
	});

	it('is named with its own parameter when there are two frames', async () => {
		const items = [{ files: { firstFrame: png, lastFrame: file('no') } }];
		expect((await refusal(frames, items)).message).toMatch(/'Last Frame Field Name'/);
		const swapped = [{ files: { firstFrame: file('no'), lastFrame: png } }];
		expect((await refusal(frames, swapped)).message).toMatch(/'First Frame Field Name'/);
	});
});

describe('a missing image', () => {
	it.each<[string, INodeParameters, InputItem[], RegExp]>([
		[
			'a field that is not there',
			{ ...one, imageField: 'picture' },
			[{ files: { data: png } }],
			/'Input Data Field Name': the input has no binary field 'picture'/,
		],
		['an item without files', one, [{}], /the input has no binary field 'data'/],
		[
			'an empty field name',
			{ ...one, imageField: ' ' },
			[{ files: { data: png } }],
			/'Input Data Field Name': it is empty/,
		],
		[
			'an expression that leads nowhere',
			{ ...one, imageField: "={{ $('Feed').item.binary.nothing }}" },
			[{ files: { data: png } }],
			/'Input Data Field Name'/,
		],
		[
			'an expression that gives the whole binary of an item',
			{ ...one, imageField: "={{ $('Feed').item.binary }}" },
			[{ files: { data: png } }],
			/'Input Data Field Name'/,
		],
		[
			'no first frame',
			frames,
			[{ files: { lastFrame: png } }],
			/'First Frame Field Name': the input has no binary field 'firstFrame'/,
		],
		[
			'no last frame',
			frames,
			[{ files: { firstFrame: png } }],
			/'Last Frame Field Name': the input has no binary field 'lastFrame'/,
		],
	])('is reported with the name of the parameter: %s', async (_name, parameters, items, text) => {
		const { message } = await refusal(parameters, items);
		expect(message).toMatch(text);
		expect(message).toMatch(/^No image found for .* \[item 0\]$/);
	});

	it('is reported with the index of the item that lacks it', async () => {
		const items = [{ files: { data: png } }, {}, { files: { data: jpeg } }];
		expect((await refusal(one, items)).message).toMatch(/\[item 1\]$/);
	});

	it('is reported with the index of the second item when one video uses both', async () => {
		const items = [{ files: { data: png } }, {}];
		const { message } = await refusal({ imageInput: 'items' }, items);
		expect(message).toMatch(/the input has no binary field 'data'/);
		expect(message).toMatch(/\[item 1\]$/);
	});
});

it('refuses an unknown Image Input', async () => {
	const { message, description } = await refusal({ imageInput: '={{ "video" }}' }, [{}]);
	expect(message).toBe("'Image Input' has an unknown value: 'video' [item 0]");
	expect(description).toBe('Use one of: none, image, frames, items');
});

describe('a value that is not the name of a binary field', () => {
	const base64 = png.bytes.toString('base64');
	const fields = "The item has these binary fields: 'data', 'picture'";

	it.each<[string, unknown, string, string]>([
		['base64', base64, 'it is base64 text', "n8n's Convert to File node"],
		['base64 in lines', base64.replace(/.{76}/g, '$&\n'), 'it is base64 text', 'Convert to File'],
		['a data URL', `data:image/png;base64,${base64}`, 'it is base64 text', 'Convert to File'],
		['a link', 'https://example.com/kite.png', 'it is a URL', "Set 'Image Source' to 'URL'"],
		['an item', '={{ $json }}', 'it is an object and not one file', fields],
		['an object in text', 'the {{ $json }}', 'it is an object and not one file', fields],
		['all files of an item', '={{ $binary }}', 'it is an object and not one file', "e.g. '.data'"],
		['a list', '={{ [$binary.data, $binary.picture] }}', 'it is a list', fields],
		[
			'a list of all files',
			'={{ Object.values($binary) }}',
			'it is a list',
			'one file of the list',
		],
		['undefined', '={{ $json.nothing }}', 'the expression returns nothing', fields],
		['null', '={{ null }}', 'the expression returns nothing', fields],
		['a missing file', '={{ $binary.nothing }}', 'the expression returns nothing', fields],
		["the word 'undefined'", '={{ "" + undefined }}', 'the expression returns nothing', fields],
		['nothing', '={{ "" }}', 'it is empty', fields],
		['a number', '={{ 42 }}', "the input has no binary field '42'", fields],
		['a long text', 'kite '.repeat(2_000), "the input has no binary field 'kite kite", fields],
	])('is described as what it is: %s', async (_name, value, what, advice) => {
		const imageField = typeof value === 'string' && value.includes('{{') ? `=${value}` : value;
		const { message, description } = await refusal(
			{ ...one, imageField: String(imageField).replace(/^==/, '=') },
			[{ json: { scene: 'kite' }, files: { data: png, picture: jpeg } }],
		);
		expect(message).toMatch(/^No image found for 'Input Data Field Name': .* \[item 0\]$/s);
		expect(message).toContain(what);
		expect(description).toContain(advice);
		expect(message!.length).toBeLessThan(160);
		expect(description!.length).toBeLessThan(400);
	});

	it('is reported with the item that has no binary fields', async () => {
		const { description } = await refusal(one, [{}]);
		expect(description).toContain('The item has no binary fields');
	});
});
