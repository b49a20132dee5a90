import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { fromPrompts, type Step } from '../../../scripts/n8n/workflow';
import type { FaultRule, SandboxOptions } from '../../sandbox/server';
import { expectOwnVideos } from './expectVideos';
import {
	deleteSubExecutions,
	pausing,
	startPaused,
	subExecutionsOf,
	untilEnded,
	type Ended,
	type Paused,
} from './paused';
import type { TestContext } from './setUp';
import { MINUTES, until } from './until';

/** The moments of an execution at which n8n is stopped; three kills cover all of them. */
export const MOMENTS = [
	'while it is paused',
	'in a check',
	'in a download',
	'in two checks in a row',
	'in two downloads in a row',
	'in the next node',
] as const;

type Moment = (typeof MOMENTS)[number];

/** All moments except the next node: n8n loses executions that are running when it is stopped. */
export const SURVIVED_MOMENTS = MOMENTS.filter((moment) => moment !== 'in the next node');

/** CometAPI does not respond, or stops in the middle of a file, until n8n is stopped. */
const slow = (call: 'retrieve' | 'file', moment: Moment): FaultRule => ({
	call,
	prompt: `${moment}, slow`,
	fault: { kind: call === 'file' ? 'stalled' : 'hang' },
});

const SLOW_TWICE = [
	slow('retrieve', 'in two checks in a row'),
	slow('file', 'in two downloads in a row'),
];
const SLOW = [slow('retrieve', 'in a check'), slow('file', 'in a download'), ...SLOW_TWICE];
/** Shorter than the 30 seconds after which this node gives up on a request. */
const SLOW_MS = 20_000;

export const killSandbox = (): SandboxOptions => ({ jobMs: 5_000, faults: [...SLOW] });

/** Runs until n8n is killed, like the slow upload of a video. */
const SLOW_STEP: Step = {
	name: 'Next',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	// from 65 seconds on, n8n would pause the execution
	parameters: { amount: 60, unit: 'seconds' },
};

type Kill = () => Promise<void>;

/** For each moment, starts an execution with a slow and a normal video. Stops n8n three times. */
export async function surviveKills(
	context: TestContext,
	[afterPausing, atFirstCheck, atSecondCheck]: [Kill, Kill, Kill],
	moments: readonly Moment[] = MOMENTS,
): Promise<Ended[]> {
	const started = await Promise.all(
		moments.map(async (moment) => await start(context, moment, nextOf(moment))),
	);
	const untilOnlySlow = async (rules: FaultRule[]) => {
		const isSlowOne = ({ name }: Paused) => rules.some(({ prompt }) => prompt?.startsWith(name));
		const others = started.filter((each) => !isSlowOne(each));
		const isEnough = (each: Paused) => (nextOf(each.name).length > 0 ? 'running' : undefined);
		await Promise.all(others.map(async (each) => await untilEnded(context, each, isEnough(each))));
		await until('the slow requests', () => isSlow(context, rules), MINUTES);
	};
	await afterPausing();
	await untilOnlySlow(SLOW);
	await atFirstCheck();
	context.sandbox.faults = [...SLOW_TWICE];
	await untilOnlySlow(SLOW_TWICE);
	await atSecondCheck();
	context.sandbox.faults = [];
	return await Promise.all(started.map(async (each) => await untilEnded(context, each)));
}

const CONTINUED = 5;

/** Ends n8n while it resumes executions whose videos are finished. */
export async function surviveKillAtEnd(context: TestContext, kill: Kill): Promise<Ended[]> {
	const started = await Promise.all(
		Array.from({ length: CONTINUED }, async (_, nth) => await start(context, `at the end ${nth}`)),
	);
	const hasEndedCheck = async () =>
		(await subExecutionsOf(context, started[0].workflow)).some(
			({ status }) => status === 'success',
		);
	// the kill must follow immediately
	await until('the end of a check', hasEndedCheck, { ...MINUTES, everyMs: 100 });
	await kill();
	return await Promise.all(started.map(async (each) => await untilEnded(context, each)));
}

