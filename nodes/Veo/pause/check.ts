import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clock, fromDate, toDate } from '../clock';
import type { ItemContext } from '../core/context';
import { createFileLink } from '../core/download';
import { currentTask, failedError, followTask, lateError } from '../core/followTask';
import type { PaidTask } from '../core/ledger';
import { isGivenUp } from '../core/oddResponses';
import type { OddResponses } from '../core/oddResponses';
import { remainingMs } from '../core/progress';
import { asVideoError, VideoError } from '../errors';
import { limits } from '../limits';
import { isDeletedCredential } from '../n8n';
import { CREDENTIAL_TYPE } from '../transport/credential';
import { isFinished, TASK_STATUS } from '../transport/task';
import type { Task } from '../transport/task';
import { asText } from '../utils';
import { forEachItem } from './forEachItem';
import {
	changed,
	endedItem,
	failedItem,
	failedUnlessTransient,
	failWaiting,
	isLate,
	isWaiting,
	readItems,
	toN8nItems,
} from './state';
import type { PausedItem, PausedVideo } from './state';
import { setWaiting } from './step';
import type { InternalData } from './step';
import { runSubWorkflow } from './subWorkflows';
import type { SubWorkflow } from './subWorkflows';

/** Pauses until the next check. n8n resumes an execution in its database after a restart, too. */
export async function sleepUntilCheck(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = readItems(context.getInputData())!;
	const now = clock.date();
	const checkAt = Math.max(...items.map(({ json }) => json.checkAt ?? 0));
	const { max } = limits.pausedCheckRangeMs;
	// after a killed check as long a pause as before the first one
	const until = checkAt > now ? Math.min(checkAt, now + max) : now + limits.pausedCheckMs;
	await context.putExecutionToWait(new Date(until));
	return toN8nItems(items);
}

/**
 * Checks the videos once, and has the finished ones downloaded.
 * Permanent failures are returned as data: a failed execution counts as killed and is restarted.
 */
export async function checkVideos(
	context: IExecuteFunctions,
	data: InternalData,
	subWorkflow: SubWorkflow,
): Promise<INodeExecutionData[]> {
	const given = readItems(context.getInputData())!;
	const reason = await reasonIfDeleted(context);
	let items = reason ? failWaiting(given, 'noCredential', reason) : given;
	items = await forEachItem(context, items, data, checkVideo);
	items = await download(context, items, data, subWorkflow);
	const isOver = data.stopsOnError && items.some(({ json }) => json.failure);
	items = scheduled(isOver ? items.map((item) => changed(item, { isWaiting: false })) : items);
	setWaiting(context, items.some(isWaiting));
	return toN8nItems(items);
}

/** @returns n8n's words if the credential was deleted; anything else wrong with it may be temporary */
async function reasonIfDeleted(context: IExecuteFunctions): Promise<string | undefined> {
	try {
		await context.getCredentials(CREDENTIAL_TYPE);
		return undefined;
	} catch (caught) {
		const { message } = asVideoError(caught);
		return isDeletedCredential(message) ? message : undefined;
	}
}

async function checkVideo(ctx: ItemContext, given: PausedItem): Promise<PausedItem> {
	const video = given.json.video!;
	const late = isLate(given);
	const paid: PaidTask = {
		id: video.taskId,
		createdAt: fromDate(video.createdAt),
		isOurs: true,
		odd: video.odd && { ...video.odd, sinceMs: Math.min(fromDate(video.odd.sinceMs), clock.now()) },
	};
	const task = await taskOf(ctx, paid, video, late).catch(asVideoError);
	ctx.signal.throwIfAborted();
	const item = changed(given, { video: { ...video, odd: savedOdd(paid.odd, video.odd) } });
	if (task instanceof VideoError) {
		const isOver = !task.traits.transient && isGivenUp(paid.odd);
		if (!isOver) return late ? outOfTime(item, task) : item;
		return failedItem(item, task.traits.taskGone ? task.with({ detail: 'givenUp' }) : task);
	}
	if (task.status === TASK_STATUS.failed) return failedItem(item, failedError(task));
	if (isFinished(task)) return finished(item, task);
	return late ? outOfTime(changed(item, { output: task.json })) : unfinished(item, task);
}

/** A check counts once, however often it asks: the next one may find the task. */
function savedOdd(odd: OddResponses | undefined, before: OddResponses | undefined) {
	if (!odd) return undefined;
	const count = before?.kind === odd.kind ? Math.min(odd.count, before.count + 1) : 1;
	return { ...odd, count, sinceMs: toDate(odd.sinceMs) };
}

