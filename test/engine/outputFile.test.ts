import type { INodeParameters } from 'n8n-workflow';

import type { SandboxOptions } from '../sandbox/server';
import { binaryData } from '../support/n8n';
import { prompts, setUp } from '../support/setUp';

async function deliver(parameters: INodeParameters = {}, options: SandboxOptions = {}) {
	const { run, sandbox } = await setUp({ jobMs: 0, ...options });
	const { items, error } = await run({ parameters });
	expect(error).toBeUndefined();
	return { ...items[0], taskId: sandbox.tasks[0].id };
}

const named = (fileName: string) => ({ options: { fileName } });

it('should be called by the task ID', async () => {
	const { binary, taskId } = await deliver();
	expect(binary!.data.fileName).toBe(`${taskId}.mp4`);
});

it.each([
	['kite.mp4', 'kite.mp4'],
	['kite', 'kite.mp4'],
	['Kite v1.5', 'Kite v1.5.mp4'],
	[' kite.mp4 ', 'kite.mp4'],
	['Käfer über "Öl" 🪁', 'Käfer über "Öl" 🪁.mp4'],
	['kites/red\\one', 'kites_red_one.mp4'],
	['../../etc/kite.mov', '.._.._etc_kite.mov'],
	['={{ "kite " + $itemIndex }}', 'kite 0.mp4'],
])('should be called %s as %s', async (fileName, expected) => {
	const { binary } = await deliver(named(fileName));
	expect(binary!.data.fileName).toBe(expected);
	expect(binary!.data).not.toHaveProperty('directory');
});

it.each(['', ' ', '={{ null }}'])('should be called by the task ID for "%s"', async (fileName) => {
	const { binary, taskId } = await deliver(named(fileName));
	expect(binary!.data.fileName).toBe(`${taskId}.mp4`);
});

it('should be called by what each item says', async () => {
	const { run } = await setUp({ jobMs: 0 });
	const { items } = await run({
		items: prompts('red', 'blue'),
		parameters: named('={{ $json.prompt }}.mp4'),
	});
	expect(items.map(({ binary }) => binary!.data.fileName)).toEqual(['red.mp4', 'blue.mp4']);
});

it('should be a video with its type and ending', async () => {
	const { binary } = await deliver();
	expect(binary!.data).toMatchObject({
		mimeType: 'video/mp4',
		fileType: 'video',
		fileExtension: 'mp4',
	});
});

it('should lie in the store of n8n and not in the item', async () => {
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
])('should lie in the field %s', async (binaryPropertyOutput, field) => {
	const { binary } = await deliver({ binaryPropertyOutput });
	expect(Object.keys(binary!)).toEqual([field]);
});

it.each(['  ', '={{ "" }}', '={{ null }}'])(
	'should need a field to lie in: "%s"',
	async (binaryPropertyOutput) => {
		const { run, sandbox } = await setUp();
		const { error } = await run({ parameters: { binaryPropertyOutput } });
		expect(error?.message).toBe("'Put Output File in Field' is empty [item 0]");
		expect(error?.description).toMatch(/e\.g\. data, or turn off 'Download Video'/);
		expect(sandbox.requests).toHaveLength(0);
	},
);

it.each([
	['application/octet-stream', 'video/mp4'],
	['binary/octet-stream', 'video/mp4'],
	['video/webm', 'video/webm'],
	['Video/MP4; codecs=avc1', 'video/mp4'],
])('should have the type that %s stands for', async (contentType, expected) => {
	const fault = { kind: 'reply', status: 200, body: 'the bytes', contentType } as const;
	const { binary } = await deliver({}, { faults: [{ call: 'file', fault }] });
	expect(binary!.data.mimeType).toBe(expected);
	expect(await binaryData.getAsBuffer(binary!.data)).toEqual(Buffer.from('the bytes'));
});

describe('the link to the stored file', () => {
	const linked = { options: { includeFileLink: true } };

	it('should lead to that very file, for a while', async () => {
		const { json, binary } = await deliver(linked);
		const { origin, pathname, searchParams } = new URL(json.file_url as string);
		expect(origin + pathname).toBe('http://127.0.0.1:5678/rest/binary-data/signed');
		const token = searchParams.get('token')!;
		expect(binaryData.validateSignedToken(token)).toBe(binary!.data.id);
		const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
		expect((exp - iat) / 86_400).toBe(14);
	});

	it('should be there only where it is wanted', async () => {
		expect((await deliver()).json).not.toHaveProperty('file_url');
	});

	it('should not hold the video up where n8n keeps files in memory', async () => {
		jest.spyOn(binaryData, 'init').mockResolvedValue();
		jest.replaceProperty(binaryData as unknown as { mode: string }, 'mode', 'default');
		const { run } = await setUp({ jobMs: 0 });
		const { items, hints } = await run({ parameters: linked });
		expect(items[0].json).not.toHaveProperty('file_url');
		expect(items[0].binary!.data.data.length).toBeGreaterThan(1_000);
		expect(hints).toEqual([expect.stringContaining("'Include File Link'")]);
	});
});
