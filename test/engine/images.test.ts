import type { INodeParameters } from 'n8n-workflow';

import { isFile } from '../sandbox/server';
import type { FilePart } from '../sandbox/server';
import type { InputFile, InputItem } from '../support/engine';
import { images, prompts, setUp } from '../support/setUp';

const { png, jpeg, webp } = images;

/** The images of each create request, and the node's output. */
async function create(items: InputItem[], parameters: INodeParameters) {
	const { run, sandbox } = await setUp();
	const finished = await run({ items, parameters: { operation: 'create', ...parameters } });
	expect(finished.error).toBeUndefined();
	return { ...finished, sandbox, sent: sandbox.tasks.map(({ parts }) => parts.filter(isFile)) };
}

const part = ({ fileName, mimeType, bytes }: InputFile): Partial<FilePart> => ({
	name: 'input_reference',
	filename: fileName,
	mimeType,
	bytes,
});

const expectSent = (sent: FilePart[], ...expected: InputFile[]) =>
	expect(sent).toEqual(expected.map((file) => expect.objectContaining(part(file))));

describe('one image', () => {
	it('comes from the named field', async () => {
		const items = [{ files: { picture: png, data: jpeg } }];
		const { sent } = await create(items, { imageInput: 'image', imageField: 'picture' });
		expectSent(sent[0], png);
	});

	it("comes from the field 'data' by default", async () => {
		const { sent } = await create([{ files: { data: png, other: jpeg } }], { imageInput: 'image' });
		expectSent(sent[0], png);
	});

	it('comes from the named field when the name has blanks around it', async () => {
		const parameters = { imageInput: 'image', imageField: ' picture\n' };
		const { sent } = await create([{ files: { picture: png } }], parameters);
		expectSent(sent[0], png);
	});

	it('comes from its own item', async () => {
		const items = [
			{ json: { prompt: 'a' }, files: { data: png } },
			{ json: { prompt: 'b' }, files: { data: jpeg } },
		];
		const { sandbox } = await create(items, { imageInput: 'image' });
		const imageOf = (prompt: string) =>
			sandbox.tasks.find((task) => task.prompt === prompt)!.parts.filter(isFile);
		expectSent(imageOf('a'), png);
		expectSent(imageOf('b'), jpeg);
	});

	it('comes from the file that an expression returns', async () => {
		const parameters = { imageInput: 'image', imageField: "={{ $('Feed').item.binary.picture }}" };
		const { sent } = await create([{ files: { picture: webp } }], parameters);
		expectSent(sent[0], webp);
	});

	it.each([
		['$binary', '={{ $binary.picture }}'],
		['an item', "={{ $('Feed').item.binary.picture }}"],
		['the first item', "={{ $('Feed').first().binary.picture }}"],
		['all items', "={{ $('Feed').all()[0].binary.picture }}"],
		['the input', '={{ $input.item.binary.picture }}'],
	])('comes from a file that an expression takes from %s', async (_name, imageField) => {
		const items = [{ files: { picture: webp, data: png } }];
		const { sent } = await create(items, { imageInput: 'image', imageField });
		expectSent(sent[0], webp);
	});

	it('comes from its field when an expression sets Image Input and Image Source', async () => {
		const parameters = { imageInput: '={{ "image" }}', imageSource: '={{ "binary" }}' };
		const { sent } = await create([{ files: { data: png } }], parameters);
		expectSent(sent[0], png);
	});

	it('is not sent when Image Input is None', async () => {
		const { sent } = await create([{ files: { data: png } }], { imageInput: 'none' });
		expectSent(sent[0]);
	});

	it('gets a file name when it has none', async () => {
		const nameless = { bytes: jpeg.bytes, mimeType: 'image/jpeg' };
		const { sent } = await create([{ files: { data: nameless } }], { imageInput: 'image' });
		expectSent(sent[0], { ...nameless, fileName: 'image.jpg' });
	});
});

