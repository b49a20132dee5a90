import { clock } from '../clock';
import { asVideoError, isKind, isTransient, VideoError } from '../errors';
import { limits } from '../limits';
import { isFinished, TASK_STATUS } from '../transport/task';
import type { Task } from '../transport/task';
import type { ItemContext } from './context';
import type { PaidTask } from './createTask';
import { poll } from './poll';
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
 * Checks the task until it is finished.
 * @returns the finished task, or the unfinished one where that is wanted at the deadline
 * @throws VideoError where the video failed or is late, or where waiting is no use
 */
export async function waitForTask(
	ctx: ItemContext,
	paid: PaidTask,
	{ intervalMs, deadline, timeoutMin, returnsTask }: WaitOptions,
): Promise<Task> {
	const schedule = new PollSchedule(intervalMs, paid.createdAt, ctx.completionTimes);
	let created = paid.task;
	let last: Task | undefined;
	let lastError: VideoError | undefined;
	const check = async () => {
		try {
			last = created ?? (await getTask(ctx, paid, deadline, (error) => (lastError = error)));
			created = undefined;
			lastError = undefined;
		} catch (caught) {
			const error = asVideoError(caught);
			const isLate = isTransient(error) && last && clock.now() >= deadline;
			if (!isLate) throw error;
		}
		return last!;
	};
	const task = await poll({
		check,
		isFinal: isFinished,
		pause: async (answer) => await schedule.pause(answer, deadline, ctx.signal),
		deadline,
	});
	if (isFinished(task)) return settled(ctx, paid, task);
	if (!returnsTask) throw lateError(task, timeoutMin, lastError);
	ctx.hints.unfinished.push(task.id);
	return task;
}

/** The task as it is now. @param patienceMs how long a CometAPI that does not answer is waited out */
export async function currentTask(
	ctx: ItemContext,
	paid: PaidTask,
	patienceMs = limits.retrieveRetryMs,
): Promise<Task> {
	const task = paid.task ?? (await getTask(ctx, paid, clock.now() + patienceMs, () => undefined));
	if (task.status === TASK_STATUS.failed) forget(ctx, paid);
	return task;
}

/** Stays with a task that is likely to be finished soon. @returns its last state, final or not */
export async function followToEnd(
	ctx: ItemContext,
	paid: PaidTask,
	first: Task,
	{ intervalMs, deadline }: { intervalMs: number; deadline: number },
): Promise<Task> {
	const schedule = new PollSchedule(intervalMs, paid.createdAt, ctx.completionTimes);
	let known: Task | undefined = first;
	return await poll({
		check: async () => {
			const task = known ?? (await currentTask(ctx, paid, 0));
			known = undefined;
			return task;
		},
		isFinal: isFinished,
		pause: async (answer) => await schedule.pause(answer, deadline, ctx.signal),
		deadline,
	});
}

export const lateError = ({ id, status }: Task, timeoutMin: number, lastError?: VideoError) =>
	new VideoError('timedOut', { taskId: id, status, timeoutMin, reason: lastError?.data.reason });

export const failedError = ({ id, status, failure }: Task) =>
	new VideoError('generationFailed', {
		taskId: id,
		status,
		...(failure?.code && { code: failure.code }),
		reason: failure?.message,
	});

/** @returns whether the node had created the task, so that a retry creates another one */
function forget({ ledger }: ItemContext, { key }: PaidTask): boolean {
	if (key) ledger.drop(key);
	return Boolean(key);
}

function settled(ctx: ItemContext, paid: PaidTask, task: Task): Task {
	if (task.status === TASK_STATUS.failed) {
		throw failedError(task).with(forget(ctx, paid) ? { detail: 'dropped' } : {});
	}
	ctx.completionTimes.add(clock.now() - paid.createdAt);
	return task;
}

async function getTask(
	ctx: ItemContext,
	paid: PaidTask,
	deadline: number,
	onError: (error: VideoError) => void,
): Promise<Task> {
	const { context, client, signal } = ctx;
	const { id, createdAt } = paid;
	const isNew = () => clock.now() < createdAt + limits.newTaskMs;
	const get = async () => {
		try {
			return await client.getTask(id, signal);
		} catch (caught) {
			const error = asVideoError(caught);
			onError(error);
			throw error;
		}
	};
	try {
		const task = await retry(get, {
			deadline,
			isTransient: (error) => isTransient(error) || (isKind(error, 'unknownTask') && isNew()),
			signal,
		});
		const { status, progress } = task;
		context.logger.debug(`CometAPI task ${id} is ${status}`, { taskId: id, status, progress });
		return task;
	} catch (caught) {
		const error = asVideoError(caught);
		const isDropped = error.traits.taskGone && forget(ctx, paid);
		throw error.with({ taskId: id, ...(isDropped && { detail: 'dropped' }) });
	}
}
