import { recordSubExecutions } from '../support/paused';
import { setUp } from '../support/setUp';

const HOUR_MS = 3_600_000;

describe.each([
	['set back', -HOUR_MS],
	['set forward', HOUR_MS],
])("the machine's clock, %s by an hour during a run,", (_name, offsetMs) => {
	it('does not affect when a task is checked and how long the node waits for it', async () => {
		const { start, sandbox, clock } = await setUp({ jobMs: 60_000 });
		const running = await start();
		await clock.stopWhen(() => sandbox.counts().retrieves >= 2);
		clock.dateOffsetMs = offsetMs;
		const startedAt = clock.now();
		clock.goOn();
		const { items, error } = await running.finished;
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'completed' });
		expect(clock.now() - startedAt).toBeLessThan(65_000);
	});

	it('does not affect the timeout', async () => {
		const { start, sandbox, clock } = await setUp({ jobMs: Infinity });
		const startedAt = clock.now();
		const running = await start();
		await clock.stopWhen(() => sandbox.counts().retrieves >= 2);
		clock.dateOffsetMs = offsetMs;
		clock.goOn();
		const { error } = await running.finished;
		expect(error?.message).toContain('was not finished within 15 minutes');
		expect(Math.abs(clock.now() - startedAt - 900_000)).toBeLessThan(5_000);
	});

	it('does not make a retry create a paid task again', async () => {
		const { run, sandbox, clock } = await setUp({ jobMs: 20 * 60_000 });
		const failed = await run();
		clock.dateOffsetMs = offsetMs;
		const { items } = await failed.retry();
		expect(items[0].json).toMatchObject({ status: 'completed' });
		expect(sandbox.counts().creates).toBe(1);
	});
});

it('does not treat a file as expired because of the date alone', async () => {
	const { run, sandbox, clock } = await setUp({
		jobMs: 5_000,
		faults: (['file', 'content'] as const).map((call) => ({
			call,
			nth: [1, 2],
			fault: { kind: 'reply', status: 404 },
		})),
	});
	clock.dateOffsetMs = 48 * HOUR_MS;
	const { items, error } = await run();
	expect(error).toBeUndefined();
	expect(items[0].binary).toBeDefined();
	expect(sandbox.counts().creates).toBe(1);
});

it("saves dates of the machine's clock with a paused execution (n8n ≥ 2.41)", async () => {
	const setup = await setUp();
	setup.clock.dateOffsetMs = HOUR_MS;
	const { started, executeWorkflow } = recordSubExecutions(setup);
	await setup.run({ parameters: { options: { waitMode: 'durable' } }, executeWorkflow });
	const date = setup.clock.date();
	const { video } = started[0].items[0].json as { video: { createdAt: number; deadline: number } };
	expect(Math.abs(video.createdAt - date)).toBeLessThan(5_000);
	expect(Math.abs(video.deadline - date - 900_000)).toBeLessThan(5_000);
});
