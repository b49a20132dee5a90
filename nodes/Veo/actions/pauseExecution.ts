import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clock } from '../clock';
import type { JobOutput } from '../core/batch';
import type { ItemContext, RunContext } from '../core/context';
import type { PaidTask } from '../core/createTask';
import { currentTask, failedError } from '../core/followTask';
import {
	failedItem,
	isWaiting,
	readPausedItem,
	readPausedItems,
	writePausedItem,
} from '../core/pausedItem';
import type { PausedItem, PausedVideo } from '../core/pausedItem';
import { noneStep, requirePause, runSubWorkflow } from '../core/subWorkflow';
import { asVideoError } from '../errors';
import { limits } from '../limits';
import { TASK_STATUS } from '../transport/task';
import { INTERNAL_ROLE } from './fields/task.fields';
import { WAIT_MODE, waitMode } from './fields/wait.fields';
import { internalStep } from './internalStep';
import type { InternalData } from './internalStep';
import { pausedOutput } from './pausedOutput';
import { readMaxConcurrent, readOption } from './readOptions';

/** Whether the execution is paused while it waits: one answer for all items, as they wait together. */
export const isPauseWanted = (context: IExecuteFunctions) =>
	readOption(context, 0, waitMode) === WAIT_MODE.durable;

export { requirePause };

/**
 * A started video, to be waited for outside of this execution. It is checked once, so that a retry
 * does not pause for a task that has failed meanwhile.
 */
export async function pausedJob(
	ctx: ItemContext,
	paid: PaidTask,
	rest: Omit<PausedVideo, 'taskId' | 'createdAt'>,
	estimatedCostUsd?: number,
): Promise<JobOutput> {
	const task = await currentTask(ctx, paid);
	if (task.status === TASK_STATUS.failed) throw failedError(task);
	const video = { taskId: paid.id, createdAt: paid.createdAt, ...rest };
	const state = { inputItems: [], video, isWaiting: true, estimatedCostUsd };
	return writePausedItem({ json: task.json, state });
}

/**
 * Saves this execution in n8n's database until its videos have come to an end; what the sub-execution
 * returns then becomes the output of the node.
 * @returns the tasks, for whoever gets an answer before that, such as the caller of a webhook
 */
export async function pauseExecution(
	run: RunContext,
	outputs: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const { context } = run;
	const items = outputs.map(pausedItemOf);
	if (!items.some(isWaiting)) return outputs;
	const data: InternalData = {
		paused: requirePause(context),
		stopsOnError: !context.continueOnFail(),
		maxConcurrent: readMaxConcurrent(context),
		credentials: context.getNode().credentials,
	};
	// as they are when an earlier try was cut short
	const areFinished = items
		.filter(isWaiting)
		.every(({ json }) => json.status === TASK_STATUS.completed);
	const checkAt = clock.now() + limits.pausedCheckRangeMs.min;
	const ended = await startWatching(context, areFinished ? items.map(at(checkAt)) : items, data);
	if (!ended) return items.map(meanwhile);
	return pausedOutput(context, ended, data.stopsOnError, true);
}

const at =
	(checkAt: number) =>
	(item: PausedItem): PausedItem => ({
		...item,
		state: { ...item.state, checkAt },
	});

/** n8n would run the node again for the `error` of the first item, and start waiting twice. */
function meanwhile({ json }: PausedItem, item: number): INodeExecutionData {
	const { error, ...task } = json;
	const failed = { status: TASK_STATUS.failed, failure: { message: error } };
	return { json: error ? failed : task, pairedItem: { item } };
}

const pairedItems = ({ pairedItem }: INodeExecutionData) =>
	[pairedItem ?? []].flat().map((each) => (typeof each === 'number' ? each : each.item));

function pausedItemOf(output: INodeExecutionData): PausedItem {
	const { state, ...rest } = readPausedItem(output) ?? { ...output, state: {} };
	return { ...rest, state: { ...state, inputItems: pairedItems(output) } };
}

/** @returns the items where the videos cannot be waited for, else nothing */
async function startWatching(
	context: IExecuteFunctions,
	items: PausedItem[],
	data: InternalData,
): Promise<PausedItem[] | undefined> {
	const [watch, conclude] = ['Wait for Videos', 'Videos or Errors'];
	try {
		const { items: output, isPaused } = await runSubWorkflow(
			context,
			{
				name: 'Wait for videos',
				steps: [
					internalStep(context, conclude, INTERNAL_ROLE.conclude, data),
					noneStep('All Finished?', 'json.paused?.isWaiting'),
				],
				elseSteps: [internalStep(context, watch, INTERNAL_ROLE.watch, data)],
				elseTo: conclude,
				isKept: true,
			},
			items.map(writePausedItem),
			data.paused,
			true,
		);
		return isPaused ? undefined : (readPausedItems(output) ?? items);
	} catch (caught) {
		return items.map((item) => notStarted(item, caught));
	}
}

/** What the sub-execution cannot be started for: nobody waits, and the tasks are paid for. */
export function notStarted(item: PausedItem, caught: unknown): PausedItem {
	if (!isWaiting(item)) return item;
	const { message } = asVideoError(caught);
	return failedItem(item, 'pauseEnded', { detail: 'notStarted', reason: message });
}