/** @param lastError of the last check, if it did not get the task */
function outOfTime(item: PausedItem, lastError?: VideoError): PausedItem {
	const { output } = item.json;
	const { returnsTask, taskId: id, timeoutMin } = item.json.video!;
	if (returnsTask) return endedItem(item, { json: output }, 'unfinished');
	return failedItem(item, lateError({ id, status: asText(output.status) }, timeoutMin, lastError));
}

/** The task now, or at its end if that is near. */
async function taskOf(
	ctx: ItemContext,
	paid: PaidTask,
	{ createdAt, intervalMs, deadline, seen = { atMs: createdAt, percent: 0 } }: PausedVideo,
	late: boolean,
): Promise<Task> {
	const patienceMs = late ? limits.retrieveRetryMs : limits.pausedCheckRetryMs;
	const task = await currentTask(ctx, paid, patienceMs);
	const now = clock.date();
	const restMs = remainingMs(seen, progressOf(task, now), now) ?? Infinity;
	if (isFinished(task) || late || restMs > limits.nearEndMs) return task;
	const until = fromDate(Math.min(now + limits.nearEndMs, deadline));
	const follow = { intervalMs, deadline: until };
	return (await followTask(ctx, Object.assign(paid, { task }), follow)).task;
}

/** Still waited for if its file is wanted. */
const finished = (item: PausedItem, task: Task): PausedItem =>
	item.json.video!.output.binaryField
		? changed(item, { output: task.json })
		: endedItem(item, task);

function unfinished(item: PausedItem, task: Task): PausedItem {
	const video = item.json.video!;
	const now = clock.date();
	const { seen = { atMs: video.createdAt, percent: 0 } } = video;
	const progress = progressOf(task, now);
	const restMs = remainingMs(seen, progress, now);
	return changed(item, {
		output: task.json,
		video: { ...video, seen: restMs === undefined ? seen : progress },
		checkAt: now + (restMs ?? limits.pausedCheckMs),
	});
}

const progressOf = ({ progress = 0 }: Task, atMs: number) => ({ atMs, percent: progress });

const isFileWanted = (item: PausedItem) =>
	isWaiting(item) && item.json.output.status === TASK_STATUS.completed;

/** Returns the finished ones with their files, or with why there is none. */
async function download(
	context: IExecuteFunctions,
	items: PausedItem[],
	data: InternalData,
	subWorkflow: SubWorkflow,
): Promise<PausedItem[]> {
	const wanted = items.filter(isFileWanted);
	if (wanted.length === 0) return items;
	const files = (await runDownload(context, wanted, data, subWorkflow)).values();
	return items.map((item) =>
		isFileWanted(item) ? withFileLink(context, item, files.next().value!) : item,
	);
}

async function runDownload(
	context: IExecuteFunctions,
	items: PausedItem[],
	data: InternalData,
	subWorkflow: SubWorkflow,
): Promise<PausedItem[]> {
	const keeper = { executionId: data.keptIn!, workflowId: context.getWorkflow().id! };
	try {
		const { items: output } = await runSubWorkflow(context, subWorkflow, data, toN8nItems(items), {
			...keeper,
			shouldResume: false,
		});
		return readItems(output)!;
	} catch (caught) {
		const { message: reason } = asVideoError(caught);
		const error = new VideoError('downloadFailed', { detail: 'connection', reason });
		return items.map((item) => failedUnlessTransient(item, error, isLate(item)));
	}
}

/** Only now: a link made in the sub-execution would lead to a file that n8n deletes with it. */
function withFileLink(context: IExecuteFunctions, item: PausedItem, downloaded: PausedItem) {
	const { isLinkWanted, binaryField } = item.json.video!.output;
	const file = downloaded.binary?.[binaryField!];
	if (!isLinkWanted || !file) return downloaded;
	const { link, hint } = createFileLink(context, file);
	return changed(downloaded, {
		...(hint && { hint }),
		...(link && { output: { ...downloaded.json.output, file_url: link } }),
	});
}

/** The next check comes when the last video is expected, and before the first one has to be given up. */
function scheduled(items: PausedItem[]): PausedItem[] {
	const now = clock.date();
	const { min, max } = limits.pausedCheckRangeMs;
	const waiting = items.filter(isWaiting);
	const expected = waiting.map(({ json: { checkAt = 0 } }) =>
		checkAt > now ? checkAt : now + limits.pausedCheckMs,
	);
	const deadlines = waiting.map(({ json }) => json.video!.deadline);
	const wanted = Math.min(Math.max(...expected), now + max, ...deadlines);
	const checkAt = Math.max(wanted, now + min);
	return items.map((item) => (isWaiting(item) ? changed(item, { checkAt }) : item));
}
