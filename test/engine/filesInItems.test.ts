import './filesInItems';
import { isFile } from '../sandbox/server';
import type { InputFile } from '../support/engine';
import { expectOwnFiles } from '../support/expect';
import { images, prompts, setUp } from '../support/setUp';

const { png, jpeg, webp } = images;

/** Files are stored in the items, the default in older n8n. */
describe('an n8n that keeps files in memory', () => {
	it.each<[string, InputFile]>([
		['PNG', png],
		['JPEG', jpeg],
		['WebP', webp],
	])('sends its images: %s', async (_name, file) => {
		const { run, sandbox } = await setUp();
		const data = { ...file, mimeType: 'text/plain' };
		const parameters = { operation: 'create', imageInput: 'image' };
		await run({ items: [{ files: { data } }], parameters });
		expect(sandbox.tasks[0].parts.filter(isFile)).toEqual([
			expect.objectContaining({
				filename: file.fileName,
				mimeType: file.mimeType,
				bytes: file.bytes,
			}),
		]);
	});

	it('sends an image that an expression returns', async () => {
		const { run, sandbox } = await setUp();
		await run({
			items: [{ files: { picture: jpeg } }],
			parameters: {
				operation: 'create',
				imageInput: 'image',
				imageField: "={{ $('Feed').item.binary.picture }}",
			},
		});
		expect(sandbox.tasks[0].parts.filter(isFile)).toMatchObject([{ bytes: jpeg.bytes }]);
	});

	it.each(['{{ $binary.picture }}', `{{ $binary['picture'] }}`, '{{$binary["picture"]}}'])(
		'sends the image in the field that the expression %s names',
		async (expression) => {
			const { run, sandbox } = await setUp();
			await run({
				items: [{ files: { picture: jpeg, data: png } }],
				parameters: { operation: 'create', imageInput: 'image', imageField: `=${expression}` },
			});
			expect(sandbox.tasks[0].parts.filter(isFile)).toMatchObject([{ bytes: jpeg.bytes }]);
		},
	);

	it("takes each item's own image from an expression", async () => {
		const { run, sandbox } = await setUp();
		await run({
			items: [
				{ json: { prompt: 'a' }, files: { data: png } },
				{ json: { prompt: 'b' }, files: { data: jpeg } },
			],
			parameters: { operation: 'create', imageInput: 'image', imageField: '={{ $binary.data }}' },
		});
		const sent = sandbox.tasks.map(({ prompt, parts }) => [
			prompt,
			parts.find(isFile)?.bytes?.equals(prompt === 'a' ? png.bytes : jpeg.bytes),
		]);
		expect(sent.sort()).toEqual([
			['a', true],
			['b', true],
		]);
	});

	it.each([`{{ $node['Feed'].binary.picture }}`, '{{ ({ ...$binary.picture }) }}'])(
		'reports what to do when the expression %s returns a file without its data',
		async (expression) => {
			const { run, sandbox } = await setUp();
			const { error } = await run({
				items: [{ files: { picture: png } }],
				parameters: { imageInput: 'image', imageField: `=${expression}` },
			});
			expect(error?.message).toBe(
				"No image found for 'Input Data Field Name': this n8n gives the file without its data [item 0]",
			);
			expect(error?.description).toBe(
				"Enter the name of the binary field; for the file of an earlier node, use {{ $('Read File').item.binary.data }}. The item has these binary fields: 'picture'",
			);
			expect(sandbox.requests).toHaveLength(0);
		},
	);

	it.each([
		['text', 'not an image', /it is not a PNG, JPEG or WebP file/],
		['an empty file', '', /it is empty/],
	])('refuses %s', async (_name, text, reason) => {
		const { run, sandbox } = await setUp();
		const { error } = await run({
			items: [{ files: { data: { ...png, bytes: Buffer.from(text) } } }],
			parameters: { imageInput: 'image' },
		});
		expect(error?.message).toMatch(reason);
		expect(sandbox.requests).toHaveLength(0);
	});

	it('receives the videos', async () => {
		const { run, sandbox } = await setUp({ video: { sizeBytes: 1_000_000 } });
		const { items } = await run({ items: prompts('a', 'b') });
		expect(items).toHaveLength(2);
		expect(items[0].binary!.data).not.toHaveProperty('id');
		await expectOwnFiles(sandbox, items);
	});
});
