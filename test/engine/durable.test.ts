import { NodeHelpers } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { InternalRole } from '../../nodes/Veo/parameters/task';
import { newState } from '../../nodes/Veo/pause/state';
import type { PausedState, PausedVideo } from '../../nodes/Veo/pause/state';
import { newData } from '../../nodes/Veo/pause/step';
import type { InternalData } from '../../nodes/Veo/pause/step';
import { limits } from '../../nodes/Veo/limits';
import { Veo } from '../../nodes/Veo/Veo.node';
import { replies } from '../sandbox/server';
import type { Fault, FaultRule, SandboxOptions } from '../sandbox/server';
import type { RunOptions } from '../support/engine';
import { recordSubExecutions } from '../support/paused';
import type { Answer } from '../support/paused';
import { prompts, setUp } from '../support/setUp';

const durable = { options: { waitMode: 'durable' } };
const onError = { onError: 'continueRegularOutput' } as const;

/** The first video is paid for when the second is rejected, which happens only once. */
const secondIsRejected = {
	items: prompts('a', 'b'),
	parameters: { options: { ...durable.options, maxConcurrent: 1 } },
};
const rejectedOnce: FaultRule = {
	call: 'create',
	prompt: 'b',
	times: 1,
	fault: { kind: 'reply', status: 400 },
};

type Json = PausedState | IDataObject;

type StepOptions = Partial<RunOptions> & { changed?: Partial<InternalData> };

/** A setup that only records sub-executions; they pause, return the given items, or fail. */
async function withSubExecutions(
	options: SandboxOptions = {},
	answer?: Answer,
	subCredential?: ICredentialDataDecryptedObject,
) {
	const setup = await setUp(options);
	const { started, executeWorkflow } = recordSubExecutions(setup, answer, subCredential);
	const run = async (given: Partial<RunOptions> = {}) =>
		await setup.run({ executeWorkflow, ...given });
	const internal: InternalData = newData({
		stopsOnError: true,
		maxConcurrent: 5,
		credentials: { cometApiVeoApi: { id: '1', name: 'CometAPI' } },
		keptIn: '1',
	});
	/** Runs a step of the sub-executions. */
	const step = async (
		internalRole: InternalRole,
		items: Json[],
		{ changed, ...given }: StepOptions = {},
	) =>
		await run({
			items: items.map((json) => ({ json: json as unknown as IDataObject })),
			...given,
			parameters: {
				operation: 'retrieve',
				internalRole,
				internalData: JSON.stringify({ ...internal, ...changed }),
			},
		});
	return { ...setup, run, step, started, internal };
}

/** One paused video whose task takes 100 seconds. */
async function withPaused(
	changed: Partial<PausedVideo> = {},
	options: SandboxOptions = {},
	answer?: Answer,
) {
	const setup = await withSubExecutions({ jobMs: 100_000, ...options }, answer);
	await setup.run({ parameters: { operation: 'create' } });
	const [{ id }] = setup.sandbox.tasks;
	const video: PausedVideo = {
		taskId: id,
		createdAt: setup.clock.now(),
		deadline: setup.clock.now() + 900_000,
		timeoutMin: 15,
		intervalMs: 5_000,
		returnsTask: false,
		output: { binaryField: 'film', fileName: 'sea', isLinkWanted: false },
		...changed,
	};
	const output = { id, status: 'queued' };
	const paused = newState({ itemIndexes: [0], output, video, isWaiting: true });
	const done = newState({ itemIndexes: [1], output: { id: 'task_done', status: 'completed' } });
	return { ...setup, id, paused, done, video };
}

const stateOf = ({ json }: INodeExecutionData) => json as unknown as PausedState;

/** The items that the download step returns. */
const downloaded = (items: INodeExecutionData[]): INodeExecutionData[] =>
	items.map(({ json }) => ({
		json: newState({
			itemIndexes: (json as unknown as PausedState).itemIndexes,
			output: { isFile: true },
		}) as unknown as IDataObject,
		binary: { film: { data: '', mimeType: 'video/mp4' } },
	}));

const posts = ({ requests }: { requests: Array<{ call: string }> }) =>
	requests.filter(({ call }) => call === 'create').length;