describe('the type of an image', () => {
	it.each([
		['PNG', png],
		['JPEG', jpeg],
		['WebP', webp],
	])('follows from the bytes of a %s, regardless of the declared type', async (_name, file) => {
		for (const mimeType of ['application/octet-stream', 'text/plain', 'image/gif']) {
			const items = [{ files: { data: { ...file, mimeType } } }];
			const { sent } = await create(items, { imageInput: 'image' });
			expectSent(sent[0], file);
		}
	});
});

describe('first and last frame', () => {
	const items = [{ files: { firstFrame: png, lastFrame: jpeg, data: webp } }];

	it('come from their default fields, in this order', async () => {
		const { sent } = await create(items, { imageInput: 'frames' });
		expectSent(sent[0], png, jpeg);
	});

	it('are swapped when the field names are swapped', async () => {
		const { sent } = await create(items, {
			imageInput: 'frames',
			firstFrameField: 'lastFrame',
			lastFrameField: 'firstFrame',
		});
		expectSent(sent[0], jpeg, png);
	});

	it('come from the files that expressions return', async () => {
		const { sent } = await create(items, {
			imageInput: 'frames',
			firstFrameField: "={{ $('Feed').item.binary.data }}",
			lastFrameField: "={{ $('Feed').first().binary.firstFrame }}",
		});
		expectSent(sent[0], webp, png);
	});

	it('are the same image twice when both fields name it', async () => {
		const fields = { firstFrameField: 'data', lastFrameField: 'data' };
		const { sent } = await create(items, { imageInput: 'frames', ...fields });
		expectSent(sent[0], webp, webp);
	});
});

describe('images from all input items', () => {
	const items = [
		{ json: { prompt: 'one', size: '9x16' }, files: { data: png } },
		{ json: { prompt: 'two', size: '16x9' }, files: { data: jpeg } },
	];
	const parameters = { imageInput: 'items', size: '={{ $json.size }}' };

	it('make one video, with the first item as the first frame', async () => {
		const { sent } = await create(items, parameters);
		expect(sent).toHaveLength(1);
		expectSent(sent[0], png, jpeg);
	});

	it('take the other parameters from the first item', async () => {
		const { sandbox } = await create(items, parameters);
		expect(sandbox.tasks[0]).toMatchObject({ prompt: 'one', size: '9x16' });
	});

	it('pair the video with both items', async () => {
		const { items: videos } = await create(items, parameters);
		expect(videos.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }, { item: 1 }]]);
	});

	it('make a video from a single item', async () => {
		const { sent, items: videos } = await create(items.slice(0, 1), parameters);
		expect(sent).toHaveLength(1);
		expectSent(sent[0], png);
		expect(videos[0].pairedItem).toEqual({ item: 0 });
	});

	it('come from another field when it is named', async () => {
		const files = items.map(({ files: { data } }) => ({ files: { frame: data, data: webp } }));
		const { sent } = await create(files, { imageInput: 'items', imageField: 'frame' });
		expectSent(sent[0], png, jpeg);
	});

	it('make a video that is waited for and delivered', async () => {
		const { run, sandbox } = await setUp();
		const { items: videos } = await run({ items, parameters: { imageInput: 'items' } });
		expect(videos).toEqual([expect.objectContaining({ pairedItem: [{ item: 0 }, { item: 1 }] })]);
		expect(videos[0].binary).toHaveProperty('data');
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
	});

	it('are refused before anything is sent when there are three', async () => {
		const { run, sandbox } = await setUp();
		const { error } = await run({ items: prompts('a', 'b', 'c'), parameters });
		expect(error?.message).toBe(
			'Veo accepts up to two images per video, but there are 3 input items [item 0]',
		);
		expect(error?.description).toMatch(/'Image Input' to 'One Image'/);
		expect(sandbox.requests).toHaveLength(0);
	});
});
