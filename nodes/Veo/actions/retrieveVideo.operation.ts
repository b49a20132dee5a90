import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

import type { RunContext } from '../core/context';
import { OPERATION } from '../parameters/operation';
import { maxConcurrent, optionsField } from '../parameters/options';
import { outputOptions, outputParameters } from '../parameters/output';
import { internalData, internalRole, taskId } from '../parameters/task';

export const description = updateDisplayOptions({ show: { operation: [OPERATION.retrieve] } }, [
	internalRole,
	internalData,
	taskId,
	...outputParameters,
	optionsField([...outputOptions, maxConcurrent]),
]);

/** Returns the current state of each task, with the file if it is finished. */
export async function execute(run: RunContext): Promise<INodeExecutionData[]> {
	const { deliverVideo } = await import('../core/download');
	const { currentTask } = await import('../core/followTask');
	const { eachItem } = await import('../input/jobs');
	const { readOutputOptions, readTaskId } = await import('../input/options');
	const { runBatch } = await import('./batch');
	const { context } = run;
	return await runBatch(run, {
		jobs: eachItem(context),
		check: async (job) => ({
			id: readTaskId(context, job.itemIndexes[0]),
			output: readOutputOptions(context, job),
		}),
		run: async (ctx, { id, output }) => {
			const known = { id, createdAt: -Infinity, isOurs: false };
			const task = await currentTask(ctx, known);
			return await deliverVideo(ctx, known, task, { output });
		},
	});
}