describe('a paused execution', () => {
	it('creates all videos before it pauses, and returns the tasks meanwhile (n8n ≥ 2.41)', async () => {
		const { run, sandbox, started } = await withSubExecutions();
		const first = await run({ items: prompts('a', 'b'), parameters: durable });
		expect(first.status).toBe('waiting');
		expect(sandbox.tasks.map(({ prompt }) => prompt).sort()).toEqual(['a', 'b']);
		expect(started).toMatchObject([
			{
				name: 'Wait for videos',
				parent: { executionId: first.executionId, workflowId: 'workflow', shouldResume: true },
			},
		]);
		const ids = ['a', 'b'].map(
			(wanted) => sandbox.tasks.find(({ prompt }) => prompt === wanted)!.id,
		);
		expect(started[0].items.map(({ json }) => json)).toMatchObject([
			{ output: { id: ids[0] }, video: { taskId: ids[0] }, itemIndexes: [0], isWaiting: true },
			{ output: { id: ids[1] }, video: { taskId: ids[1] }, itemIndexes: [1], isWaiting: true },
		]);
		expect(first.items.map(({ json }) => json)).toMatchObject([
			{ id: ids[0], task_id: ids[0], prompt: 'a', requested_model: 'veo3-fast' },
			{ id: ids[1], task_id: ids[1], prompt: 'b', requested_model: 'veo3-fast' },
		]);
		expect(JSON.stringify(first.items)).not.toContain('isWaiting');
	});

	it('is saved within 2 s of the lookup of models, which may hang (n8n ≥ 2.41)', async () => {
		const { run, sandbox, clock } = await withSubExecutions({
			latencyMs: 1_500,
			faults: [{ call: 'catalogue', fault: { kind: 'hang' } }],
		});
		const startedAt = clock.now();
		expect((await run({ parameters: durable })).status).toBe('waiting');
		expect(sandbox.tasks).toHaveLength(1);
		expect(clock.now() - startedAt).toBeLessThanOrEqual(limits.modelLookupMs);
	});

	it('does not contain the key', async () => {
		const { run, sandbox, started } = await withSubExecutions();
		await run({ items: prompts('a'), parameters: durable });
		expect(JSON.stringify(started)).not.toContain(sandbox.apiKey);
	});

	it('is not paused when an item stops the node, and reuses its tasks in a retry (n8n ≥ 2.41)', async () => {
		const { run, sandbox, started } = await withSubExecutions({ faults: [rejectedOnce] });
		const first = await run(secondIsRejected);
		expect(first.status).toBe('error');
		expect(started).toHaveLength(0);
		const second = await first.retry();
		expect(second.status).toBe('waiting');
		expect(posts(sandbox)).toBe(3);
		expect(sandbox.tasks).toHaveLength(2);
	});

	it('creates a failed video again in a retry (n8n ≥ 2.41)', async () => {
		const { run, sandbox, clock } = await withSubExecutions({
			outcome: (index) => (index === 0 ? { error: { code: 'x', message: 'No' } } : 'completed'),
			jobMs: 1_000,
			faults: [rejectedOnce],
		});
		const first = await run(secondIsRejected);
		await clock.sleep(60_000);
		const second = await first.retry();
		expect(second.error?.message).toBe('Veo could not generate the video: No [item 0]');
		expect((await second.retry()).status).toBe('waiting');
		expect(sandbox.tasks.map(({ prompt }) => prompt).sort()).toEqual(['a', 'a', 'b']);
	});

	it('is not paused when there is nothing to wait for (n8n ≥ 2.41)', async () => {
		const { run, started } = await withSubExecutions();
		const { items } = await run({ items: prompts(''), parameters: durable, settings: onError });
		expect(items).toMatchObject([{ json: { error: "'Prompt' is empty" } }]);
		expect(started).toHaveLength(0);
	});

	it('pauses once with a failed first item and Retry On Fail (n8n ≥ 2.41)', async () => {
		const { run, started } = await withSubExecutions();
		const { status } = await run({
			items: prompts('', 'b'),
			parameters: durable,
			settings: { ...onError, retryOnFail: true },
		});
		expect(status).toBe('waiting');
		expect(started).toHaveLength(1);
		const [failed, paused] = started[0].items;
		expect(failed.json).toMatchObject({
			output: { error: "'Prompt' is empty" },
			itemIndexes: [0],
			isWaiting: false,
		});
		expect(stateOf(paused).isWaiting).toBe(true);
	});

	it.each([
		['stops', {}],
		['continues', onError],
	])(
		'names its tasks when n8n refuses the sub-execution and the node %s (n8n ≥ 2.41)',
		async (_, settings) => {
			const { run, sandbox } = await withSubExecutions({}, new Error('It may not be called'));
			const { error, items, hints, status } = await run({ parameters: durable, settings });
			const [{ id }] = sandbox.tasks;
			const text = error
				? `${error.message} | ${error.description}`
				: `${items[0].json.error as string} | ${items[0].json.message as string}`;
			expect(text).toContain(
				'The pause of the execution has ended: n8n could not start its sub-execution',
			);
			expect(text).toContain('n8n says: It may not be called');
			const retry = error ? 'retry this execution in the Executions tab, or ' : '';
			expect(text).toContain(`still available: ${retry}use 'Retrieve Video' with task ID ${id}`);
			expect(status).toBe(error ? 'error' : 'success');
			expect(hints).toEqual(error ? [] : ["1 of 1 items failed. See 'error' in their JSON"]);
		},
	);
});

