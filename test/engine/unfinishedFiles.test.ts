import { readFileSync } from 'node:fs';

import {
	box,
	FIXTURE_VIDEOS,
	UNFINISHED_FORMS,
	unfinishedVideo,
	WHOLE_FORMS,
	wholeVideo,
} from '../sandbox/server';
import type { FaultRule, SandboxOptions } from '../sandbox/server';
import { fileOf } from '../support/engine';
import { expectOwnFiles } from '../support/expect';
import { setUp } from '../support/setUp';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const video = readFileSync(FIXTURE_VIDEOS.landscape);

type Form = (typeof UNFINISHED_FORMS)[number];
const atLink = (form: Form): FaultRule => ({ call: 'file', fault: { kind: 'unfinished', form } });
const everywhere = (form: Form): FaultRule[] => [
	atLink(form),
	{ call: 'content', fault: { kind: 'unfinished', form } },
];

describe.each(UNFINISHED_FORMS)('a file that is still being written: %s', (form) => {
	it('is not stored, and the file is taken from CometAPI', async () => {
		const { run, sandbox } = await setUp({ jobMs: 0, faults: [atLink(form)] });
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 1 });
	});

	it('is waited for until it is finished', async () => {
		const { run, sandbox, clock } = await setUp({ jobMs: 0 });
		const startedAt = clock.now();
		sandbox.faultFor = (call) =>
			/file|content/.test(call) && clock.now() < startedAt + 8 * MINUTE
				? { kind: 'unfinished', form }
				: undefined;
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		expect(clock.now() - startedAt).toBeGreaterThanOrEqual(8 * MINUTE);
		expect(sandbox.counts().creates).toBe(1);
	});
});

describe('a file that is never finished', () => {
	it.each(UNFINISHED_FORMS)('is reported at the timeout and kept for a retry: %s', async (form) => {
		const { run, sandbox, clock } = await setUp({ jobMs: 0, faults: everywhere(form) });
		const startedAt = clock.now();
		const failed = await run({ parameters: { options: { timeout: 3 } } });
		expect(failed.items).toEqual([]);
		expect(failed.error?.message).toBe(
			'The video could not be downloaded: the file is incomplete [item 0]',
		);
		expect(failed.error?.context.details).toMatchObject({
			kind: 'fileNotReady',
			taskId: sandbox.tasks[0].id,
			retryable: true,
		});
		expect(clock.now() - startedAt).toBeGreaterThanOrEqual(3 * MINUTE);

		sandbox.faults = [];
		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts().creates).toBe(1);
	});

	it('is not stored after it was resumed to its end', async () => {
		const unfinished = unfinishedVideo(video, 'media up to the end, and no index');
		const { run, sandbox } = await setUp({
			jobMs: 0,
			video: unfinished,
			uniqueFiles: false,
			faults: [{ call: 'file', fault: { kind: 'cutEvery', bytes: 10_000 } }],
		});
		const { items, error } = await run({ parameters: { options: { timeout: 1 } } });
		expect(sandbox.requests.some(({ headers }) => headers.range)).toBe(true);
		expect(items).toEqual([]);
		expect(error?.message).toContain('the file is incomplete');
	});

	it('is not stored when it comes as a data URL', async () => {
		const { run, sandbox } = await setUp({ jobMs: 0 });
		const bytes = unfinishedVideo(video, 'a ftyp alone');
		const fields = { video_url: `data:video/mp4;base64,${bytes.toString('base64')}` };
		sandbox.faults = [{ call: 'retrieve', fault: { kind: 'taskFields', fields } }];
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts().contents).toBe(1);
	});
});

describe('a file that plays', () => {
	it.each(WHOLE_FORMS)('is stored to the last byte: %s', async (form) => {
		const bytes = wholeVideo(video, form);
		for (const options of [{}, { videoUrl: false }] satisfies SandboxOptions[]) {
			const { run, sandbox } = await setUp({
				jobMs: 0,
				video: bytes,
				uniqueFiles: false,
				...options,
			});
			const { items, error } = await run();
			expect(error).toBeUndefined();
			expect((await fileOf(items[0])).equals(bytes)).toBe(true);
			const { files, contents } = sandbox.counts();
			expect(files + contents).toBe(1);
		}
	});

	it.each(WHOLE_FORMS)('is resumed to the last byte: %s', async (form) => {
		const bytes = wholeVideo(video, form);
		const { run, sandbox } = await setUp({
			jobMs: 0,
			video: bytes,
			uniqueFiles: false,
			faults: [{ call: 'file', fault: { kind: 'cutEvery', bytes: 7_001 } }],
		});
		const { items } = await run();
		expect((await fileOf(items[0])).equals(bytes)).toBe(true);
		expect(sandbox.counts().contents).toBe(0);
	});

	it('is refused if it ends inside a box that follows the video', async () => {
		const whole = wholeVideo(video, 'the index last');
		const next = box('free', Buffer.alloc(4));
		for (let length = 4; length < next.length; length++) {
			const cut = Buffer.concat([whole, next.subarray(0, length)]);
			const { run } = await setUp({ jobMs: 0, video: cut, uniqueFiles: false });
			const { items, error } = await run({ parameters: { options: { timeout: 1 } } });
			expect({ length, items }).toEqual({ length, items: [] });
			expect(error?.message).toContain('the file is incomplete');
		}
	});
});
