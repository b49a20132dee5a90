import type { INodeParameters } from 'n8n-workflow';

import { FIXTURE_VIDEOS, FIXTURE_WEBM } from '../sandbox/server';
import type { SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { binaryData } from '../support/n8n';
import { prompts, setUp } from '../support/setUp';

async function deliver(parameters: INodeParameters = {}, options: SandboxOptions = {}) {
	const { run, sandbox } = await setUp({ jobMs: 0, ...options });
	const { items, error } = await run({ parameters });
	expect(error).toBeUndefined();
	return { ...items[0], taskId: sandbox.tasks[0].id };
}

const named = (fileName: string) => ({ options: { fileName } });

it('is named after the task', async () => {
	const { binary, taskId } = await deliver();
	expect(binary!.data.fileName).toBe(`${taskId}.mp4`);
});

it.each([
	['kite.mp4', 'kite.mp4'],
	['kite', 'kite.mp4'],
	['Kite v1.5', 'Kite v1.5.mp4'],
	[' kite.mp4 ', 'kite.mp4'],
	['Käfer über Öl 🪁', 'Käfer über Öl 🪁.mp4'],
	['kites/red\\one', 'kites_red_one.mp4'],
	['../../etc/kite.mov', '_.._etc_kite.mov'],
	['={{ "kite " + $itemIndex }}', 'kite 0.mp4'],
])('with the file name %s is named %s', async (fileName, expected) => {
	const { binary } = await deliver(named(fileName));
	expect(binary!.data.fileName).toBe(expected);
	expect(binary!.data).not.toHaveProperty('directory');
});

it.each(['', ' ', '={{ null }}'])(
	'is named after the task when the file name is "%s"',
	async (fileName) => {
		const { binary, taskId } = await deliver(named(fileName));
		expect(binary!.data.fileName).toBe(`${taskId}.mp4`);
	},
);

it('is named as each item specifies', async () => {
	const { run } = await setUp({ jobMs: 0 });
	const { items } = await run({
		items: prompts('red', 'blue'),
		parameters: named('={{ $json.prompt }}.mp4'),
	});
	expect(items.map(({ binary }) => binary!.data.fileName)).toEqual(['red.mp4', 'blue.mp4']);
});

it('has the type and the extension of a video', async () => {
	const { binary } = await deliver();
	expect(binary!.data).toMatchObject({
		mimeType: 'video/mp4',
		fileType: 'video',
		fileExtension: 'mp4',
	});
});

it("is in n8n's storage and not in the item", async () => {
	const { binary } = await deliver();
	expect(binary!.data.id).toMatch(/^filesystem/);
	expect(binary!.data.data).toBe('filesystem-v2');
	const { fileName, mimeType } = await binaryData.getMetadata(binary!.data.id!);
	expect({ fileName, mimeType }).toEqual({
		fileName: binary!.data.fileName,
		mimeType: 'video/mp4',
	});
});

it.each([
	['film', 'film'],
	[' film ', 'film'],
	['={{ "film_" + $itemIndex }}', 'film_0'],
])('is in the field %s', async (binaryPropertyOutput, field) => {
	const { binary } = await deliver({ binaryPropertyOutput });
	expect(Object.keys(binary!)).toEqual([field]);
});

it.each(['  ', '={{ "" }}', '={{ null }}'])(
	'needs a field name: "%s"',
	async (binaryPropertyOutput) => {
		const { run, sandbox } = await setUp();
		const { error } = await run({ parameters: { binaryPropertyOutput } });
		expect(error?.message).toBe("'Put Output File in Field' is empty [item 0]");
		expect(error?.description).toMatch(
			/^Enter a field name, e\.g\. data, or turn off 'Download Video'$/,
		);
		expect(sandbox.requests).toHaveLength(0);
	},
);

it.each([
	['application/octet-stream', FIXTURE_VIDEOS.landscape, 'video/mp4'],
	['binary/octet-stream', FIXTURE_VIDEOS.landscape, 'video/mp4'],
	['application/mp4', FIXTURE_VIDEOS.landscape, 'video/mp4'],
	['text/plain', FIXTURE_VIDEOS.landscape, 'video/mp4'],
	['Video/MP4; codecs=avc1', FIXTURE_VIDEOS.landscape, 'video/mp4'],
	['video/webm', FIXTURE_VIDEOS.landscape, 'video/mp4'],
	['video/webm', FIXTURE_WEBM, 'video/webm'],
	['video/mp4', FIXTURE_WEBM, 'video/webm'],
])(
	'has the type of its bytes when it is served as %s: %s',
	async (contentType, video, expected) => {
		const { run, sandbox } = await setUp({
			video,
			faults: [{ call: 'file', fault: { kind: 'wrongType', contentType } }],
		});
		const { items } = await run();
		const ending = expected.replace('video/', '');
		expect(items[0].binary!.data).toMatchObject({ mimeType: expected, fileExtension: ending });
		expect(items[0].binary!.data.fileName).toBe(`${sandbox.tasks[0].id}.${ending}`);
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ files: 1, contents: 0 });
	},
);