describe('before a paused execution pays for anything', () => {
	it('refuses a credential that resolves to another key in its sub-executions (n8n ≥ 2.41)', async () => {
		const { run, sandbox, started } = await withSubExecutions({}, undefined, {
			apiKey: 'sk-other',
		});
		const { error } = await run({ parameters: durable });
		expect(error?.message).toContain(
			'its credential has an expression that only this workflow can resolve',
		);
		expect(sandbox.requests).toHaveLength(0);
		expect(started).toHaveLength(0);
	});

	it('refuses an n8n that does not start its sub-executions (n8n ≥ 2.41)', async () => {
		const { run, sandbox } = await setUp();
		const executeWorkflow = async () => await Promise.reject(new Error('It may not be called'));
		const { error } = await run({ parameters: durable, executeWorkflow });
		expect(error?.message).toContain('n8n could not start a sub-execution');
		expect(error?.description).toContain('n8n says: It may not be called');
		expect(sandbox.requests).toHaveLength(0);
	});
});

describe('the sub-executions of a paused execution', () => {
	it.each(['supervise (n8n ≥ 2.41)', 'collect (n8n ≥ 2.41)', 'sleep'])(
		'have no credential and no workflow settings in the step %s',
		async (name) => {
			const [role] = name.split(' ');
			const { run, step, started, paused } = await withPaused();
			await run({ parameters: durable, workflowSettings: { saveDataSuccessExecution: 'none' } });
			await step('supervise', [paused]);
			const nodes = started.flatMap((each) => each.nodes);
			const node = nodes.find(({ parameters }) => parameters.internalRole === role)!;
			expect(node.credentials).toBeUndefined();
			for (const { settings } of started) {
				expect(settings).toMatchObject({
					callerPolicy: 'workflowsFromSameOwner',
					saveDataSuccessExecution: 'all',
					saveDataErrorExecution: 'all',
					executionTimeout: -1,
				});
			}
		},
	);

	it('check with the credential of the node', async () => {
		const { step, started, paused, internal } = await withPaused();
		const { executionId, status } = await step('supervise', [paused]);
		expect(status).toBe('waiting');
		const [{ name, nodes, parent }] = started;
		expect(name).toBe('Check videos');
		expect(parent).toMatchObject({ executionId, shouldResume: true });
		const check = nodes.find(({ parameters }) => parameters.internalRole === 'check')!;
		expect(check.credentials).toEqual(internal.credentials);
	});
});

it('the steps of the sub-executions that have no credential need none (n8n ≥ 2.41)', async () => {
	const { run, step, started, paused } = await withPaused();
	await run({ items: prompts('a'), parameters: durable });
	await step('supervise', [paused]);
	const { description } = new Veo();
	const nodes = started
		.flatMap((one) => one.nodes)
		.filter(({ parameters }) => parameters.internalRole);
	expect(nodes).toHaveLength(4);
	for (const node of nodes) {
		const [credential] = description.credentials!;
		const isWanted = NodeHelpers.displayParameter(node.parameters, credential, node, description);
		expect(isWanted).toBe(node.credentials !== undefined);
	}
});