const promptsOf = (name: string) => [`${name}, slow`, `${name}, ordinary`];

const tasksOf = ({ sandbox }: TestContext, name: string) =>
	promptsOf(name).map((wanted) => sandbox.tasks.filter(({ prompt }) => prompt === wanted));

const nextOf = (name: string): Step[] => (name === 'in the next node' ? [SLOW_STEP] : []);

const start = async (context: TestContext, name: string, next: Step[] = []) =>
	await startPaused(context, name, [
		...fromPrompts(...promptsOf(name)),
		pausing(context.credential),
		...next,
	]);

/** Whether a request of each kind is waiting for CometAPI now. */
const isSlow = ({ sandbox }: TestContext, rules: FaultRule[]) =>
	rules.every(({ call, prompt }) =>
		sandbox.requests.some(
			(request) =>
				request.call === call &&
				request.atMs > Date.now() - SLOW_MS &&
				sandbox.tasks.find(({ id }) => id === request.taskId)?.prompt === prompt,
		),
	);

/** Expects all videos and nothing else: complete, in input order and each paid for once. */
export async function expectDelivered(context: TestContext, survivor: Ended): Promise<void> {
	const { name, workflow, execution } = survivor;
	const { status, error } = execution;
	expect({ status, error }).toEqual({ status: 'success' });
	const tasks = tasksOf(context, name);
	expect(tasks.map((each) => each.length)).toEqual([1, 1]);
	const items = execution.itemsOf(nextOf(name)[0]?.name ?? 'Veo');
	expect(items.map(({ json }) => json.id)).toEqual(tasks.flat().map(({ id }) => id));
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	expect(JSON.stringify(items)).not.toContain('isWaiting');
	await expectOwnVideos(context, items);
	await deleteSubExecutions(context, workflow);
	await expectOwnVideos(context, items);
}

/** Retries an execution that n8n lost while resuming it. */
export async function retried(context: TestContext, survivor: Ended): Promise<Ended> {
	expect(survivor.execution.status).toBe('crashed');
	const id = await context.rest.retry(survivor.id);
	return { ...survivor, execution: await context.rest.execution(id) };
}

/**
 * In queue mode, n8n drops the data of an execution whose worker is killed while it resumes. The
 * sub-executions that waited for the videos still have them.
 */
export async function expectKept(context: TestContext, survivor: Ended): Promise<void> {
	const { name, workflow, execution } = survivor;
	if (execution.status !== 'error') return await expectNoneLost(context, survivor);
	const tasks = tasksOf(context, name).flat();
	expect(tasks).toHaveLength(2);
	const listed = await subExecutionsOf(context, workflow);
	const subExecutions = await Promise.all(
		listed.map(async ({ id }) => await context.rest.execution(id)),
	);
	const items = subExecutions.flatMap(({ itemsOf }) => itemsOf('All Finished?')).map(taskItemOf);
	for (const { id } of tasks) {
		const kept = items.find(({ json, binary }) => json.id === id && binary);
		expect(kept).toBeDefined();
		await expectOwnVideos(context, [kept!]);
	}
}

/** The item of a check contains the task's item. */
const taskItemOf = ({ json, ...item }: INodeExecutionData): INodeExecutionData => ({
	...item,
	json: (json.output as IDataObject | undefined) ?? json,
});

/** Expects the videos, after Retry if necessary, or an error that names their tasks. */
export async function expectNoneLost(context: TestContext, survivor: Ended): Promise<void> {
	const { name, execution } = survivor;
	const tasks = tasksOf(context, name).flat();
	expect(tasks).toHaveLength(2);
	if (execution.status === 'error') {
		for (const { id } of tasks) expect(execution.error?.description).toContain(id);
		return;
	}
	const isLost = execution.status === 'crashed';
	await expectDelivered(context, isLost ? await retried(context, survivor) : survivor);
}
