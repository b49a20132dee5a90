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

	it('is reported with the index of the second item when one video takes both', async () => {
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