describe('a sub-execution that is killed while it resumes', () => {
	const said =
		'The pause of the execution has ended: n8n was stopped while it continued the execution';

	it('ends with an error that names the tasks', async () => {
		const { step, paused, id } = await withPaused();
		const { stored } = await step('supervise', [paused]);
		const { error } = JSON.parse(stored).resultData;
		expect(error.message).toBe(`${said} [item 0]`);
		expect(error.description).toContain(`use 'Retrieve Video' with task ID ${id}`);
	});

	it('returns errors that name the tasks if the node continues on errors', async () => {
		const { step, paused, done, id } = await withPaused();
		const { items, stored } = await step('supervise', [done, paused], {
			changed: { stopsOnError: false },
		});
		expect(JSON.parse(stored).resultData.error).toBeUndefined();
		expect(items.map(({ json }) => json)).toMatchObject([
			{ id: 'task_done' },
			{ error: said, details: { taskId: id } },
		]);
	});
});

describe('a check of paused videos', () => {
	it('keeps an unfinished video paused for another minute', async () => {
		const { step, paused, started, clock } = await withPaused();
		const { items } = await step('check', [paused]);
		expect(stateOf(items[0])).toMatchObject({ isWaiting: true });
		const waitMs = stateOf(items[0]).checkAt! - clock.now();
		expect(Math.abs(waitMs - limits.pausedCheckMs)).toBeLessThan(1_000);
		expect(started).toHaveLength(0);
	});

	it('is scheduled for the end estimated from progress', async () => {
		const { step, paused, clock, video } = await withPaused();
		await clock.sleep(65_000);
		const { items } = await step('check', [paused]);
		const endsAt = video.createdAt + 100_000;
		// progress advances in coarse steps
		expect(Math.abs(stateOf(items[0]).checkAt! - endsAt)).toBeLessThan(20_000);
	});

	it('keeps polling a video that is almost finished', async () => {
		const { step, paused, clock, video } = await withPaused({}, {}, downloaded);
		await clock.sleep(80_000);
		const { items } = await step('check', [paused]);
		expect(items[0]).toMatchObject({ json: { output: { isFile: true } }, binary: { film: {} } });
		expect(clock.now() - video.createdAt).toBeLessThan(106_000);
	});

	it('downloads the files of all finished videos together for the paused execution', async () => {
		const { step, paused, done, started, clock, id } = await withPaused({}, {}, downloaded);
		await clock.sleep(101_000);
		const { items } = await step('check', [paused, done, paused]);
		expect(items.map(({ json }) => json)).toEqual([
			newState({ itemIndexes: [0], output: { isFile: true } }),
			done,
			newState({ itemIndexes: [0], output: { isFile: true } }),
		]);
		const [{ name, parent, settings, items: wanted }] = started;
		expect(started).toHaveLength(1);
		expect(name).toBe('Download videos');
		expect(parent).toMatchObject({ executionId: '1', workflowId: 'workflow', shouldResume: false });
		expect(settings).toMatchObject({ saveDataSuccessExecution: 'none' });
		expect(wanted.map(({ json }) => json)).toMatchObject(
			Array(2).fill({ video: { taskId: id, output: { binaryField: 'film', fileName: 'sea' } } }),
		);
	});

	it('links to the stored file, with a hint if others cannot open the link (n8n ≥ 2.41)', async () => {
		const answer = (items: INodeExecutionData[]) => {
			const [{ json }] = downloaded(items);
			return [{ json, binary: { film: { data: '', id: 'filesystem-v2:1', mimeType: '' } } }];
		};
		const output = { binaryField: 'film', fileName: 'sea', isLinkWanted: true };
		const { step, paused, clock } = await withPaused({ output }, {}, answer);
		await clock.sleep(101_000);
		const address = 'http://localhost:5678';
		const { items } = await step('check', [paused], { address });
		expect(items[0].json).toMatchObject({
			output: { file_url: expect.stringContaining(address) },
			hint: 'localLink',
		});
	});

	it('returns the task when no file is wanted', async () => {
		const output = { fileName: '', isLinkWanted: false };
		const { step, paused, started, clock, id } = await withPaused({ output });
		await clock.sleep(101_000);
		const { items } = await step('check', [paused]);
		expect(items[0].json).toMatchObject({ output: { id, status: 'completed' }, isWaiting: false });
		expect(started).toHaveLength(0);
	});

	it('keeps a video paused while CometAPI is unavailable, and waits for it only briefly', async () => {
		const { step, paused, sandbox, clock } = await withPaused();
		sandbox.faults.push({ call: 'retrieve', fault: { kind: 'reply', status: 502 } });
		const startedAt = clock.now();
		const { items } = await step('check', [paused]);
		expect(stateOf(items[0]).isWaiting).toBe(true);
		expect(clock.now() - startedAt).toBeLessThan(limits.pausedCheckRetryMs + 5_000);
	});

	it.each<[string, Fault]>([
		['304', replies.notModified],
		['403 with a page', replies.challengePage],
		['408', replies.requestTimeout],
		['409', replies.conflict],
		['425', replies.tooEarly],
		['an error as 200', replies.contentPolicy200],
		['a task that is not known yet', replies.taskNotExist],
	])('waits for temporary conditions to pass: %s', async (_name, fault) => {
		const { step, paused, sandbox } = await withPaused();
		sandbox.faults.push({ call: 'retrieve', nth: [1, 2], fault });
		expect(stateOf((await step('check', [paused])).items[0]).isWaiting).toBe(true);
		expect(sandbox.counts().retrieves).toBe(3);
	});

	it.each<[string, Fault, string]>([
		['an unknown task, as 400', replies.taskNotExist, 'unknownTask'],
		['an unknown task, as 404', replies.taskNotExist404, 'unknownTask'],
		['a rejected key', replies.unauthorized, 'unauthorized'],
		['a refusal', replies.forbidden, 'forbidden'],
		['only an error', replies.contentPolicy200, 'taskError'],
	])('ends a video after a minute without other responses than %s', async (_name, fault, kind) => {
		const { step, paused, sandbox, clock, id } = await withPaused({}, { jobMs: Infinity });
		sandbox.faults.push({ call: 'retrieve', fault });
		let items: INodeExecutionData[] = [{ json: paused as unknown as IDataObject }];
		for (const isLast of [false, true]) {
			await clock.sleep(65_000);
			({ items } = await step(
				'check',
				items.map(({ json }) => json),
			));
			expect(stateOf(items[0]).isWaiting).toBe(!isLast);
		}
		expect(stateOf(items[0]).failure).toMatchObject({ kind, data: { taskId: id } });
		const { error } = await step(
			'collect',
			items.map(({ json }) => json),
		);
		expect(error?.description).toContain("'Retrieve Video'");
		expect(error?.description).toContain(id);
	});

	it('forgets an odd response as soon as the task is found again', async () => {
		const { step, paused, sandbox } = await withPaused();
		sandbox.faults.push({ call: 'retrieve', fault: replies.taskNotExist });
		const [first] = (await step('check', [paused])).items;
		// once, however often the check has asked
		expect(sandbox.counts().retrieves).toBeGreaterThan(2);
		expect(stateOf(first).video?.odd).toMatchObject({ kind: 'unknownTask', count: 1 });
		sandbox.faults = [];
		const [second] = (await step('check', [first.json])).items;
		expect(stateOf(second).video?.odd).toBeUndefined();
	});

	it('forgets an odd response of a task that is finished, while its file is not ready', async () => {
		const { step, paused, sandbox, clock } = await withPaused({}, {}, (items) => items);
		sandbox.faults.push({ call: 'retrieve', fault: replies.taskNotExist });
		const [first] = (await step('check', [paused])).items;
		sandbox.faults = [];
		await clock.sleep(101_000);
		const [second] = (await step('check', [first.json])).items;
		expect(stateOf(second)).toMatchObject({ isWaiting: true, output: { status: 'completed' } });
		expect(stateOf(second).video?.odd).toBeUndefined();
	});

	it('tries a file again at the next check', async () => {
		const { step, paused, clock } = await withPaused({}, {}, (items) => items);
		await clock.sleep(101_000);
		const { items } = await step('check', [paused]);
		expect(stateOf(items[0]).isWaiting).toBe(true);
	});

	it('returns permanent failures as data', async () => {
		const { step, paused, done, id } = await withPaused({ deadline: 0 });
		const { items, status } = await step('check', [done, paused]);
		expect(status).toBe('success');
		expect(items[0].json).toEqual(done);
		expect(stateOf(items[1])).toMatchObject({
			isWaiting: false,
			failure: { kind: 'timedOut', data: { taskId: id, timeoutMin: 15 } },
		});
	});

	it.each([true, false])(
		'stops waiting for other videos after a failed one: %s',
		async (stopsOnError) => {
			const { step, paused, video } = await withPaused({ deadline: 0 });
			const other = { ...paused, video: { ...video, deadline: 1e15 } };
			const { items } = await step('check', [paused, other], { changed: { stopsOnError } });
			expect(stateOf(items[1]).isWaiting).toBe(!stopsOnError);
		},
	);

	it.each([undefined, replies.unavailable])(
		'returns the unfinished task at the deadline with Return Task: %j',
		async (fault) => {
			const faults: FaultRule[] = fault ? [{ call: 'retrieve', fault }] : [];
			const { step, paused, id } = await withPaused({ deadline: 0, returnsTask: true }, { faults });
			const { items } = await step('check', [paused]);
			expect(items[0].json).toMatchObject({ output: { id }, isWaiting: false, hint: 'unfinished' });
		},
	);

	it('reports what CometAPI said last if the last check gets no status', async () => {
		const said = { kind: 'reply', status: 503, message: 'Maintenance until noon' } as const;
		const faults: FaultRule[] = [{ call: 'retrieve', fault: said }];
		const { step, paused, id } = await withPaused({ deadline: 0 }, { faults });
		const { items } = await step('check', [paused]);
		expect(stateOf(items[0]).failure).toMatchObject({
			kind: 'timedOut',
			data: { taskId: id, reason: expect.stringContaining('Maintenance until noon') },
		});
	});
});

