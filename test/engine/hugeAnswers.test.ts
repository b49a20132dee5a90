import { limits } from '../../nodes/Veo/limits';
import type { Call, Fault, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { binaryData } from '../support/n8n';
import { bePatient, setUp } from '../support/setUp';

const MB = 1_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const atBothPlaces = (fault: Fault): SandboxOptions => ({
	faults: (['file', 'content'] as const).map((call) => ({ call, fault })),
});

describe('a file that never ends', () => {
	it.each<[string, Fault]>([
		['goes on without end', { kind: 'endless', everyMs: SECOND }],
		['announces more than it ever sends', { kind: 'endless', everyMs: SECOND, length: 1e9 }],
		['trickles', { kind: 'slow', bytes: 16, everyMs: 25 * SECOND }],
		['stalls', { kind: 'stalled' }],
	])('ends at the timeout when it %s', async (_name, fault) => {
		const { run, sandbox, clock } = await setUp(atBothPlaces(fault));
		bePatient();
		const startedAt = clock.now();
		const failed = await run({ parameters: { options: { timeout: 3 } } });
		// an attempt that begins at the last moment has a minute
		expect(clock.now() - startedAt).toBeLessThanOrEqual(4 * MINUTE);
		expect(failed.error?.context.details).toMatchObject({
			taskId: sandbox.tasks[0].id,
			status: 'completed',
			retryable: true,
		});
		expect(failed.error?.description).toContain('still available');

		sandbox.faults = [];
		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1 });
	});

	it('ends at the timeout in the middle of a pause', async () => {
		const { run, clock } = await setUp({
			jobMs: 2 * MINUTE,
			...atBothPlaces({ kind: 'slow', bytes: 16, everyMs: 29 * SECOND }),
		});
		bePatient();
		const startedAt = clock.now();
		const { error } = await run({ parameters: { options: { timeout: 4 } } });
		expect(error?.message).toBe('The video was not downloaded before the timeout [item 0]');
		expect(clock.now() - startedAt).toBe(4 * MINUTE);
	});
});

describe('a file over the limit', () => {
	it.each<[string, Fault | undefined, number]>([
		['by its length, before any of it is stored', undefined, 0],
		['by its bytes', { kind: 'noLength' }, 1],
	])('is refused %s', async (_name, fault, stores) => {
		const { run, sandbox } = await setUp({
			video: { sizeBytes: 100 * MB },
			...(fault && atBothPlaces(fault)),
		});
		jest.replaceProperty(limits, 'maxFileBytes', MB);
		const store = jest.spyOn(binaryData, 'store');
		const { error, items } = await run();
		expect(items).toEqual([]);
		expect(error?.message).toMatch(/^The video is larger than /);
		expect(error?.context.details).toMatchObject({
			kind: 'fileTooLarge',
			taskId: sandbox.tasks[0].id,
			videoUrl: expect.stringContaining(sandbox.fileHostUrl),
		});
		expect(store).toHaveBeenCalledTimes(stores);
		expect(sandbox.counts()).toMatchObject({ files: 1, delivered: 0 });
		// the server sends only as much unread data as the connection buffers
		expect(sandbox.counts().bytes).toBeLessThan(20 * MB);
	});
});

/** The most memory that the process used beyond its use before. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
	const held = () => {
		const { heapUsed, arrayBuffers, external } = process.memoryUsage();
		return heapUsed + Math.max(arrayBuffers, external);
	};
	const before = held();
	let peak = before;
	const timer = setInterval(() => (peak = Math.max(peak, held())), 5);
	await work();
	clearInterval(timer);
	return peak - before;
}

describe('a response that is too long', () => {
	const huge: Array<[string, Fault]> = [
		['JSON', { kind: 'hugeJson', megabytes: 400 }],
		['compressed JSON', { kind: 'gzipBomb', megabytes: 1_000 }],
	];
	const calls: Call[] = ['retrieve', 'content'];

	it.each(huge.flatMap(([name, fault]) => calls.map((call) => [name, call, fault] as const)))(
		'is cut, and the video is delivered: %s at %s',
		async (_name, call, fault) => {
			const { run, sandbox } = await setUp({
				videoUrl: false,
				faults: [{ call, nth: 1, fault }],
			});
			bePatient();
			const peak = await peakOf(async () => await expectOwnFiles(sandbox, (await run()).items));
			expect(peak).toBeLessThan(150 * MB);
			expect(sandbox.counts()).toMatchObject({ creates: 1 });
			expect(sandbox.counts().bytes).toBeLessThan(60 * MB);
		},
	);

	it.each(huge)(
		'counts as lost when it is the response to a create request: %s',
		async (_name, fault) => {
			const { run, sandbox } = await setUp({ faults: [{ call: 'create', fault }] });
			bePatient();
			const { error } = await run({ settings: { retryOnFail: true, maxTries: 2 } });
			expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: true });
			expect(sandbox.counts().creates).toBe(1);
		},
	);
});
