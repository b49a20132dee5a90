import { limits } from '../../nodes/Veo/limits';
import { FIXTURE_WEBM, replies } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { fileOf } from '../support/engine';
import { setUp } from '../support/setUp';

const breaks: Array<[string, Fault]> = [
	['a reset midway', { kind: 'resetMidway' }],
	['a file cut short of its length', { kind: 'truncated' }],
	['a file cut short in chunks', { kind: 'truncatedChunked' }],
	['a file cut short without a length', { kind: 'truncatedClose' }],
	['an empty file', { kind: 'empty' }],
	['a stalled file', { kind: 'stalled' }],
	['a web page', { kind: 'html200' }],
	['JSON', { kind: 'json200' }],
	['403', replies.forbidden],
	['404', replies.notFound],
	['429', replies.rateLimitedFor(3)],
	['500', replies.serverError],
	['502 HTML', replies.badGateway],
	['no answer', { kind: 'hang' }],
	['a reset', { kind: 'resetBeforeBody' }],
];

const fromContent = { videoUrl: false };
/** Neither server can resume a file after a lost connection. */
const withoutRanges = { ranges: false, etag: 'none' } as const;

const faultAt = (call: 'file' | 'content', fault: Fault, nth?: number | number[]) => ({
	faults: [{ call, nth, fault }],
});

it.each(breaks)('takes the file from CometAPI after %s at the link', async (_name, fault) => {
	const { run, sandbox } = await setUp({ ...withoutRanges, ...faultAt('file', fault) });
	const { items } = await run();
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, files: 1, contents: 1 });
});

it.each(breaks)('tries again after %s at CometAPI', async (_name, fault) => {
	const { run, sandbox } = await setUp({
		...fromContent,
		...withoutRanges,
		...faultAt('content', fault, [1, 2]),
	});
	const { items } = await run();
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 3 });
});

it.each<[string, SandboxOptions]>([
	['a redirect', { ...fromContent, ...faultAt('content', { kind: 'redirect' }) }],
	['no length', faultAt('file', { kind: 'noLength' })],
	['no length at CometAPI', { ...fromContent, ...faultAt('content', { kind: 'noLength' }) }],
	['a redirect at the link', faultAt('file', { kind: 'redirect' }, 1)],
	['another content type', faultAt('file', { kind: 'wrongType' })],
	['gzip', faultAt('file', { kind: 'gzip' })],
])('accepts %s', async (_name, options) => {
	const { run, sandbox } = await setUp(options);
	const { items } = await run();
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts()).toMatchObject({ creates: 1 });
	const atFileHost = sandbox.requests.filter(({ origin }) => origin === 'files');
	for (const { headers } of atFileHost) expect(headers.authorization).toBeUndefined();
});

it.each([203, 206])('accepts the whole file at the link with status %s', async (status) => {
	const { run, sandbox } = await setUp(faultAt('file', { kind: 'wholeAs', status }));
	await expectOwnFiles(sandbox, (await run()).items);
	expect(sandbox.counts()).toMatchObject({ files: 1, contents: 0 });
});

it.each(['http://127.0.0.1:1', 'https://127.0.0.1:1', 'no link'])(
	'takes the file from CometAPI when the link is dead: %s',
	async (fileHostUrl) => {
		const { run, sandbox } = await setUp();
		sandbox.fileHostUrl = fileHostUrl;
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, files: 0, contents: 1 });
	},
);

it('gives up after four attempts and keeps the task and its link', async () => {
	const { run, sandbox } = await setUp({
		...withoutRanges,
		faults: [
			{ call: 'file', fault: { kind: 'truncated' } },
			{ call: 'content', fault: { kind: 'empty' } },
		],
	});
	const failed = await run();
	const [{ id }] = sandbox.tasks;
	expect(sandbox.counts()).toMatchObject({ creates: 1, files: 2, contents: 2, delivered: 0 });
	expect(failed.error?.message).toMatch(/could not be downloaded: the file is empty/);
	expect(failed.error?.description).toContain(`task ID ${id}`);
	expect(failed.error?.context.details).toMatchObject({
		taskId: id,
		status: 'completed',
		videoUrl: `${sandbox.fileHostUrl}/files/${id}.mp4`,
		retryable: true,
	});

	sandbox.faults = [];
	const { items } = await failed.retry();
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
});

it.each(breaks)('downloads the same video with Retry On Fail after %s', async (_name, fault) => {
	const { run, sandbox } = await setUp({
		...fromContent,
		...withoutRanges,
		...faultAt('content', fault, [1, 2, 3, 4, 5]),
	});
	const { items } = await run({
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	});
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, contents: 6 });
});

it('gives up after several rejections of the key', async () => {
	const { run, sandbox, clock } = await setUp({
		...fromContent,
		...faultAt('content', replies.unauthorized),
	});
	const startedAt = clock.now();
	const { error } = await run();
	expect(error?.context.details).toMatchObject({ httpCode: 401, taskId: sandbox.tasks[0].id });
	expect(clock.now() - startedAt).toBeLessThan(10 * 60_000);
	expect(sandbox.counts().contents).toBeGreaterThanOrEqual(limits.oddResponses.count);
});

it.each<[string, Fault]>([
	['a rejected key', replies.unauthorized],
	['an unknown task', { ...replies.unauthorized, code: 'task_not_exist' }],
	['a session', { ...replies.forbidden, message: 'Session expired, sign in again' }],
	['an expired file', { kind: 'reply', status: 404, code: '', message: 'The file has expired' }],
])('stores the video after a single response about %s', async (_name, fault) => {
	const { run, sandbox } = await setUp({ ...fromContent, ...faultAt('content', fault, 1) });
	await expectOwnFiles(sandbox, (await run()).items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
});

it.each<[string, Fault]>([
	['another version', { kind: 'otherVersion', etag: '"other"' }],
	['a shorter version', { kind: 'otherVersion', size: 5_000 }],
])('never joins the file with the rest of %s', async (_name, fault) => {
	const { run, sandbox } = await setUp({
		video: FIXTURE_WEBM,
		faults: [
			{ call: 'file', nth: 1, fault: { kind: 'resetMidway' } },
			{ call: 'file', nth: 2, fault },
		],
	});
	await expectOwnFiles(sandbox, (await run()).items);
	expect(sandbox.requests.filter(({ headers }) => headers.range)).toHaveLength(1);
});

it('stores the complete file after a reset midway', async () => {
	const { run, sandbox } = await setUp(faultAt('file', { kind: 'resetMidway' }, 1));
	const { items } = await run();
	expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4', fileType: 'video' });
	expect(await fileOf(items[0])).toEqual(await sandboxFile(sandbox.requests));

	async function sandboxFile(requests: typeof sandbox.requests) {
		const url = requests.find(({ call }) => call === 'file')!.url;
		return Buffer.from(await (await fetch(sandbox.fileHostUrl + url)).arrayBuffer());
	}
});