describe('the last check of a paused video gets odd responses', () => {
	const FIRST = 1;

	/** The server is busy at first, so that the odd responses last for less than a minute. */
	const forLessThanAMinute = (fault: Fault): FaultRule[] => [
		{
			call: 'retrieve',
			nth: FIRST,
			fault: { kind: 'reply', status: 502, headers: { 'retry-after': '50' } },
		},
		{ call: 'retrieve', fault },
	];

	it.each([replies.taskNotExist, replies.unauthorized])(
		'for less than a minute: the video is late, and its task kept',
		async (fault) => {
			const { step, paused, id } = await withPaused(
				{ deadline: 0 },
				{ faults: forLessThanAMinute(fault) },
			);
			const { items } = await step('check', [paused]);
			expect(stateOf(items[0]).failure).toMatchObject({ kind: 'timedOut', data: { taskId: id } });
		},
	);

	it('for less than a minute: the task is returned with Return Task', async () => {
		const { step, paused, id } = await withPaused(
			{ deadline: 0, returnsTask: true },
			{ faults: forLessThanAMinute(replies.taskNotExist) },
		);
		const { items } = await step('check', [paused]);
		expect(items[0].json).toMatchObject({ output: { id }, isWaiting: false, hint: 'unfinished' });
	});

	it('for a minute: the task is unknown, even if the first request timed out', async () => {
		const { step, paused, sandbox } = await withPaused({ deadline: 0 });
		sandbox.faults.push({ call: 'retrieve', nth: FIRST, fault: { kind: 'hang' } });
		sandbox.faults.push({ call: 'retrieve', fault: replies.taskNotExist });
		const { items } = await step('check', [paused]);
		expect(stateOf(items[0]).failure).toMatchObject({ kind: 'unknownTask' });
	});

	it('for a minute, together with the check before', async () => {
		const { step, paused, sandbox, clock, video } = await withPaused({}, { jobMs: Infinity });
		sandbox.faults.push({ call: 'retrieve', fault: replies.taskNotExist });
		const [first] = (await step('check', [paused])).items;
		await clock.sleep(55_000);
		const { odd } = stateOf(first).video!;
		const late = { ...stateOf(first), video: { ...video, odd, deadline: 0 } };
		const startedAt = clock.now();
		const [second] = (await step('check', [late])).items;
		expect(stateOf(second).failure?.kind).toBe('unknownTask');
		expect(clock.now() - startedAt).toBeLessThan(limits.oddResponses.overMs);
	});
});

