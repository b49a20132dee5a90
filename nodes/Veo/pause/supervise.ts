import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clock } from '../clock';
import { asVideoError } from '../errors';
import { limits } from '../limits';
import {
	isCanceled,
	isRetry,
	memoryOf,
	parentExecutionOf,
	runIndexOf,
	setErrorIfKilled,
} from '../n8n';
import { pausedOutput } from './output';
import { changed, endedItem, failWaiting, isWaiting, readItems, toN8nItems } from './state';
import type { PausedItem } from './state';
import { setWaiting } from './step';
import type { InternalData } from './step';
import { runSubWorkflow } from './subWorkflows';
import type { SubWorkflow } from './subWorkflows';

/** Starts the sub-execution that checks the videos, and pauses until it has ended or was killed. */
export async function superviseChecks(
	context: IExecuteFunctions,
	data: InternalData,
	subWorkflow: SubWorkflow,
): Promise<INodeExecutionData[]> {
	const items = readItems(context.getInputData())!;
	const self = { executionId: context.getExecutionId(), workflowId: context.getWorkflow().id! };
	// the files of a retried execution are its own: nothing waits for it any more
	const keeper = isRetry(context) ? self : (parentExecutionOf(context) ?? self);
	try {
		await runSubWorkflow(
			context,
			subWorkflow,
			{ ...data, keptIn: keeper.executionId },
			toN8nItems(items),
			{ ...self, shouldResume: true },
		);
	} catch (caught) {
		return toN8nItems(failWaiting(items, 'notStarted', asVideoError(caught).message));
	}
	return outputIfKilled(context, items, data);
}

/** n8n takes this for the output if the execution is killed while it resumes: no success. */
function outputIfKilled(context: IExecuteFunctions, items: PausedItem[], data: InternalData) {
	try {
		return pausedOutput(context, failWaiting(items, 'interrupted'), data, false);
	} catch (caught) {
		setErrorIfKilled(context, caught as Error);
		return toN8nItems(items);
	}
}

/** The checks so far; n8n saves it with the execution. */
interface Memory {
	/** The items before the last one. */
	items?: INodeExecutionData[];
	/** How many in a row were killed without any progress. */
	killed?: number;
	/** The execution in which a person has retried this one. */
	retriedIn?: string;
}

/** Takes the items of the checks, or the previous items if they were killed, until all videos have ended. */
export async function collectVideos(
	context: IExecuteFunctions,
	data: InternalData,
): Promise<INodeExecutionData[]> {
	setErrorIfKilled(context, undefined);
	const input = context.getInputData();
	const returned = readItems(input);
	const memory = memoryOf(context) as Memory;
	const isAgain = returned && isRetried(context, memory);
	const reason = returned ? undefined : String(input[0]?.json.error ?? '');
	const items = remember(memory, isAgain ? returned.map(waitAgain) : returned);
	const detail = endOf(memory, reason);
	const ended = detail ? failWaiting(items, detail, reason) : items;
	setWaiting(context, ended.some(isWaiting));
	return ended.some(isWaiting) ? toN8nItems(ended) : endedOutput(context, ended, data);
}

/** Whether a person has just retried the execution: only then an ended one runs with this input. */
function isRetried(context: IExecuteFunctions, memory: Memory): boolean {
	const id = context.getExecutionId();
	if (!isRetry(context) || memory.retriedIn === id) return false;
	Object.assign(memory, { retriedIn: id, items: undefined });
	return true;
}

/** @param returned undefined if the checks were killed @returns the current items */
function remember(memory: Memory, returned: PausedItem[] | undefined): PausedItem[] {
	const before = memory.items && readItems(memory.items)!;
	const items = returned ?? before!;
	const hasProgress = JSON.stringify(items) !== JSON.stringify(before);
	memory.killed = !before ? 0 : hasProgress ? 1 : (memory.killed ?? 0) + 1;
	memory.items = toN8nItems(items);
	return items;
}

function endOf({ killed = 0 }: Memory, reason = ''): 'stopped' | 'killed' | undefined {
	if (isCanceled(reason)) return 'stopped';
	return killed >= limits.maxKilledChecks ? 'killed' : undefined;
}

function endedOutput(context: IExecuteFunctions, items: PausedItem[], data: InternalData) {
	// the node that has started this execution is still running, and its retry reuses the tasks
	const isFirst = runIndexOf(context) <= 1;
	const isNotStarted = items.some(({ json }) => json.failure?.data.detail === 'notStarted');
	if (isFirst && isNotStarted) return toN8nItems(items);
	return pausedOutput(context, items, data, false);
}

/** After a manual retry, waits for a video that was not delivered as if it were new. */
function waitAgain(item: PausedItem): PausedItem {
	const { video, output } = item.json;
	if (!video) return item;
	const deadline = clock.date() + 60_000 * video.timeoutMin;
	return changed(endedItem(item, { json: output }), {
		isWaiting: true,
		video: { ...video, deadline, odd: undefined },
	});
}
