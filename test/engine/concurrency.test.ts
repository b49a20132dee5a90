import { getEventListeners, getMaxListeners } from 'node:events';
import type { INodeParameters } from 'n8n-workflow';

import type { Sandbox } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { bePatient, prompts, setUp } from '../support/setUp';

const numbered = (count: number) => prompts(...Array.from({ length: count }, (_, n) => `p${n}`));

/** The highest number of tasks in progress in parallel. */
const mostAtOnce = ({ tasks }: Sandbox) =>
	Math.max(
		...tasks.map(
			({ createdAtMs: at }) =>
				tasks.filter(({ createdAtMs, jobMs }) => createdAtMs <= at && at < createdAtMs + jobMs)
					.length,
		),
	);

async function runMany(count: number, options: INodeParameters = {}) {
	const { run, sandbox, clock } = await setUp({ jobMs: 60_000 });
	bePatient();
	const startedAt = clock.now();
	const finished = await run({ items: numbered(count), parameters: { options } });
	expect(finished.error).toBeUndefined();
	expect(sandbox.counts()).toMatchObject({ creates: count, delivered: count });
	return { ...finished, sandbox, took: clock.now() - startedAt };
}

describe('many videos', () => {
	it('are created five at a time by default', async () => {
		const { sandbox } = await runMany(12);
		expect(mostAtOnce(sandbox)).toBe(5);
	});

	it.each([1, 3, 100])('are created %s at a time with that setting', async (most) => {
		const { sandbox } = await runMany(8, { maxConcurrent: most });
		expect(mostAtOnce(sandbox)).toBe(Math.min(most, 8));
	});

	it('take as long as one video', async () => {
		const { took } = await runMany(20, { maxConcurrent: 20 });
		expect(took).toBeLessThan(70_000);
	});

	it('are started as soon as another one is finished', async () => {
		const { run, sandbox } = await setUp({
			jobMs: (_index, prompt) => (prompt === 'p0' ? 600_000 : 10_000),
		});
		bePatient();
		await run({ items: numbered(7), parameters: { options: { maxConcurrent: 2 } } });
		const slow = sandbox.tasks.find(({ prompt }) => prompt === 'p0')!;
		for (const { createdAtMs } of sandbox.tasks) {
			expect(createdAtMs).toBeLessThan(slow.createdAtMs + 100_000);
		}
	});

	it('do not make Node warn of a listener leak, even in large numbers', async () => {
		const { addEventListener } = EventTarget.prototype;
		let mostListeners = 0;
		jest.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation(function (
			this: EventTarget,
			...args
		) {
			addEventListener.apply(this, args);
			const listeners = getEventListeners(this, args[0]).length;
			if (listeners > (getMaxListeners(this) || Infinity))
				mostListeners = Math.max(mostListeners, listeners);
		});
		await runMany(30, { maxConcurrent: 30 });
		expect(mostListeners).toBe(0);
	});

	it('are checked five at a time by Retrieve Video too', async () => {
		const { run, sandbox } = await setUp({ latencyMs: 1_000, jobMs: 0 });
		bePatient();
		await run({ items: [{}], parameters: { operation: 'create' } });
		const [{ id }] = sandbox.tasks;
		const retrieve = { operation: 'retrieve', taskId: id, downloadVideo: false };
		await run({ items: numbered(12), parameters: retrieve });
		const checks = sandbox.requests.filter(({ call }) => call === 'retrieve');
		const at = checks.map(({ atMs }) => atMs - checks[0].atMs);
		expect(at).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2].map((seconds) => seconds * 1_000));
	});
});

describe('the output of many videos', () => {
	const countDown = (_index: number, prompt: string) => 100_000 - 10_000 * Number(prompt[1]);

	it('is in input order even if later videos are finished first', async () => {
		const { run, sandbox } = await setUp({ jobMs: countDown });
		bePatient();
		const { items } = await run({
			items: numbered(8),
			parameters: { options: { maxConcurrent: 8 } },
		});
		const promptOf = ({ json }: (typeof items)[number]) =>
			sandbox.tasks.find(({ id }) => id === json.id)!.prompt;
		expect(items.map(promptOf)).toEqual(numbered(8).map(({ json }) => json!.prompt));
		const finished = sandbox.requests.filter(({ call }) => call === 'file');
		expect(finished[0].taskId).toBe(items[7].json.id);
	});

	it('is paired with the input, item by item', async () => {
		const { run } = await setUp({ jobMs: countDown });
		bePatient();
		const { items } = await run({ items: numbered(6) });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4, 5].map((item) => ({ item })),
		);
	});

	it("has the file of each item's task", async () => {
		const { run, sandbox } = await setUp({ jobMs: countDown });
		bePatient();
		const { items } = await run({ items: numbered(8) });
		expect(items).toHaveLength(8);
		await expectOwnFiles(sandbox, items);
		expect(new Set(items.map(({ json }) => json.id)).size).toBe(8);
	});

	it('has two videos when two items have the same prompt', async () => {
		const { run, sandbox } = await setUp();
		bePatient();
		const { items } = await run({ items: prompts('same', 'same') });
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2 });
		expect(items[0].json.id).not.toBe(items[1].json.id);
	});
});
