import { setTimeout as pause } from 'node:timers/promises';

import type { Execution, Workflow } from '../../../scripts/n8n/rest';
import { itemsFrom, manualTrigger, TRIGGER, veo, workflowOf } from '../../../scripts/n8n/workflow';
import type { SandboxOptions } from '../../sandbox/server';
import type { FaultRule } from '../../sandbox/server';
import { expectOwnVideos } from './expectVideos';
import type { TestContext } from './setUp';
import { until } from './until';

/**
 * What n8n is doing for an execution when it is killed. All are met by the same three kills: right
 * after pausing, at the first check, and at the check that is made again.
 */
export const MOMENTS = [
	'while it is paused',
	'in a check',
	'in a download',
	'in two checks in a row',
	'in two downloads in a row',
	'right after the last check',
] as const;

type Moment = (typeof MOMENTS)[number];

/** CometAPI does not answer, or stops in the middle of a file, until n8n is killed. */
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

export const killSandbox = (): SandboxOptions => ({ jobMs: 5_000, faults: [...SLOW] });

export interface Survivor {
	moment: Moment;
	workflow: Workflow;
	id: string;
	execution: Execution;
}

const ENDS = ['success', 'error', 'canceled'];
/** When it starts, n8n marks a paused execution as crashed for a moment. */
const CRASHED_FOR_MS = 60_000;
const ENDS_WITHIN_MS = 400_000;

/** An execution of a slow and an ordinary video for each moment, and the kills that they survive or not. */
export async function surviveKills(
	context: TestContext,
	kills: Array<() => Promise<void>>,
): Promise<Survivor[]> {
	const [afterPausing, atFirstCheck, atSecondCheck] = kills;
	const started = [];
	// one after the other, so that the last check that ends is that of the last one
	for (const moment of MOMENTS) started.push(await startPaused(context, moment));
	await afterPausing();
	const last = started.at(-1)!;
	await until('the first check', async () => isSlow(context, SLOW), ENDS_WITHIN_MS);
	await until('the end of the last check', async () => await hasEndedCheck(context, last));
	await atFirstCheck();
	context.sandbox.faults = [...SLOW_TWICE];
	const seen = context.sandbox.requests.length;
	await until('the second check', () => isSlow(context, SLOW_TWICE, seen), ENDS_WITHIN_MS);
	// those that end now are not what this kill is about, and n8n may lose one that it continues
	const others = started.filter(
		({ moment }) => !SLOW_TWICE.some(({ prompt }) => prompt?.startsWith(moment)),
	);
	await Promise.race([
		Promise.all(others.map(async (each) => await ended(context, each))),
		pause(15_000),
	]);
	await atSecondCheck();
	context.sandbox.faults = [];
	return await Promise.all(
		started.map(async (each) => {
			await ended(context, each);
			return { ...each, execution: await context.rest.execution(each.id) };
		}),
	);
}

async function ended(context: TestContext, { moment, workflow, id }: Omit<Survivor, 'execution'>) {
	// n8n may be starting again
	const status = async () => await context.rest.status(workflow.id, id).catch(() => undefined);
	let crashedSince = Infinity;
	const hasEnded = async () => {
		const now = await status();
		crashedSince = now === 'crashed' ? Math.min(crashedSince, Date.now()) : Infinity;
		return ENDS.includes(now ?? '') || Date.now() > crashedSince + CRASHED_FOR_MS;
	};
	await until(`the end of '${moment}'`, hasEnded, ENDS_WITHIN_MS);
}

const promptsOf = (moment: string) => [`${moment}, slow`, `${moment}, ordinary`];

const tasksOf = ({ sandbox }: TestContext, moment: string) =>
	promptsOf(moment).map((wanted) => sandbox.tasks.filter(({ prompt }) => prompt === wanted));

async function startPaused({ rest, credential }: TestContext, moment: Moment) {
	const workflow = await rest.createWorkflow(
		workflowOf(moment, [
			manualTrigger,
			...itemsFrom(promptsOf(moment).map((prompt) => ({ prompt }))),
			veo(credential, { parameters: { options: { waitMode: 'durable' } } }),
		]),
	);
	const id = await rest.run(workflow, TRIGGER);
	const isPaused = async () => (await rest.status(workflow.id, id)) === 'waiting';
	await until(`'${moment}' to pause`, isPaused);
	return { moment, workflow, id };
}

/** Whether each of the slow requests has been made, after so many requests of all kinds. */
const isSlow = ({ sandbox }: TestContext, rules: FaultRule[], after = 0) =>
	rules.every(({ call, prompt }) =>
		sandbox.requests
			.slice(after)
			.some(
				(request) =>
					request.call === call &&
					sandbox.tasks.find(({ id }) => id === request.taskId)?.prompt === prompt,
			),
	);

async function hasEndedCheck({ rest }: TestContext, { workflow }: { workflow: Workflow }) {
	const executions = await rest.executionsOf(workflow);
	return executions.some(({ mode, status }) => mode === 'integrated' && status === 'success');
}

/**
 * All videos, each paid for once, whole, in input order, and nothing else. There are milliseconds in
 * which n8n itself loses an execution that goes on; then its error or its data names the tasks.
 */
export async function expectDelivered(context: TestContext, survivor: Survivor): Promise<void> {
	const { execution, moment, workflow } = survivor;
	const tasks = tasksOf(context, moment);
	expect(tasks.map((each) => each.length)).toEqual([1, 1]);
	const wasLost = moment === 'right after the last check' && execution.status !== 'success';
	if (wasLost) {
		const told = `${execution.error?.description} ${JSON.stringify(execution.itemsOf('Veo'))}`;
		for (const { id } of tasks.flat()) expect(told).toContain(id);
		return;
	}
	expect({ status: execution.status, error: execution.error }).toEqual({ status: 'success' });
	const items = execution.itemsOf('Veo');
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