it('a file is downloaded later if its task is not found for less than a minute', async () => {
	const { step, paused, sandbox } = await withPaused();
	const busy = { kind: 'reply', status: 502, headers: { 'retry-after': '50' } } as const;
	sandbox.faults.push({ call: 'retrieve', nth: 1, fault: busy });
	sandbox.faults.push({ call: 'retrieve', fault: replies.taskNotExist });
	const { items } = await step('download', [paused]);
	expect(stateOf(items[0])).toMatchObject({ isWaiting: true });
});

describe('the state of a newer version of the package', () => {
	it.each<InternalRole>(['collect', 'supervise', 'sleep', 'check', 'download'])(
		'ends the step %s with an error that names the tasks',
		async (role) => {
			const { step, paused, id, started, sandbox } = await withPaused();
			const { error } = await step(role, [{ ...paused, version: 2 }]);
			expect(error?.message).toBe(
				'A newer version of this node has started this execution [item 0]',
			);
			expect(error?.description).toContain(`'Retrieve Video': ${id}`);
			expect(started).toHaveLength(0);
			expect(sandbox.counts().retrieves).toBe(0);
		},
	);

	it.each(['later', 'constructor', 'toString'])('ends an unknown step: %s', async (role) => {
		const { step, paused, id } = await withPaused();
		const { error } = await step(role as InternalRole, [paused]);
		expect(error?.message).toContain('A newer version of this node');
		expect(error?.description).toContain(id);
	});

	it('ends a step with newer data', async () => {
		const { step, paused, id } = await withPaused();
		const { error } = await step('check', [paused], { changed: { version: 2 } });
		expect(error?.message).toContain('A newer version of this node');
		expect(error?.description).toContain(id);
	});
});

