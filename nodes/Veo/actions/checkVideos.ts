import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clock } from '../clock';
import type { ItemContext } from '../core/context';
import type { PaidTask } from '../core/createTask';
import { remainingMs } from '../core/expectedEnd';
import { currentTask, failedError, followToEnd, lateError } from '../core/followTask';
import {
	endedState,
	failedItem,
	isWaiting,
	readPausedItem,
	readPausedItems,
	taskIdOf,
	writePausedItem,
} from '../core/pausedItem';
import type { PausedItem, PausedVideo } from '../core/pausedItem';
import { asVideoError } from '../errors';
import { limits } from '../limits';
import { CREDENTIAL_TYPE } from '../transport/credential';
import { isFinished, TASK_STATUS } from '../transport/task';
import type { Task } from '../transport/task';
import { downloadFinished } from './downloadFinished';
import { readInternalData } from './internalStep';
import { eachItem } from './operation';
import type { Operation } from './operation';

/**
 * One check of the videos of a paused execution, in a sub-execution that may be killed meanwhile.
 * What fails for good is data like all else: an execution that fails was killed, and is started again.
 */
export const checkVideos: Operation<PausedItem> = {
	listJobs: eachItem,
	check: async ({ context }, { itemIndexes: [index] }) =>
		readPausedItem(context.getInputData()[index])!,
	run: async (ctx, item) => writePausedItem(isWaiting(item) ? await checked(ctx, item) : item),
	taskIds: ({ context }) => (readPausedItems(context.getInputData()) ?? []).map(taskIdOf),
	withoutCredential,
	finish: async (run, outputs) => {
		const data = readInternalData(run.context);
		const items = await downloadFinished(run, readPausedItems(outputs)!, data);
		const isOver = data.stopsOnError && items.some(({ state }) => state.failure);
		return scheduled(isOver ? items.map(left) : items);
	},
};

/** Any other error with a credential may pass, as a kill does. */
const DELETED = /does not exist/;

async function withoutCredential(context: IExecuteFunctions) {
	try {
		await context.getCredentials(CREDENTIAL_TYPE);
		return undefined;
	} catch (caught) {
		const { message: reason } = asVideoError(caught);
		if (!DELETED.test(reason)) return undefined;
		const data = { detail: 'noCredential', reason };
		const items = readPausedItems(context.getInputData())!;
		return items
			.map((item) => (isWaiting(item) ? failedItem(item, 'pauseEnded', data) : item))
			.map(writePausedItem);
	}
}

/** Not waited for any longer, as the failed one ends them all. */
const left = (item: PausedItem): PausedItem =>
	isWaiting(item) ? { ...item, state: { ...item.state, isWaiting: false } } : item;

async function checked(ctx: ItemContext, item: PausedItem): Promise<PausedItem> {
	const video = item.state.video!;
	const isLate = clock.now() >= video.deadline;
	try {
		const task = await taskOf(ctx, video, isLate);
		if (task.status === TASK_STATUS.failed) throw failedError(task);
		if (isFinished(task)) return finished(item, task);
		if (!isLate) return unfinished(item, task);
		if (!video.returnsTask) throw lateError(task, video.timeoutMin);
		return { json: task.json, state: { ...endedState(item), isUnfinished: true } };
	} catch (caught) {
		const error = asVideoError(caught);
		ctx.signal.throwIfAborted();
		return !isLate && error.traits.transient ? item : failedItem(item, error.kind, error.data);
	}
}

async function taskOf(ctx: ItemContext, video: PausedVideo, isLate: boolean): Promise<Task> {
	const { taskId: id, createdAt, intervalMs, seen = { atMs: createdAt, percent: 0 } } = video;
	const paid = { id, createdAt };
	const patienceMs = isLate ? limits.retrieveRetryMs : limits.pausedCheckRetryMs;
	const task = await currentOrBetter(ctx, paid, patienceMs);
	const restMs = remainingMs(task, seen, clock.now()) ?? Infinity;
	if (isFinished(task) || isLate || restMs > limits.nearEndMs) return task;
	const deadline = Math.min(clock.now() + limits.nearEndMs, video.deadline);
	return await followToEnd(ctx, paid, task, { intervalMs, deadline });
}

/** Waits for the next check only where that may help: other answers either pass soon or not at all. */
async function currentOrBetter(ctx: ItemContext, paid: PaidTask, patienceMs: number) {
	try {
		return await currentTask(ctx, paid, patienceMs);
	} catch (caught) {
		const error = asVideoError(caught);
		if (!error.traits.briefly) throw error;
		return await currentTask(ctx, paid, limits.retrieveRetryMs);
	}
}

/** It is still waited for where its file is wanted. */
const finished = (item: PausedItem, { json }: Task): PausedItem =>
	item.state.video!.output.binaryField
		? { json, state: item.state }
		: { json, state: endedState(item) };

/** With the progress, and when it foretells the end. */
function unfinished(item: PausedItem, task: Task): PausedItem {
	const { seen, ...video } = item.state.video!;
	const now = clock.now();
	const since = seen ?? { atMs: video.createdAt, percent: 0 };
	const restMs = remainingMs(task, since, now);
	const isMoved = restMs !== undefined;
	return {
		json: task.json,
		state: {
			...item.state,
			video: { ...video, seen: isMoved ? { atMs: now, percent: task.progress! } : since },
			checkAt: now + (restMs ?? limits.pausedCheckMs),
		},
	};
}

/** The next check comes when the last of them is expected, and not after the first has to be given up. */
function scheduled(items: PausedItem[]): INodeExecutionData[] {
	const now = clock.now();
	const { min, max } = limits.pausedCheckRangeMs;
	const waiting = items.filter(isWaiting);
	const expected = waiting.map(({ state: { checkAt = 0 } }) =>
		checkAt > now ? checkAt : now + limits.pausedCheckMs,
	);
	const deadlines = waiting.map(({ state }) => state.video!.deadline);
	const wanted = Math.min(Math.max(...expected), now + max, ...deadlines);
	const checkAt = Math.max(wanted, now + min);
	return items.map((item) =>
		writePausedItem(isWaiting(item) ? { ...item, state: { ...item.state, checkAt } } : item),
	);
}
