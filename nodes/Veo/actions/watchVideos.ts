import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clock } from '../clock';
import { setEndIfKilled } from '../core/endIfKilled';
import {
	endedState,
	failedItem,
	isWaiting,
	readPausedItems,
	writePausedItem,
} from '../core/pausedItem';
import type { PausedItem } from '../core/pausedItem';
import { noneStep, runSubWorkflow } from '../core/subWorkflow';
import { limits } from '../limits';
import { INTERNAL_ROLE } from './fields/task.fields';
import { internalStep, readInternalData } from './internalStep';
import type { InternalData, InternalRole } from './internalStep';
import { pausedOutput } from './pausedOutput';
import { notStarted } from './pauseExecution';

type Step = (context: IExecuteFunctions, data: InternalData) => Promise<INodeExecutionData[]>;

/**
 * Runs a step that calls CometAPI not at all and takes milliseconds, so that hardly a kill meets it.
 * @returns undefined for the other roles
 */
export async function runQuickStep(
	context: IExecuteFunctions,
	role: InternalRole,
): Promise<INodeExecutionData[] | undefined> {
	const steps: Partial<Record<InternalRole, Step>> = { watch, conclude, wait };
	return await steps[role]?.(context, readInternalData(context));
}

/** Starts the sub-execution that checks the videos until they have come to an end, and pauses until then. */
async function watch(context: IExecuteFunctions, given: InternalData) {
	const items = readPausedItems(context.getInputData())!;
	const [waitStep, check] = ['Wait', 'Check Videos'];
	const own = { executionId: context.getExecutionId(), workflowId: given.paused.workflowId };
	// what a retry of this execution brings is its own
	const data = context.getMode() === 'retry' ? { ...given, paused: own } : given;
	try {
		await runSubWorkflow(
			context,
			{
				name: 'Check videos',
				steps: [
					internalStep(context, waitStep, INTERNAL_ROLE.wait, data),
					internalStep(context, check, INTERNAL_ROLE.check, data),
					noneStep('All Finished?', 'json.paused?.isWaiting'),
				],
				elseTo: waitStep,
				isKept: true,
			},
			items.map(writePausedItem),
			own,
			true,
		);
	} catch (caught) {
		return items.map((item) => writePausedItem(notStarted(item, caught)));
	}
	return outputIfKilled(context, items, given);
}

/** What n8n takes for the output where this execution is killed when it goes on: no success. */
function outputIfKilled(
	context: IExecuteFunctions,
	items: PausedItem[],
	data: InternalData,
): INodeExecutionData[] {
	const killed = items.map((item) => endedAs(item, 'interrupted'));
	try {
		return pausedOutput(context, killed, data.stopsOnError, false);
	} catch (caught) {
		setEndIfKilled(context, caught as Error);
		return items.map(writePausedItem);
	}
}

/** Pauses until the next check. A restart of n8n does no harm to an execution in its database. */
async function wait(context: IExecuteFunctions) {
	const items = readPausedItems(context.getInputData())!;
	const now = clock.now();
	const checkAt = Math.max(...items.map(({ state }) => state.checkAt ?? 0));
	// a check that was killed is made again after as long a pause as the first one
	const until = checkAt > now ? checkAt : now + limits.pausedCheckMs;
	await context.putExecutionToWait(new Date(until));
	return items.map(writePausedItem);
}

/** What is known of the sub-executions that were started until now; kept with this one. */
interface Memory {
	/** As they were before the last one. */
	items?: INodeExecutionData[];
	/** How many in a row ended without any progress. */
	killed?: number;
	/** The execution in which a person has retried it. */
	retriedIn?: string;
}

/** Whether a person has just retried an execution that had ended: only then with this input. */
function isRetried(context: IExecuteFunctions, memory: Memory): boolean {
	const id = context.getExecutionId();
	if ((context.getMode() as string) !== 'retry' || memory.retriedIn === id) return false;
	Object.assign(memory, { retriedIn: id, killed: 0 });
	return true;
}

/** What it brought; or the items again, where it was killed. */
async function conclude(context: IExecuteFunctions, data: InternalData) {
	setEndIfKilled(context, undefined);
	const input = context.getInputData();
	const given = readPausedItems(input);
	const memory = context.getContext('node') as Memory;
	if (given && isRetried(context, memory)) return given.map(again).map(writePausedItem);
	if (given && !given.some(isWaiting)) return concluded(context, given, data);
	const before = memory.items && readPausedItems(memory.items)!;
	const items = given ?? before!;
	const hasProgress = JSON.stringify(items) !== JSON.stringify(before);
	memory.killed = !before ? 0 : hasProgress ? 1 : (memory.killed ?? 0) + 1;
	memory.items = items.map(writePausedItem);
	const reason = given ? undefined : String(input[0]?.json.error ?? '');
	const detail = endOf(memory.killed, reason);
	if (!detail) return memory.items;
	const ended = items.map((item) => endedAs(item, detail, reason));
	return concluded(context, ended, data);
}

const endedAs = (item: PausedItem, detail: string, reason?: string) =>
	isWaiting(item) ? failedItem(item, 'pauseEnded', { detail, reason }) : item;

function concluded(context: IExecuteFunctions, items: PausedItem[], data: InternalData) {
	// the paused execution is still there to say it, and its Retry reuses the tasks
	const isFirst = context.getWorkflowDataProxy(0).$runIndex <= 1;
	const isNotStarted = items.some(({ state }) => state.failure?.data.detail === 'notStarted');
	if (isFirst && isNotStarted) return items.map(writePausedItem);
	return pausedOutput(context, items, data.stopsOnError, false);
}

/** n8n tells of a sub-execution that a person or a time limit has stopped in these words. */
const STOPPED = /cancell?ed/i;

function endOf(killed: number, reason = ''): string | undefined {
	if (STOPPED.test(reason)) return 'stopped';
	return killed >= limits.maxKilledChecks ? 'killed' : undefined;
}

/** A person retries what has ended: what is not delivered is waited for as long again. */
function again(item: PausedItem): PausedItem {
	const { video } = item.state;
	if (!video) return item;
	const deadline = clock.now() + 60_000 * video.timeoutMin;
	return {
		...item,
		state: { ...endedState(item), video: { ...video, deadline }, isWaiting: true },
	};
}
