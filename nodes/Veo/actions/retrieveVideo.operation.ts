import { updateDisplayOptions } from 'n8n-workflow';

import type { OutputOptions } from '../core/download';
import { OPERATION } from './fields/operation.fields';
import { maxConcurrent, optionsField } from './fields/options.fields';
import {
	binaryPropertyOutput,
	downloadVideo,
	fileName,
	includeFileLink,
} from './fields/output.fields';
import { internalData, internalRole, taskId } from './fields/task.fields';
import type { Operation } from './operation';

export const description = updateDisplayOptions({ show: { operation: [OPERATION.retrieve] } }, [
	internalRole,
	internalData,
	taskId,
	downloadVideo,
	binaryPropertyOutput,
	optionsField([fileName, includeFileLink, maxConcurrent]),
]);

interface Checked {
	id: string;
	output: OutputOptions;
}

/** Returns the task as it is now, with the file if it is finished. */
export async function loadOperation(): Promise<Operation<Checked>> {
	const { deliverVideo } = await import('../core/download');
	const { currentTask } = await import('../core/followTask');
	const { eachItem } = await import('./operation');
	const { readOutputOptions, readTaskId } = await import('./readOptions');
	return {
		listJobs: eachItem,
		check: async ({ context }, { itemIndexes: [item] }) => ({
			id: readTaskId(context, item),
			output: readOutputOptions(context, item),
		}),
		run: async (ctx, { id, output }) => {
			const known = { id, createdAt: 0 };
			const task = await currentTask(ctx, known);
			return await deliverVideo(ctx, known, task, { output });
		},
	};
}