describe('the end of a wait', () => {
	it('returns the videos, each with its input items', async () => {
		const { step, done } = await withPaused();
		const both = newState({ itemIndexes: [0, 2], output: { id: 'b' } });
		const { items } = await step('collect', [done, both]);
		expect(items).toEqual([
			{ json: { id: 'task_done', status: 'completed' }, pairedItem: { item: 1 } },
			{ json: { id: 'b' }, pairedItem: [{ item: 0 }, { item: 2 }] },
		]);
	});

	it('returns what was asked for, with a video that was just downloaded', async () => {
		const asked = { prompt: 'A kite', model: 'veo3', estimatedCostUsd: 0.5 };
		const { step, paused, clock } = await withPaused({}, {}, (items) =>
			items.map(({ json }) => ({ json: { ...json, isWaiting: false, output: { id: 'a' } } })),
		);
		await clock.sleep(101_000);
		const checked = await step('check', [{ ...paused, asked }]);
		const { items } = await step('collect', [checked.items[0].json]);
		expect(items.map(({ json }) => json)).toEqual([
			{ id: 'a', prompt: 'A kite', requested_model: 'veo3', estimated_cost_usd: 0.5 },
		]);
		const downloaded = await step('download', [{ ...paused, asked }]);
		expect(downloaded.items[0].json).toMatchObject({ asked, isWaiting: false });
	});

	it('repeats a killed check with the items from before it', async () => {
		const { step, paused, done } = await withPaused();
		const { items } = await step('collect', [paused, done]);
		expect(items.map(({ json }) => json)).toEqual([paused, done]);
	});

	it('names the tasks when the check was killed too often', async () => {
		const { step, paused, id } = await withPaused();
		jest.replaceProperty(limits, 'maxKilledChecks', 2);
		const { error } = await step('collect', [paused], { rounds: 3 });
		expect(error?.message).toBe(
			'The pause of the execution has ended: its check was cut short 2 times in a row [item 0]',
		);
		expect(error?.description).toContain(`use 'Retrieve Video' with task ID ${id}`);
	});

	it.each([
		['ends with an error that names all tasks', {}, true],
		['gives out an error for the item alone', onError, false],
	])('%s when a video fails', async (_, settings, stopsOnError) => {
		const { step, paused, done, id } = await withPaused();
		const failure = { kind: 'timedOut', data: { taskId: id, timeoutMin: 15 } };
		const failed = { ...paused, isWaiting: false, failure };
		const { error, items } = await step('collect', [done, failed], {
			settings,
			changed: { stopsOnError },
		});
		const text = 'The video was not finished within 15 minutes';
		if (stopsOnError) {
			expect(error?.message).toBe(`${text} [item 0]`);
			expect(error?.description).toContain(`'Retrieve Video' with task ID ${id}`);
			expect(error?.description).toContain(
				"Already paid for; get them with 'Retrieve Video': task_done",
			);
			expect(error?.description).not.toMatch(/\bretry\b/i);
		} else {
			expect(items[0].json).toEqual({ id: 'task_done', status: 'completed' });
			expect(items[1].json).toMatchObject({ error: text, details: { taskId: id } });
		}
	});

	it('waits again for a failed video when a person retries it', async () => {
		const { step, paused, id } = await withPaused();
		const failure = { kind: 'timedOut', data: { taskId: id, timeoutMin: 15 } };
		const failed = { ...paused, isWaiting: false, failure };
		const first = await step('collect', [failed as Json]);
		expect(first.status).toBe('error');
		const { items } = await first.retry();
		expect(stateOf(items[0])).toMatchObject({ isWaiting: true, video: { taskId: id } });
		expect(stateOf(items[0]).failure).toBeUndefined();
	});

	it('counts odd responses again when a person retries it', async () => {
		const { step, paused, sandbox, clock } = await withPaused({}, { jobMs: Infinity });
		sandbox.faults.push({ call: 'retrieve', fault: replies.taskNotExist });
		let [item] = (await step('check', [paused])).items;
		await clock.sleep(65_000);
		[item] = (await step('check', [item.json])).items;
		const first = await step('collect', [item.json]);
		expect(first.error?.message).toContain("CometAPI can't find this task");
		await clock.sleep(3_600_000);
		const [again] = (await first.retry()).items;
		const { items } = await step('check', [again.json]);
		expect(stateOf(items[0]).isWaiting).toBe(true);
	});

	it('keeps waiting when the first check after a retry is killed', async () => {
		const { step, paused, id } = await withPaused();
		const failure = { kind: 'timedOut', data: { taskId: id, timeoutMin: 15 } };
		const first = await step('collect', [{ ...paused, isWaiting: false, failure } as Json]);
		const again = await first.retry();
		const saved = JSON.parse(first.stored);
		saved.executionData.contextData = JSON.parse(again.stored).executionData.contextData;
		saved.executionData.nodeExecutionStack[0].data.main[0] = [{ json: { error: 'Crashed' } }];
		const killed = await first.retry({}, JSON.stringify(saved));
		expect(stateOf(killed.items[0])).toMatchObject({ isWaiting: true, video: { taskId: id } });
	});

	it('has a hint that names the tasks not finished in time', async () => {
		const { step, id } = await withPaused();
		const { hints } = await step('collect', [
			newState({ itemIndexes: [0], output: { id }, hint: 'unfinished' }),
		]);
		expect(hints).toEqual([expect.stringContaining(id)]);
	});

	it('has the hints of the run that was paused (n8n ≥ 2.41)', async () => {
		const { run, step, started } = await withSubExecutions();
		const model = { __rl: true, mode: 'id', value: 'veo1' };
		await run({ parameters: { ...durable, model, size: '1920x1080' } });
		const [{ internalData }] = started[0].nodes
			.map(({ parameters }) => parameters as { internalData?: string })
			.filter((parameters) => parameters.internalData);
		const { hints } = JSON.parse(internalData!) as InternalData;
		expect(hints).toEqual([
			expect.stringContaining("Not in CometAPI's list of models now: veo1"),
			expect.stringContaining('8 seconds at 1920x1080'),
		]);
		const done = newState({ itemIndexes: [0], output: { id: 'a' } });
		expect((await step('collect', [done], { changed: { hints } })).hints).toEqual(hints);
	});

	it('has a hint that counts the failed items', async () => {
		const { step, id } = await withPaused();
		const failure = { kind: 'timedOut', data: { taskId: id, timeoutMin: 15 } } as const;
		const items = [
			newState({ itemIndexes: [0], output: { id } }),
			newState({ itemIndexes: [1], output: { error: 'Before the pause' } }),
			newState({ itemIndexes: [2], output: { id }, failure }),
		];
		const { hints } = await step('collect', items, { changed: { stopsOnError: false } });
		expect(hints).toEqual(["2 of 3 items failed. See 'error' in their JSON"]);
	});

	it.each([
		['a file without a link', 'withoutLink', 'No file link'],
		["a link to n8n's own machine", 'localLink', "n8n's own machine only"],
	] as const)('has a hint for %s', async (_, hint, text) => {
		const { step, id } = await withPaused();
		const { hints } = await step('collect', [newState({ itemIndexes: [0], output: { id }, hint })]);
		expect(hints).toEqual([expect.stringContaining(text)]);
	});
});
