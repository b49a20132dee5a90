import type { IExecuteFunctions } from 'n8n-workflow';

import type { CometApi } from '../api/client';
import { isFinished, TASK_STATUS } from '../api/task';
import type { Task } from '../api/task';
import type { VideoRequest } from '../api/videoForm';
import { clock } from '../clock';
import { limits } from '../limits';
import {
	asPassing,
	failedFault,
	isSurelyNotCreated,
	isUnknownTask,
	lostFault,
	withTask,
} from './faults';
import { requestKey } from './ledger';
import type { Ledger } from './ledger';
import { Pace } from './pace';
import type { Siblings } from './pace';
import { wait } from './wait';

/** What all videos of one run of the node share. */
export interface Shared {
	context: IExecuteFunctions;
	api: CometApi;
	ledger: Ledger;
	siblings: Siblings;
	/** Ids worth a word to the user at the end. */
	takenUp: string[];
	unfinished: string[];
	unlinked: string[];
	/** Whether Retry takes the tasks up; n8n only repeats the message for an execution that was parked. */
	canRetry: boolean;
}

export interface Run extends Shared {
	/** Aborted when the execution is cancelled or an item has stopped the node. */
	signal: AbortSignal;
}

/** A task that is paid for. */
export interface PaidVideo {
	id: string;
	createdAt: number;
	/** Under which the ledger knows it; absent where the node did not make it. */
	key?: string;
	/** As CometAPI answered when it was made just now; absent where it was made before. */
	task?: Task;
}

/**
 * Makes the task, or takes up the one that an earlier try has paid for.
 * @param read gives the request with its images, which are let go of on return
 * @param deadline until when a POST that surely created nothing is sent again, in ms on the clock
 */
export async function startVideo(
	{ context, api, ledger, takenUp, signal }: Run,
	itemIndex: number,
	read: () => Promise<VideoRequest>,
	deadline: number,
): Promise<PaidVideo> {
	const request = await read();
	const key = requestKey(itemIndex, request);
	const known = ledger.taskOf(key);
	if (known) {
		takenUp.push(known.id);
		return { ...known, key };
	}
	if (ledger.wasLost(key)) throw lostFault();

	const task = await wait({
		ask: async () => {
			ledger.sending(key);
			const [outcome] = await Promise.allSettled([api.createTask(request)]);
			if (outcome.status === 'fulfilled') return outcome.value;
			if (isSurelyNotCreated(outcome.reason)) ledger.drop(key);
			throw outcome.reason;
		},
		isFinished: () => true,
		pauseAfter: () => () => 0,
		deadline,
		asPassing,
		maxFaults: ({ details }) => (details.httpCode ? Infinity : limits.maxUnreachable),
		signal,
	});
	ledger.created(key, task.id);
	context.logger.info(`CometAPI task ${task.id} was created for item ${itemIndex}`, {
		taskId: task.id,
		itemIndex,
	});
	return { id: task.id, createdAt: clock.now(), key, task };
}

export interface FollowOptions {
	/** The longest pause between two questions. */
	intervalMs: number;
	/** In ms on the clock. */
	deadline: number;
}

/**
 * Asks for the task until it is finished.
 * @returns the task, which is unfinished where the deadline came first
 * @throws Fault where the video failed, where CometAPI never answered, or where waiting is no use
 */
export async function followVideo(
	run: Run,
	video: PaidVideo,
	options: FollowOptions,
): Promise<Task> {
	const task = await askForTask(run, video, { ...options, isEnough: isFinished });
	if (task.status === TASK_STATUS.failed) throw failedFault(task);
	return task;
}

/** The task as it stands now. */
export async function currentTask(run: Run, video: PaidVideo): Promise<Task> {
	const deadline = clock.now() + limits.retrieveRetryMs;
	return await askForTask(run, video, { intervalMs: 0, deadline, isEnough: () => true });
}

async function askForTask(
	{ context, api, ledger, siblings, canRetry, signal }: Run,
	{ id, createdAt, key, task }: PaidVideo,
	{ intervalMs, deadline, isEnough }: FollowOptions & { isEnough: (task: Task) => boolean },
): Promise<Task> {
	let firstAnswer = task;
	const pace = new Pace(intervalMs, createdAt, siblings);
	const forget = () => key && ledger.drop(key);
	const asTooNew = (error: unknown) =>
		isUnknownTask(error) && clock.now() < createdAt + limits.notFoundGraceMs ? error : undefined;
	try {
		const last = await wait({
			ask: async () => {
				let answer = firstAnswer;
				firstAnswer = undefined;
				if (answer) return answer;
				const { status, progress } = (answer = await api.getTask(id, signal));
				context.logger.debug(`CometAPI task ${id} is ${status}`, { taskId: id, status, progress });
				return answer;
			},
			isFinished: isEnough,
			pauseAfter: (answer) => pace.pauseAfter(answer),
			deadline,
			asPassing: (error) => asPassing(error) ?? asTooNew(error),
			signal,
		});
		if (last.status === TASK_STATUS.completed) siblings.finished(clock.now() - createdAt);
		if (last.status === TASK_STATUS.failed) forget();
		return last;
	} catch (error) {
		if (!isUnknownTask(error)) throw withTask(error, { taskId: id }, canRetry);
		forget();
		throw error.with({ taskId: id });
	}
}