describe('the size and length of the file', () => {
	const format = { file_width: 320, file_height: 180, file_seconds: 2 };

	it('are in the JSON, read from the file itself', async () => {
		expect((await deliver()).json).toMatchObject(format);
	});

	it('are in the JSON for a file that came with it', async () => {
		const { run } = await setUp({ jobMs: 0, videoUrl: 'data' });
		expect((await run()).items[0].json).toMatchObject(format);
	});

	it('are missing without a file', async () => {
		const { run } = await setUp({ jobMs: 0 });
		const { items } = await run({ parameters: { downloadVideo: false } });
		expect(Object.keys(items[0].json).join()).not.toContain('file_');
	});
});

describe('the link to the stored file', () => {
	const linked = { options: { includeFileLink: true } };

	it('opens that file for 14 days', async () => {
		const { json, binary } = await deliver(linked);
		const { origin, pathname, searchParams } = new URL(json.file_url as string);
		expect(origin + pathname).toBe('http://127.0.0.1:5678/rest/binary-data/signed');
		const token = searchParams.get('token')!;
		expect(binaryData.validateSignedToken(token)).toBe(binary!.data.id);
		const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
		expect((exp - iat) / 86_400).toBe(14);
	});

	it('is included only when requested', async () => {
		expect((await deliver()).json).not.toHaveProperty('file_url');
	});

	it.each<[address: string, isLocal: boolean]>([
		['http://localhost:5678', true],
		['http://127.0.0.1:5678', true],
		['http://[::1]:5678', true],
		['https://n8n.example.com', false],
		['https://localhost.example.com', false],
		['http://192.168.1.20:5678', false],
	])('comes with a hint if others cannot open it: %s', async (address, isLocal) => {
		const { run } = await setUp({ jobMs: 0 });
		const { items, hints } = await run({ parameters: linked, address });
		expect(items[0].json.file_url).toContain(`${address}/rest/`);
		expect(hints).toEqual(
			isLocal ? [expect.stringMatching(/^The file link opens on n8n's own machine only/)] : [],
		);
	});

	it('is missing, with a hint, when n8n keeps files in memory', async () => {
		jest.spyOn(binaryData, 'init').mockResolvedValue();
		jest.replaceProperty(binaryData as unknown as { mode: string }, 'mode', 'default');
		const { run } = await setUp({ jobMs: 0 });
		const { items, hints } = await run({ parameters: linked });
		expect(items[0].json).not.toHaveProperty('file_url');
		expect(items[0].binary!.data.data.length).toBeGreaterThan(1_000);
		expect(hints).toEqual([
			expect.stringMatching(/^No file link: this n8n keeps binary data in memory/),
		]);
	});
});
