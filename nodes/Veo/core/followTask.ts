import { clock } from '../clock';
import { asVideoError, isKind, isTransient, VideoError } from '../errors';
import { limits } from '../limits';
import { isFinished, TASK_STATUS } from '../transport/task';
import type { Task } from '../transport/task';
import { printable } from '../utils';
import type { ItemContext } from './context';
import type { PaidTask } from './ledger';
import { isGivenUp, withOddResponse } from './oddResponses';
import { PollSchedule } from './pollSchedule';
import { retry } from './retry';

export interface WaitOptions {
	/** The longest pause between two checks. */
	intervalMs: number;
	timeoutMin: number;
	/** In ms on the clock. */
	deadline: number;
	/** Whether an unfinished task is returned once the time is over. */
	returnsTask: boolean;
}

/**
 * Waits for the video.
 * @returns the finished task, or the unfinished one at the deadline if that is wanted
 * @throws VideoError if the video failed or is late, or if waiting is no use
 */
export async function waitForTask(
	ctx: ItemContext,
	paid: PaidTask,
	options: WaitOptions,
): Promise<Task> {
	const { task, lastError } = await followTask(ctx, paid, options);
	if (task.status === TASK_STATUS.failed) {
		throw failedError(task).with(forget(ctx, paid) ? { detail: 'dropped' } : {});
	}
	if (task.status === TASK_STATUS.completed) {
		ctx.completionTimes.add(clock.now() - paid.createdAt);
		return task;
	}
	if (!options.returnsTask) throw lateError(task, options.timeoutMin, lastError);
	ctx.hints.unfinished.push(task.id);
	return task;
}

interface Followed {
	task: Task;
	/** Of the last check, if the deadline came before a response. */
	lastError?: VideoError;
}

/**
 * Checks the task until it is finished, and a last time at the deadline.
 * @returns its last state, finished or not
 * @throws VideoError if the task can't be checked
 */
export async function followTask(
	ctx: ItemContext,
	paid: PaidTask,
	{ intervalMs, deadline }: Pick<WaitOptions, 'intervalMs' | 'deadline'>,
): Promise<Followed> {
	const schedule = new PollSchedule(intervalMs, paid.createdAt, ctx.completionTimes);
	let created = paid.task;
	let task: Task | undefined;
	for (;;) {
		let lastError: VideoError | undefined;
		try {
			task = created ?? (await getTask(ctx, paid, deadline));
		} catch (caught) {
			lastError = asVideoError(caught);
			const isLate = task && clock.now() >= deadline;
			if (!isLate) throw endedBy(ctx, paid, lastError);
		}
		created = undefined;
		if (isFinished(task!) || clock.now() >= deadline) return { task: task!, lastError };
		await schedule.pause(task!, deadline, ctx.signal);
	}
}

/** The current state of the task. @param patienceMs how long to retry errors that may pass */
export async function currentTask(
	ctx: ItemContext,
	paid: PaidTask,
	patienceMs = limits.retrieveRetryMs,
): Promise<Task> {
	try {
		const task = paid.task ?? (await getTask(ctx, paid, clock.now() + patienceMs));
		if (task.status === TASK_STATUS.failed) forget(ctx, paid);
		return task;
	} catch (caught) {
		throw endedBy(ctx, paid, asVideoError(caught));
	}
}

/** The error of a task that can't be checked; the ledger drops a task that CometAPI does not know. */
function endedBy(ctx: ItemContext, paid: PaidTask, error: VideoError): VideoError {
	const isDropped = error.traits.taskGone && forget(ctx, paid);
	return error.with({ taskId: paid.id, ...(isDropped && { detail: 'dropped' }) });
}

export const lateError = (
	{ id, status }: Pick<Task, 'id' | 'status'>,
	timeoutMin: number,
	lastError?: VideoError,
) =>
	new VideoError('timedOut', {
		taskId: id,
		status,
		timeoutMin,
		reason: lastError?.data.reason ?? lastError?.data.quote,
	});

export const failedError = ({ id, status, failure }: Task) =>
	new VideoError('generationFailed', {
		taskId: id,
		status,
		...(failure?.code && { code: failure.code }),
		reason: failure?.message,
	});

/** @returns whether the node had created the task, so that a retry creates another one */
function forget({ ledger }: ItemContext, { key, id }: PaidTask): boolean {
	if (key) ledger.drop(key, id);
	return Boolean(key);
}

/** @param deadline of the last attempt for errors that may pass, in ms on the clock */
async function getTask(
	{ context, client, signal }: ItemContext,
	paid: PaidTask,
	deadline: number,
): Promise<Task> {
	const { id } = paid;
	const get = async () => await client.getTask(id, signal);
	const mayPass = (error: VideoError) => {
		if (isTransient(error)) return true;
		// an ID that the user has entered may be wrong
		if (!paid.isOurs && !isKind(error, 'taskError')) return false;
		paid.odd = withOddResponse(paid.odd, error);
		return !isGivenUp(paid.odd);
	};
	const task = await retry(get, { deadline, isTransient: mayPass, signal }).catch((caught) => {
		const error = asVideoError(caught);
		// too few odd responses until the deadline: another one may come later
		const isTooSoon = error.traits.taskGone && paid.isOurs && !isGivenUp(paid.odd);
		throw isTooSoon ? new VideoError('unavailable', error.data) : error;
	});
	paid.odd = undefined;
	const { status, progress } = task;
	const seen = { taskId: printable(id), status: printable(status), progress };
	context.logger.debug(`CometAPI task ${seen.taskId} is ${seen.status}`, seen);
	return task;
}
