import { readFileSync } from 'node:fs';

import { FIXTURE_VIDEOS, FIXTURE_WEBM, LINK_PLACES } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import { fileOf } from '../support/engine';
import { expectOwnFiles } from '../support/expect';
import { setUp } from '../support/setUp';

const notVideos: Array<[string, Fault]> = ['video/mp4', 'application/octet-stream'].flatMap(
	(contentType): Array<[string, Fault]> => [
		[`a web page as ${contentType}`, { kind: 'html200', contentType }],
		[`JSON as ${contentType}`, { kind: 'json200', contentType }],
		[`text as ${contentType}`, { kind: 'reply', status: 200, body: 'No video', contentType }],
	],
);

describe('a file that is not a video', () => {
	it.each(notVideos)(
		'is not stored, and the file is taken from CometAPI: %s',
		async (_name, fault) => {
			const { run, sandbox } = await setUp({ faults: [{ call: 'file', fault }] });
			await expectOwnFiles(sandbox, (await run()).items);
			expect(sandbox.counts()).toMatchObject({ creates: 1, files: 1, contents: 1 });
		},
	);

	it.each(notVideos)('is an error when CometAPI also sends it: %s', async (_name, fault) => {
		const { run, sandbox } = await setUp({
			faults: (['file', 'content'] as const).map((call) => ({ call, fault })),
		});
		const { error, items } = await run();
		expect(items).toEqual([]);
		expect(error?.message).toBe(
			'The video could not be downloaded: the server returned something other than a video [item 0]',
		);
		expect(error?.context.details).toMatchObject({
			kind: 'downloadFailed',
			taskId: sandbox.tasks[0].id,
			videoUrl: `${sandbox.fileHostUrl}/files/${sandbox.tasks[0].id}.mp4`,
		});
		expect(error?.description).toContain('still available');
	});

	it('is quoted in the error', async () => {
		const fault: Fault = { kind: 'json200', contentType: 'video/mp4' };
		const { run } = await setUp({ videoUrl: false, faults: [{ call: 'content', fault }] });
		expect((await run()).error?.description).toContain('The file is not available');
	});
});

it.each(['url', 'video_url', 'data.url'])(
	'downloads the file without the key when CometAPI responds with its link in %s',
	async (place) => {
		const { run, sandbox } = await setUp({
			videoUrl: false,
			faults: [{ call: 'content', fault: { kind: 'linkInJson', place } }],
		});
		await expectOwnFiles(sandbox, (await run()).items);
		const atFileHost = sandbox.requests.filter(({ origin }) => origin === 'files');
		expect(atFileHost.map(({ headers }) => headers.authorization)).toEqual([undefined]);
	},
);

it.each<[string, SandboxOptions]>([
	['the link', {}],
	['CometAPI', { videoUrl: false }],
])('stores the complete file when %s compresses it', async (_name, options) => {
	const { run, sandbox } = await setUp({
		...options,
		faults: (['file', 'content'] as const).map((call) => ({ call, fault: { kind: 'gzip' } })),
	});
	await expectOwnFiles(sandbox, (await run()).items);
});

describe('a link that is a data URL', () => {
	it.each(LINK_PLACES)('becomes a file and is not in the JSON: %s', async (place) => {
		const { run, sandbox } = await setUp({ videoUrl: 'data' });
		sandbox.faults = [{ call: 'retrieve', fault: { kind: 'linkIn', place } }];
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		expect(JSON.stringify(items[0].json)).not.toContain('base64');
		expect(items[0].json).toMatchObject({ id: sandbox.tasks[0].id, status: 'completed' });
		expect(sandbox.counts()).toMatchObject({ contents: 0, files: 0 });
	});

	it('stays in the JSON when the file is not wanted', async () => {
		const { run } = await setUp({ videoUrl: 'data' });
		const { items } = await run({ parameters: { downloadVideo: false } });
		expect(items[0].json.video_url).toMatch(/^data:video\/mp4;base64,/);
	});

	const mp4 = readFileSync(FIXTURE_VIDEOS.landscape);
	const webm = readFileSync(FIXTURE_WEBM);

	it.each<[string, Buffer, string]>([
		['data:video/mp4;codecs="avc1";base64', mp4, 'video/mp4'],
		['data:application/octet-stream;base64', mp4, 'video/mp4'],
		['data:application/mp4;base64', mp4, 'video/mp4'],
		['data:video/mp4;base64', webm, 'video/webm'],
	])('is judged by its bytes: %s', async (head, bytes, mimeType) => {
		const { items, sandbox } = await runWithLink(`${head},${bytes.toString('base64')}`);
		expect(items[0].binary!.data.mimeType).toBe(mimeType);
		expect(await fileOf(items[0])).toEqual(bytes);
		expect(sandbox.counts()).toMatchObject({ contents: 0 });
	});

	it('is not stored when it is not a video', async () => {
		const page = Buffer.from('<html>Not found</html>').toString('base64');
		const { items, sandbox } = await runWithLink(`data:video/mp4;base64,${page}`);
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ contents: 1 });
	});

	async function runWithLink(link: string) {
		const { run, sandbox } = await setUp();
		const fields = { video_url: link };
		sandbox.faults = [
			{ call: 'retrieve', status: 'completed', fault: { kind: 'taskFields', fields } },
		];
		return { ...(await run()), sandbox };
	}
});
