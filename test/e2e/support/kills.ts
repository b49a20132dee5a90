import type { Execution, Workflow } from '../../../scripts/n8n/rest';
import {
	itemsFrom,
	manualTrigger,
	TRIGGER,
	veo,
	workflowOf,
	type Step,
} from '../../../scripts/n8n/workflow';
import type { SandboxOptions } from '../../sandbox/server';
import type { FaultRule } from '../../sandbox/server';
import { expectOwnVideos } from './expectVideos';
import type { TestContext } from './setUp';
import { MINUTES, until } from './until';

/** What n8n is doing for an execution when it is ended. All are met by the same three kills. */
export const MOMENTS = [
	'while it is paused',
	'in a check',
	'in a download',
	'in two checks in a row',
	'in two downloads in a row',
	'in the next node',
] as const;

type Moment = (typeof MOMENTS)[number];

/** Without the one that n8n, in queue mode, loses as it loses any running execution. */
export const QUEUE_MOMENTS = MOMENTS.filter((moment) => moment !== 'in the next node');

/** CometAPI does not answer, or stops in the middle of a file, until n8n is ended. */
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
/** This node gives up on a slow request after 30 seconds. */
const SLOW_MS = 20_000;

export const killSandbox = (): SandboxOptions => ({ jobMs: 5_000, faults: [...SLOW] });

interface Started {
	/** The moment, where it is one of them. */
	name: string;
	workflow: Workflow;
	id: string;
}

export interface Survivor extends Started {
	execution: Execution;
}

const ENDS = ['success', 'error', 'canceled'];
/** When it starts, n8n marks a paused execution as crashed for a moment. */
const CRASHED_FOR_MS = 60_000;

/** Runs until n8n is killed, as the upload of a video may do. */
const SLOW_STEP: Step = {
	name: 'Next',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	// from 65 seconds on, n8n would pause the execution
	parameters: { amount: 60, unit: 'seconds' },
};

type Kill = () => Promise<void>;

