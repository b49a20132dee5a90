import type { IBinaryData, IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { CometApi } from '../api/client';
import { Fault, sentences } from '../api/errors';
import type { FaultDetails } from '../api/errors';
import type { IncomingFile } from '../api/file';
import { isFinished, TASK_STATUS } from '../api/task';
import type { Task } from '../api/task';
import type { VideoRequest } from '../api/videoForm';
import { clock } from '../clock';
import { limits } from '../limits';
import { requestKey } from './ledger';
import type { Ledger } from './ledger';
import { Pace } from './pace';
import { wait } from './wait';

/** What all videos of one run of the node share. */
export interface Shared {
	context: IExecuteFunctions;
	api: CometApi;
	ledger: Ledger;
	/** Ids worth a word to the user at the end. */
	takenUp: string[];
	unfinished: string[];
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
		nextInMs: () => 0,
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
	{ context, api, ledger, signal }: Run,
	{ id, createdAt, key, task }: PaidVideo,
	{ intervalMs, deadline, isEnough }: FollowOptions & { isEnough: (task: Task) => boolean },
): Promise<Task> {
	let firstAnswer = task;
	const pace = new Pace(intervalMs);
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
			nextInMs: (answer) => pace.nextInMs(answer),
			deadline,
			asPassing: (error) => asPassing(error) ?? asTooNew(error),
			signal,
		});
		if (last.status === TASK_STATUS.failed) forget();
		return last;
	} catch (error) {
		if (!isUnknownTask(error)) throw withTask(error, { taskId: id });
		forget();
		throw error.with({ taskId: id });
	}
}

/** The item for a task: with its file, where it is wanted and there is one. */
export async function deliverVideo(
	run: Run,
	task: Task,
	{ binaryField, fileName }: { binaryField?: string; fileName: string },
): Promise<{ json: IDataObject; binary?: IBinaryKeyData }> {
	if (!isFinished(task)) run.unfinished.push(task.id);
	if (!binaryField || task.status !== TASK_STATUS.completed) return { json: task.json };
	const binary = await storeVideo(run, task, fileNameOf(task, fileName));
	return { json: task.json, binary: { [binaryField]: binary } };
}

/** A bare name with an ending: n8n would take anything before a slash for a folder. */
function fileNameOf({ id }: Task, wanted: string): string {
	const name = (wanted || id).replace(/[/\\]/g, '_');
	return /\.\w+$/.test(name) ? name : `${name}.mp4`;
}

/** Streams the finished file into n8n's store, from wherever it can be had whole. */
async function storeVideo(
	{ context, api, signal }: Run,
	task: Task,
	fileName: string,
): Promise<IBinaryData> {
	const { id, videoUrl } = task;
	const fromCometApi = async () => await api.openContent(id, signal);
	const places = videoUrl
		? [async () => await api.openLink(videoUrl, signal), fromCometApi]
		: [fromCometApi];
	let tries = 0;
	try {
		return await wait({
			ask: async () => {
				const file = await places[tries++ % places.length]();
				return await store(context, file, fileName);
			},
			isFinished: () => true,
			nextInMs: () => 0,
			deadline: Infinity,
			asPassing,
			maxFaults: () => limits.downloadTries,
			signal,
		});
	} catch (error) {
		throw withTask(error, {
			taskId: id,
			status: task.status,
			retryable: true,
			...(videoUrl && { videoUrl }),
		});
	}
}

async function store(
	context: IExecuteFunctions,
	file: IncomingFile,
	fileName: string,
): Promise<IBinaryData> {
	try {
		return await context.helpers.prepareBinaryData(file.stream, fileName, file.mimeType);
	} catch (error) {
		file.cancel();
		throw file.fault ?? storageFault(error);
	}
}

const asPassing = (error: unknown) => (error instanceof Fault && error.passing ? error : undefined);

const isUnknownTask = (error: unknown): error is Fault =>
	error instanceof Fault && error.details.httpCode === 404;

const isSurelyNotCreated = (error: unknown) =>
	error instanceof Fault && !error.details.mayHaveBeenCreated;

/** Adds what is known of a task that is paid for, and how to get at its video. */
function withTask(error: unknown, details: Partial<FaultDetails> & { taskId: string }): unknown {
	if (!(error instanceof Fault)) return error;
	const advice = `The video is not lost: run Retry on this execution, or use 'Retrieve Video' with task ID ${details.taskId}`;
	return error.with({ retryable: true, ...details }, sentences(error.advice, advice));
}

const lostFault = () =>
	new Fault("The video was not sent again, as an earlier try's answer was lost", {
		advice:
			'It may have been created and billed. Look at the usage log of the CometAPI console; to send it again, run Retry on this execution',
		details: { mayHaveBeenCreated: true },
	});

const failedFault = ({ id, status, failure }: Task) =>
	new Fault(`Veo did not make the video: ${failure?.message}`, {
		advice: `Change the prompt or the images if that is what CometAPI says, then run again: a failed video is sent anew (task ID ${id})`,
		details: { taskId: id, status, code: failure?.code, retryable: true },
	});

export const timeoutFault = ({ id, status }: Task, timeoutMin: number) =>
	new Fault(
		`Veo did not finish the video within ${timeoutMin} minute${timeoutMin === 1 ? '' : 's'}`,
		{
			advice: `The task goes on at CometAPI. Use 'Retrieve Video' with task ID ${id}, run Retry to go on waiting, or raise 'Timeout (Minutes)'`,
			details: { taskId: id, status, retryable: true },
		},
	);

const storageFault = (error: unknown) =>
	new Fault(`n8n could not store the video: ${(error as Error).message}`, {
		advice: "Look at n8n's disk space and its settings for binary data",
		details: { retryable: true },
	});
