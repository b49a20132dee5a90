import type { SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { recordSubExecutions } from '../support/paused';
import { bePatient, prompts, setUp } from '../support/setUp';

const HANG = { kind: 'hang' } as const;

it.each<[string, SandboxOptions]>([
	['creating', { faults: [{ call: 'create', fault: HANG }] }],
	['polling', { faults: [{ call: 'retrieve', nth: 2, fault: HANG }] }],
	['downloading', { faults: [{ call: 'file', fault: { kind: 'stalled' } }] }],
	[
		'downloading from CometAPI',
		{
			videoUrl: false,
			faults: [{ call: 'content', fault: { kind: 'stalled' } }],
		},
	],
])('a canceled execution stops at once while %s', async (where, options) => {
	const { start, clock, sandbox } = await setUp(options);
	bePatient();
	const { finished, cancel } = await start({ items: prompts('a', 'b') });
	await clock.stopWhen(() => sandbox.held === 2);

	// the clock stands still and no server responds, so only the cancel can end the hanging request
	const requests = sandbox.requests.length;
	cancel();
	const { status, logs } = await finished;
	while (sandbox.active > 0) await new Promise((resolve) => setImmediate(resolve));
	expect(status).toBe('canceled');
	expect(sandbox.requests).toHaveLength(requests);
	for (const { id } of where === 'creating' ? [] : sandbox.tasks) {
		expect(logs).toContainEqual({ level: 'info', message: expect.stringContaining(id) });
	}
});

it.each([
	['by a person', 3_600_000, 'The execution was canceled'],
	['by its time limit', -1, 'The execution reached its time limit and was canceled'],
])(
	'an execution canceled %s reports the cancel and what was paid for',
	async (_by, leftMs, text) => {
		const timeLimit = Date.now() + 3_600_000;
		const { start, clock, sandbox } = await setUp({
			faults: [{ call: 'retrieve', nth: 2, fault: HANG }],
		});
		bePatient();
		const { finished, cancel } = await start({ items: prompts('a', 'b'), timeLimit });
		await clock.stopWhen(() => sandbox.held === 2);
		jest.spyOn(Date, 'now').mockReturnValue(timeLimit - leftMs);
		cancel();
		const { stored } = await finished;
		expect(stored).toContain(`"${text}`);
		expect(stored).toContain("Already paid for; get them with 'Retrieve Video'");
		for (const { id } of sandbox.tasks) expect(stored).toContain(id);
	},
);

it.each([
	['Create Video', { operation: 'create' }],
	['a node that is about to pause (n8n ≥ 2.41)', { options: { waitMode: 'durable' } }],
])(
	'a cancel during the lookup of models ends %s at once, and it names what was paid for',
	async (_name, parameters) => {
		const setup = await setUp({ faults: [{ call: 'catalogue', fault: HANG }] });
		bePatient();
		const { started, executeWorkflow } = recordSubExecutions(setup);
		let isReady = false;
		const { finished, cancel } = await setup.start({
			parameters,
			executeWorkflow,
			// a task was created
			onLog: ({ itemIndex }) => (isReady ||= itemIndex === 0),
		});
		// of an n8n that can't pause
		void finished.then(() => (isReady = true));
		// the clock stands still from here on
		await setup.clock.stopWhen(() => isReady);
		await new Promise((resolve) => setImmediate(resolve));
		cancel();
		const { status, stored } = await finished;
		expect(status).toBe('canceled');
		expect(started).toHaveLength(0);
		expect(stored).toContain("Already paid for; get them with 'Retrieve Video'");
		expect(stored).toContain(setup.sandbox.tasks[0].id);
	},
);

it('a cancel ends the lookup of other models than a refused one', async () => {
	const refused = { kind: 'reply', status: 503, code: 'model_not_found' } as const;
	const { start, clock } = await setUp({
		faults: [
			{ call: 'catalogue', fault: HANG },
			{ call: 'create', fault: refused },
		],
	});
	bePatient();
	const { finished, cancel } = await start();
	// of the hint, and of the error
	await clock.stopWhen(() => clock.timers === 2);
	const canceledAt = clock.now();
	cancel();
	expect((await finished).status).toBe('canceled');
	expect(clock.now() - canceledAt).toBeLessThan(1_000);
});

it('a cancel ends the reading of prices', async () => {
	const { start, clock, sandbox } = await setUp({ faults: [{ call: 'catalogue', fault: HANG }] });
	bePatient();
	const { finished, cancel } = await start({ parameters: { options: { maxCost: 1 } } });
	await clock.stopWhen(() => sandbox.held === 1);
	cancel();
	const { status, logs } = await finished;
	expect(status).toBe('canceled');
	// its time limit would end it later
	expect(JSON.stringify(logs)).toMatch(/price list could not be loaded: canceled/);
	expect(sandbox.counts()).toMatchObject({ creates: 0 });
});

it('an execution canceled between two items sends nothing more', async () => {
	const { start, clock, sandbox } = await setUp();
	const { finished, cancel } = await start({
		items: prompts('a', 'b', 'c'),
		parameters: { options: { maxConcurrent: 1 } },
		settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
	});
	await clock.stopWhen(() => sandbox.counts().retrieves === 2 && sandbox.active === 0);
	cancel();
	expect((await finished).status).toBe('canceled');
	// Retry On Fail still calls the node after a cancel
	await new Promise((resolve) => setTimeout(resolve, 20));
	expect(sandbox.counts()).toMatchObject({ creates: 1, retrieves: 2 });
});

it('a retry reuses the tasks of a canceled execution', async () => {
	const { start, clock, sandbox } = await setUp({
		faults: [{ call: 'retrieve', nth: 2, fault: HANG }],
	});
	bePatient();
	const { finished, cancel } = await start({ items: prompts('a', 'b') });
	await clock.stopWhen(() => sandbox.held === 2);
	cancel();
	const cancelled = await finished;
	clock.goOn();
	const { items } = await cancelled.retry();
	await expectOwnFiles(sandbox, items);
	expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2, delivered: 2 });
});
