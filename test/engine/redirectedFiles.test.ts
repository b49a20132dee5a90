import { readFileSync } from 'node:fs';
import nock from 'nock';

import { FIXTURE_VIDEOS, replies } from '../sandbox/server';
import type { Fault, FaultRule } from '../sandbox/server';
import { fileOf } from '../support/engine';
import { expectOwnFiles } from '../support/expect';
import { serve, startImageHost } from '../support/imageHost';
import { setUp } from '../support/setUp';

const video = readFileSync(FIXTURE_VIDEOS.landscape);

/** A host with the video at one path, written exactly as in a request. */
async function hostWith(path: string) {
	const host = await startImageHost();
	host.paths = { [path]: serve(video, 'video/mp4') };
	return host;
}

describe('a redirect', () => {
	it.each([
		['/Käfer über Öl.mp4', '/K%C3%A4fer%20%C3%BCber%20%C3%96l.mp4'],
		['/风筝🪁.mp4', '/%E9%A3%8E%E7%AD%9D%F0%9F%AA%81.mp4'],
		['/a.mp4?name=Öl', '/a.mp4?name=%C3%96l'],
		['/K%C3%A4fer.mp4', '/K%C3%A4fer.mp4'],
		['/plain.mp4', '/plain.mp4'],
	])('in raw UTF-8 is followed to the correct path: %s', async (path, requested) => {
		const host = await hostWith(requested);
		for (const call of ['file', 'content'] as const) {
			const { run, sandbox } = await setUp({
				jobMs: 0,
				videoUrl: call === 'file',
				faults: [{ call, fault: { kind: 'redirectTo', location: host.url + path } }],
			});
			const { items } = await run();
			expect((await fileOf(items[0])).equals(video)).toBe(true);
			expect(sandbox.counts()).toMatchObject({ creates: 1, files: Number(call === 'file') });
		}
		expect(host.requests.map((request) => request.path)).toEqual([requested, requested]);
		for (const { headers } of host.requests) expect(headers.authorization).toBeUndefined();
		await host.close();
	});

	const nowhere = ['http://[bad', 'https://', 'http://a b/', 'ftp://127.0.0.1/a.mp4', 'file:///a'];

	it.each(nowhere)('at the link to %s leads to CometAPI', async (location) => {
		const { run, sandbox } = await setUp({
			jobMs: 0,
			faults: [{ call: 'file', fault: { kind: 'redirectTo', location } }],
		});
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 1 });
	});

	it.each(nowhere)('at CometAPI to %s leads to the link', async (location) => {
		const { run, sandbox } = await setUp({
			jobMs: 0,
			faults: [
				{ call: 'file', nth: 1, fault: { kind: 'truncated' } },
				{ call: 'file', nth: 2, fault: replies.unavailable },
				{ call: 'content', fault: { kind: 'redirectTo', location } },
			],
		});
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1 });
	});

	it.each<[string, Fault]>([
		...nowhere.map((location): [string, Fault] => [location, { kind: 'redirectTo', location }]),
		[
			'JSON with such a link',
			{ kind: 'reply', status: 200, body: { url: 'http://[bad' }, contentType: 'application/json' },
		],
	])('to %s does not lose a finished video', async (_name, fault) => {
		const faults = (['file', 'content'] as const).map((call): FaultRule => ({ call, fault }));
		const { run, sandbox } = await setUp({ jobMs: 0, faults });
		const failed = await run();
		expect(failed.error?.message).toBe(
			'The video could not be downloaded: its link is not a web address [item 0]',
		);
		expect(failed.error?.description).toContain('still available');
		expect(failed.error?.context.details).toMatchObject({
			kind: 'downloadFailed',
			taskId: sandbox.tasks[0].id,
			retryable: true,
		});

		sandbox.faults = [];
		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts().creates).toBe(1);
	});
});

describe("a link that n8n's rules block", () => {
	const blocked = [
		Object.assign(new Error('No'), { name: 'SsrfBlockedIpError' }),
		new Error('The request was blocked because it resolves to a restricted IP address'),
	];

	beforeEach(() => {
		if (!nock.isActive()) nock.activate();
	});

	afterEach(() => {
		nock.cleanAll();
		nock.restore();
	});

	/** The sandbox with a file host that n8n blocks. */
	async function withBlockedLink(error: Error, faults: FaultRule[] = []) {
		const setup = await setUp({ jobMs: 0, faults });
		nock(setup.sandbox.fileHostUrl).persist().get(/./).replyWithError(error);
		return setup;
	}

	it.each(blocked)('leads to CometAPI: %s', async (error) => {
		const { run, sandbox } = await withBlockedLink(error);
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, files: 0, contents: 1 });
	});

	const otherPlace: Array<[string, Fault]> = [
		['has no file', replies.fileNotResolved],
		['answers 404', replies.notFound],
		['answers 503', replies.unavailable],
		['answers 403', replies.forbidden],
		['is cut off', { kind: 'resetBeforeBody' }],
		['has an incomplete file', { kind: 'unfinished', form: 'a ftyp alone' }],
		['leads to it', { kind: 'redirect' }],
	];

	it.each(otherPlace)('is reported as blocked if CometAPI %s', async (_name, fault) => {
		const { run, sandbox } = await withBlockedLink(blocked[0], [{ call: 'content', fault }]);
		const { error } = await run({ parameters: { options: { timeout: 2 } } });
		expect(error?.message).toBe(
			"The video could not be downloaded: n8n's security rules block its link [item 0]",
		);
		expect(error?.description).toMatch(/^Ask your n8n administrator to allow the host/);
		expect(error?.description).toContain('still available');
		expect(error?.context.details).toMatchObject({
			kind: 'downloadFailed',
			taskId: sandbox.tasks[0].id,
			retryable: true,
		});
	});
});
