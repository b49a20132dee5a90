import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { limits } from '../../nodes/Veo/limits';
import { replies } from '../sandbox/server';
import type { Fault, FaultRule, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import * as host from '../support/imageHost';
import { binaryData } from '../support/n8n';
import { bePatient, images, setUp } from '../support/setUp';
import type { TestSetup } from '../support/setUp';

const MB = 1024 * 1024;
/** More than a connection buffers, so that an unread response stays open. */
const BIG = { jobMs: 0, video: { sizeBytes: 30 * MB } } satisfies SandboxOptions;
const CUT: Fault = { kind: 'cutEvery', bytes: 5 * MB };

async function big(options: SandboxOptions = {}): Promise<TestSetup> {
	const setup = await setUp({ ...BIG, ...options });
	bePatient();
	return setup;
}

/** Expects no connection and no timer. If a response stays open, the test times out. */
async function expectNothingOpen({ sandbox, clock }: TestSetup): Promise<void> {
	while (sandbox.active > 0) await new Promise((resolve) => setImmediate(resolve));
	expect(clock.timers).toBe(0);
}

const onContent = (fault: Fault, nth?: number): FaultRule => ({ call: 'content', nth, fault });

describe('a file that is not read to the end leaves nothing open', () => {
	it.each<[string, SandboxOptions]>([
		['a server that ignores Range', { ranges: false, faults: [onContent(CUT, 1)] }],
		['another file meanwhile', { etag: 'changing', faults: [onContent(CUT, 1)] }],
		['another part', { faults: [onContent(CUT, 1), onContent({ kind: 'wrongRange' }, 2)] }],
		['a refused part', { faults: [onContent(CUT, 1), onContent(replies.forbidden, 2)] }],
		['a huge text', { faults: [onContent({ kind: 'hugeJson', megabytes: 30 }, 1)] }],
		['a stall', { faults: [onContent({ kind: 'stalled' }, 1)] }],
		[
			'a stall before the first byte',
			{ faults: [onContent({ kind: 'slow', bytes: MB, everyMs: 3_600_000 }, 1)] },
		],
		['a reset', { etag: 'none', faults: [onContent({ kind: 'resetMidway' }, 1)] }],
	])('after %s', async (_name, options) => {
		const setup = await big({ videoUrl: false, ...options });
		await expectOwnFiles(setup.sandbox, (await setup.run()).items);
		await expectNothingOpen(setup);
	});

	it('although the next transfer is still running', async () => {
		const setup = await big({
			videoUrl: false,
			ranges: false,
			faults: [onContent(CUT, 1), onContent({ kind: 'slow', bytes: MB, everyMs: 1_000 }, 3)],
		});
		const { start, sandbox, clock } = setup;
		const { finished } = await start();
		await clock.stopWhen(() => sandbox.counts().contents === 3 && sandbox.active === 1);
		// one pause of the sandbox between two pieces, and one timer of the node for the file
		expect(clock.timers).toBeLessThanOrEqual(2);
		clock.goOn();
		await expectOwnFiles(sandbox, (await finished).items);
		await expectNothingOpen(setup);
	});

	it.each<[string, number | undefined]>([
		['as its length says', 5 * 1024 ** 3],
		['as its bytes show', undefined],
	])('that is too large, %s', async (_name, length) => {
		jest.replaceProperty(limits, 'maxFileBytes', 4 * MB);
		const setup = await big({ faults: [{ call: 'file', fault: { kind: 'endless', length } }] });
		const { error } = await setup.run();
		expect(error?.context.details).toMatchObject({ kind: 'fileTooLarge' });
		await expectNothingOpen(setup);
	});
});

describe("a file that n8n's storage rejects leaves nothing open", () => {
	const full = new Error('ENOSPC: no space left on device');

	const failures: Array<[string, (file: Readable) => Promise<void>]> = [
		['before it is read', async () => await Promise.reject(full)],
		[
			'at its first bytes',
			async (file) => {
				const write = (_chunk: unknown, _encoding: string, done: (error: Error) => void) =>
					done(full);
				await pipeline(file, new Writable({ write }));
			},
		],
		[
			'later',
			async (file) => {
				for await (const chunk of file) if (chunk) throw full;
			},
		],
	];

	it.each(failures)('%s', async (_name, fail) => {
		const setup = await big();
		jest.spyOn(binaryData, 'store').mockImplementation(async (_location, file) => {
			await fail(file as Readable);
			throw full;
		});
		const { error } = await setup.run();
		expect(error?.context.details).toMatchObject({ kind: 'storageFailed' });
		await expectNothingOpen(setup);
	});

	it('while it waits to be resumed (n8n ≥ 2.0)', async () => {
		const setup = await big({
			videoUrl: false,
			faults: [onContent(CUT, 1), onContent(replies.rateLimitedFor(200))],
		});
		const { sandbox, clock } = setup;
		jest.spyOn(binaryData, 'store').mockImplementation(async (_location, file) => {
			(file as Readable).resume();
			await clock.stopWhen(() => sandbox.counts().contents === 2 && sandbox.active === 0);
			(file as Readable).destroy();
			throw full;
		});
		const { error } = await setup.run();
		expect(error?.context.details).toMatchObject({ kind: 'storageFailed' });
		await expectNothingOpen(setup);
		expect(sandbox.counts().contents).toBe(2);
	});
});

describe('a canceled execution leaves nothing open', () => {
	it.each<[string, FaultRule[], number]>([
		['before the first byte', [{ call: 'file', fault: { kind: 'hang' } }], 1],
		[
			'between the headers and the first byte',
			[{ call: 'file', fault: { kind: 'slow', bytes: MB, everyMs: 3_600_000 } }],
			1,
		],
		['in the middle', [{ call: 'file', fault: { kind: 'stalled' } }], 1],
		[
			'before a resumed file',
			[
				{ call: 'file', nth: 1, fault: CUT },
				{ call: 'file', fault: { kind: 'hang' } },
			],
			2,
		],
	])('%s', async (_name, faults, files) => {
		const setup = await big({ faults });
		const { start, sandbox, clock } = setup;
		const { finished, cancel } = await start();
		await clock.stopWhen(() => sandbox.held === 1 && sandbox.counts().files === files);
		cancel();
		expect((await finished).status).toBe('canceled');
		await expectNothingOpen(setup);
	});
});

describe('an image that is not read to the end leaves nothing open', () => {
	const endless: host.Handler = (req, res) => {
		res.writeHead(req.url === '/404' ? 404 : 200, { 'content-type': 'image/png' });
		if (req.url !== '/text') res.write(images.png.bytes);
		const more = () => void (res.writable && res.write('x'.repeat(65_536), more));
		more();
	};

	it.each(['/404', '/text', '/a.png'])('%s', async (path) => {
		const site = await host.startImageHost();
		const open = new Set<unknown>();
		site.paths[path] = (req, res) => {
			open.add(res);
			res.once('close', () => open.delete(res));
			endless(req, res);
		};
		const setup = await setUp({ jobMs: 0 });
		await setup.run({
			parameters: { imageInput: 'image', imageSource: 'url', imageUrl: site.url + path },
		});
		while (open.size > 0) await new Promise((resolve) => setImmediate(resolve));
		expect(site.requests.length).toBeGreaterThan(0);
		await expectNothingOpen(setup);
		await site.close();
	});
});
