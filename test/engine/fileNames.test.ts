import { FIXTURE_WEBM, isFile } from '../sandbox/server';
import { images, setUp } from '../support/setUp';

const { png, jpeg, webp } = images;

describe('the file name of a video', () => {
	async function nameFor(fileName: string, video?: string) {
		const { run } = await setUp({ jobMs: 0, video });
		const { items, error } = await run({ parameters: { options: { fileName } } });
		expect(error).toBeUndefined();
		return items[0].binary!.data;
	}

	it.each([
		['Mr.Bean', 'Mr.Bean.mp4'],
		['example.com', 'example.com.mp4'],
		['kite.new', 'kite.new.mp4'],
		['clip.v2', 'clip.v2.mp4'],
		['kite.MP4', 'kite.MP4'],
		['kite.mov', 'kite.mov'],
		['kite.', 'kite..mp4'],
		['={{ "two\\nlines\\tand a tab" }}', 'two lines and a tab.mp4'],
		['={{ "\\u0000kite\\u0007" }}', 'kite.mp4'],
		['.mp4', 'video.mp4'],
	])('is %s → %s', async (given, expected) => {
		const { fileName, mimeType } = await nameFor(given);
		expect(fileName).toBe(expected);
		expect(mimeType).toBe('video/mp4');
	});

	it.each([
		['kite', 'kite.webm'],
		['kite.mp4', 'kite.webm'],
		['kite.webm', 'kite.webm'],
		['Mr.Bean', 'Mr.Bean.webm'],
	])('of a WebM is %s → %s', async (given, expected) => {
		expect((await nameFor(given, FIXTURE_WEBM)).fileName).toBe(expected);
	});

	it.each([
		['letters', 'a'.repeat(300)],
		['umlauts', 'ü'.repeat(300)],
		['emoji', '🪁'.repeat(300)],
		['letters before an ending', `${'a'.repeat(300)}.mp4`],
	])('is cut to the length that disks support: %s', async (_name, given) => {
		const { fileName } = await nameFor(given);
		expect(Buffer.byteLength(fileName!)).toBeLessThanOrEqual(255);
		expect(fileName).toMatch(/^(a+|ü+|(🪁)+)\.mp4$/u);
	});
});

describe('the file name of an image', () => {
	it.each([
		['kite.png', png, 'kite.png'],
		['kite.PNG', png, 'kite.PNG'],
		['kite', png, 'kite.png'],
		['kite.jpg', png, 'kite.png'],
		['kite.png', jpeg, 'kite.jpg'],
		['kite.jpeg', jpeg, 'kite.jpeg'],
		['kite.gif', webp, 'kite.webp'],
		['kite.v2', jpeg, 'kite.v2.jpg'],
		['example.com', png, 'example.com.png'],
	])('has an extension that matches its bytes: %s', async (fileName, file, expected) => {
		const { run, sandbox } = await setUp();
		await run({
			items: [{ files: { data: { ...file, fileName } } }],
			parameters: { operation: 'create', imageInput: 'image' },
		});
		expect(sandbox.tasks[0].parts.filter(isFile)).toMatchObject([
			{ filename: expected, mimeType: file.mimeType, bytes: file.bytes },
		]);
	});
});
