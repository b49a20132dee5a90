import type { INodeParameters } from 'n8n-workflow';

import type { InputFile, InputItem } from '../support/engine';
import { images, setUp } from '../support/setUp';

const { png, jpeg } = images;

const file = (text: string, mimeType = 'image/png', fileName = 'a.png'): InputFile => ({
	bytes: Buffer.from(text, 'latin1'),
	fileName,
	mimeType,
});

/** The message of a run that was stopped before anything was sent. */
async function refusal(parameters: INodeParameters, items: InputItem[]) {
	const { run, sandbox } = await setUp();
	const { error } = await run({ items, parameters });
	expect(sandbox.requests).toHaveLength(0);
	return { message: error?.message, advice: error?.description };
}

const one = { imageInput: 'image' };
const frames = { imageInput: 'frames' };

describe('a file that is no image', () => {
	it.each<[string, InputFile]>([
		['text', file('not a picture', 'text/plain', 'a.txt')],
		['text declared as an image', file('not a picture')],
		['a GIF', file('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'image/gif')],
		['the first half of a signature', file('\x89PNG')],
		['a RIFF that is no WebP', file('RIFF\x10\0\0\0WAVEfmt ')],
	])('should be refused: %s', async (_name, data) => {
		const { message, advice } = await refusal(one, [{ files: { data } }]);
		expect(message).toBe(
			"The file in 'Input Data Field Name' is not an image Veo can use: it is neither PNG, JPEG nor WebP [item 0]",
		);
		expect(advice).toBe('Use a PNG, JPEG or WebP image');
	});

	it('should be refused: an empty file', async () => {
		const { message } = await refusal(one, [{ files: { data: file('') } }]);
		expect(message).toMatch(/'Input Data Field Name' is not an image Veo can use: it is empty/);
	});

	it('should be named with its own parameter among two frames', async () => {
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
			/'Input Data Field Name': the input has no file in a field named 'picture'/,
		],
		['an item without files', one, [{}], /no file in a field named 'data'/],
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
			/'First Frame Field Name': the input has no file in a field named 'firstFrame'/,
		],
		[
			'no last frame',
			frames,
			[{ files: { firstFrame: png } }],
			/'Last Frame Field Name': the input has no file in a field named 'lastFrame'/,
		],
	])(
		'should be told with the name of the parameter: %s',
		async (_name, parameters, items, text) => {
			const { message, advice } = await refusal(parameters, items);
			expect(message).toMatch(text);
			expect(message).toMatch(/^No image was found .* \[item 0\]$/);
			expect(advice).toMatch(/Give the name of the field that holds the image, or an expression/);
		},
	);

	it('should be told with the item that lacks it', async () => {
		const items = [{ files: { data: png } }, {}, { files: { data: jpeg } }];
		expect((await refusal(one, items)).message).toMatch(/\[item 1\]$/);
	});

	it('should be told with the second item where that lacks it in one video of all', async () => {
		const items = [{ files: { data: png } }, {}];
		const { message } = await refusal({ imageInput: 'items' }, items);
		expect(message).toMatch(/no file in a field named 'data'/);
		expect(message).toMatch(/\[item 1\]$/);
	});
});

it('should refuse an Image Input that no operation knows', async () => {
	const { message, advice } = await refusal({ imageInput: '={{ "video" }}' }, [{}]);
	expect(message).toBe("'Image Input' does not know the value 'video' [item 0]");
	expect(advice).toMatch(/'none', 'image', 'frames' and 'items'/);
});