/** An execution of a slow and an ordinary video for each moment, and the kills that they survive or not. */
export async function surviveKills(
	context: TestContext,
	[afterPausing, atFirstCheck, atSecondCheck]: [Kill, Kill, Kill],
	moments: readonly Moment[] = MOMENTS,
): Promise<Survivor[]> {
	const started = await Promise.all(
		moments.map(async (moment) =>
			startPaused(context, moment, moment === 'in the next node' ? [SLOW_STEP] : []),
		),
	);
	const untilOnlySlow = async (rules: FaultRule[]) => {
		const isSlowOne = ({ name }: Started) => rules.some(({ prompt }) => prompt?.startsWith(name));
		const others = started.filter((each) => !isSlowOne(each));
		await Promise.all(others.map(async (each) => await untilEnded(context, each, true)));
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

/** Some executions that n8n goes on with when it is ended: it has their videos, and hands them on. */
export async function surviveKillAtEnd(context: TestContext, kill: Kill): Promise<Survivor[]> {
	const started = await Promise.all(
		Array.from({ length: CONTINUED }, async (_, nth) => startPaused(context, `at the end ${nth}`)),
	);
	const hasEndedCheck = async ({ workflow }: Started) =>
		(await context.rest.executionsOf(workflow)).some(
			({ mode, status }) => mode === 'integrated' && status === 'success',
		);
	const [first] = started;
	// the kill has to follow at once
	const patience = { ...MINUTES, everyMs: 100 };
	await until('the end of a check', async () => await hasEndedCheck(first), patience);
	await kill();
	return await Promise.all(started.map(async (each) => await untilEnded(context, each)));
}

/** @returns undefined while n8n is starting */
const statusOf = async ({ rest }: TestContext, { workflow, id }: Started) =>
	await rest.status(workflow.id, id).catch(() => undefined);

/** @param orGoesOn whether it is enough that it is no longer paused */
async function untilEnded(
	context: TestContext,
	started: Started,
	orGoesOn = false,
): Promise<Survivor> {
	let crashedSince = Infinity;
	const hasEnded = async () => {
		const now = (await statusOf(context, started)) ?? '';
		crashedSince = now === 'crashed' ? Math.min(crashedSince, Date.now()) : Infinity;
		if (orGoesOn && started.name === 'in the next node' && now === 'running') return true;
		return ENDS.includes(now) || Date.now() > crashedSince + CRASHED_FOR_MS;
	};
	await until(`the end of '${started.name}'`, hasEnded, MINUTES);
	return { ...started, execution: await context.rest.execution(started.id) };
}

const promptsOf = (name: string) => [`${name}, slow`, `${name}, ordinary`];

const tasksOf = ({ sandbox }: TestContext, name: string) =>
	promptsOf(name).map((wanted) => sandbox.tasks.filter(({ prompt }) => prompt === wanted));

async function startPaused(
	context: TestContext,
	name: string,
	next: Step[] = [],
): Promise<Started> {
	const { rest, credential } = context;
	const workflow = await rest.createWorkflow(
		workflowOf(name, [
			manualTrigger,
			...itemsFrom(promptsOf(name).map((prompt) => ({ prompt }))),
			veo(credential, { parameters: { options: { waitMode: 'durable' } } }),
			...next,
		]),
	);
	const started = { name, workflow, id: await rest.run(workflow, TRIGGER) };
	const isPaused = async () => (await statusOf(context, started)) === 'waiting';
	await until(`'${name}' to pause`, isPaused, MINUTES);
	return started;
}

/** Whether CometAPI is slow just now to answer a request of each kind. */
const isSlow = ({ sandbox }: TestContext, rules: FaultRule[]) =>
	rules.every(({ call, prompt }) =>
		sandbox.requests.some(
			(request) =>
				request.call === call &&
				request.atMs > Date.now() - SLOW_MS &&
				sandbox.tasks.find(({ id }) => id === request.taskId)?.prompt === prompt,
		),
	);

/** All videos, each paid for once, whole, in input order, and nothing else. */
export async function expectDelivered(context: TestContext, survivor: Survivor): Promise<void> {
	const { name, workflow, execution } = survivor;
	const { status, error } = execution;
	expect({ status, error }).toEqual({ status: 'success' });
	const tasks = tasksOf(context, name);
	expect(tasks.map((each) => each.length)).toEqual([1, 1]);
	const items = execution.itemsOf(name === 'in the next node' ? SLOW_STEP.name : 'Veo');
	expect(items.map(({ json }) => json.id)).toEqual(tasks.flat().map(({ id }) => id));
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	expect(JSON.stringify(items)).not.toContain('paused');
	await expectOwnVideos(context, items);
	const ids = (await context.rest.executionsOf(workflow))
		.filter(({ mode }) => mode === 'integrated')
		.map(({ id }) => id);
	await context.rest.call('POST', '/executions/delete', { ids });
	await expectOwnVideos(context, items);
}

/** Retries an execution that n8n has lost while it went on with it. */
export async function retried(context: TestContext, survivor: Survivor): Promise<Survivor> {
	expect(survivor.execution.status).toBe('crashed');
	const id = await context.rest.retry(survivor.id);
	return { ...survivor, execution: await context.rest.execution(id) };
}

/**
 * In queue mode, n8n drops all that it knows of an execution whose worker is killed while it goes on:
 * the sub-executions that have waited for the videos still have them.
 */
export async function expectKept(context: TestContext, survivor: Survivor): Promise<void> {
	const { name, workflow, execution } = survivor;
	if (execution.status !== 'error') return await expectNoneLost(context, survivor);
	const tasks = tasksOf(context, name).flat();
	expect(tasks).toHaveLength(2);
	const listed = await context.rest.executionsOf(workflow);
	const helpers = await Promise.all(
		listed
			.filter(({ mode }) => mode === 'integrated')
			.map(async ({ id }) => await context.rest.execution(id)),
	);
	const items = helpers.flatMap(({ itemsOf }) => itemsOf('All Finished?'));
	for (const { id } of tasks) {
		const kept = items.find(({ json, binary }) => json.id === id && binary);
		expect(kept).toBeDefined();
		await expectOwnVideos(context, [kept!]);
	}
}

/** The videos, also by Retry; or the tasks, named by the error. */
export async function expectNoneLost(context: TestContext, survivor: Survivor): Promise<void> {
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
