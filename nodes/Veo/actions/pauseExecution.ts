import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';

import {
	builtInStep,
	connectionTo,
	currentTask,
	failedError,
	requirePause,
	runSubWorkflow,
	sameNodeStep,
} from '../core';
import type { ItemContext, OutputOptions, PaidTask, PausedExecution } from '../core';
import type { JobOutput } from '../core/batch';
import { limits } from '../limits';
import { TASK_STATUS } from '../transport/task';
import { operation, OPERATION } from './fields/operation.fields';
import { maxConcurrent } from './fields/options.fields';
import { INTERNAL_ROLE, internalRole } from './fields/task.fields';
import { WAIT_MODE, waitMode } from './fields/wait.fields';
import { readMaxConcurrent, readOption } from './readOptions';
import type { WaitParameters } from './readOptions';

/** What is known of a video that is waited for; kept as JSON in n8n's database. Times in ms. */
export interface PausedVideo extends WaitParameters {
	taskId: string;
	createdAt: number;
	deadline: number;
	output: OutputOptions;
	estimatedCostUsd?: number;
	paused: PausedExecution;
}

/** Whether the execution is paused while it waits: one answer for all items, as they wait together. */
export const isPauseWanted = (context: IExecuteFunctions) =>
	readOption(context, 0, waitMode) === WAIT_MODE.durable;

export { requirePause as readPausedExecution };

const itemOf = (video: PausedVideo) => ({ json: { paused: video as unknown as IDataObject } });

/** An item stays paused until its video has come to an end. */
export const pausedVideoOf = ({ json }: INodeExecutionData) =>
	json.paused as unknown as PausedVideo | undefined;

/**
 * A started video, to be waited for outside of this execution. It is checked once, so that a retry
 * does not pause for a task that has failed meanwhile.
 */
export async function pausedItem(
	ctx: ItemContext,
	paid: PaidTask,
	rest: Omit<PausedVideo, 'taskId' | 'createdAt'>,
): Promise<JobOutput> {
	const task = await currentTask(ctx, paid);
	if (task.status === TASK_STATUS.failed) throw failedError(task);
	return itemOf({ taskId: paid.id, createdAt: paid.createdAt, ...rest });
}

/** The same item for another round of waiting. */
export const stillPaused = itemOf;

/**
 * Saves this execution in n8n's database; what the sub-execution returns in the end becomes the output
 * of the node. There, this same node checks the items again and again.
 */
export async function pauseExecution(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	paused: PausedExecution,
): Promise<INodeExecutionData[]> {
	const onError = context.continueOnFail() ? 'continueRegularOutput' : 'stopWorkflow';
	const [wait, check, allFinished] = ['Wait', 'Check Videos', 'All Finished?'];
	const output = await runSubWorkflow(
		context,
		{
			name: 'Wait for videos',
			steps: [
				builtInStep(wait, 'wait', 1.1, {
					resume: 'timeInterval',
					amount: limits.pausedIntervalS,
					unit: 'seconds',
				}),
				sameNodeStep(context, check, onError, {
					...retrieveAs(INTERNAL_ROLE.check),
					options: { [maxConcurrent.name]: readMaxConcurrent(context) },
				}),
				builtInStep(allFinished, 'if', 2.2, NONE_PAUSED),
			],
			connections: { [allFinished]: { main: [[], connectionTo(wait)] } },
		},
		items,
		paused,
		true,
	);
	return output ?? items;
}

export const retrieveAs = (role: string): INodeParameters => ({
	[operation.name]: OPERATION.retrieve,
	[internalRole.name]: role,
});

const NONE_PAUSED: INodeParameters = {
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: [
			{
				id: 'paused',
				leftValue: '={{ $input.all().some((item) => item.json.paused) }}',
				rightValue: '',
				operator: { type: 'boolean', operation: 'false', singleValue: true },
			},
		],
	},
};
