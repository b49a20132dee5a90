import { updateDisplayOptions } from 'n8n-workflow';

import type { OutputOptions } from '../core';
import { firstFrameField, imageField, imageInput, lastFrameField } from './fields/image.fields';
import { OPERATION } from './fields/operation.fields';
import { maxConcurrent, maxVideos, optionsField } from './fields/options.fields';
import {
	binaryPropertyOutput,
	downloadVideo,
	fileName,
	includeFileLink,
} from './fields/output.fields';
import { duration, extraFields, model, prompt, size } from './fields/request.fields';
import { onTimeout, pollInterval, timeout, waitMode } from './fields/wait.fields';
import type { Operation } from './operation';
import type { WaitParameters } from './readOptions';
import type { CheckedRequest } from './readRequest';

export const description = updateDisplayOptions(
	{ show: { operation: [OPERATION.createAndWait] } },
	[
		prompt,
		model,
		size,
		imageInput,
		imageField,
		firstFrameField,
		lastFrameField,
		downloadVideo,
		binaryPropertyOutput,
		optionsField([
			extraFields,
			duration,
			fileName,
			includeFileLink,
			maxConcurrent,
			maxVideos,
			onTimeout,
			pollInterval,
			timeout,
			waitMode,
		]),
	],
);

interface Checked {
	request: CheckedRequest;
	output: OutputOptions;
	wait: WaitParameters;
	/** Whether the execution is paused while it waits. */
	isPaused: boolean;
}

/** Creates the task, waits for it and downloads the file; or pauses the execution meanwhile. */
export async function loadOperation(): Promise<Operation<Checked>> {
	const { createTask, deadlineIn, deliverVideo, waitForTask } = await import('../core');
	const { checkRequest, groupItems, readRequest } = await import('./readRequest');
	const { readOutputOptions, readWaitParameters } = await import('./readOptions');
	const { isPauseWanted, pausedJob, pauseExecution, requirePause } =
		await import('./pauseExecution');
	return {
		groupItems,
		check: async ({ context }, itemIndexes) => {
			const [item] = itemIndexes;
			const isPaused = isPauseWanted(context);
			if (isPaused) requirePause(context);
			return {
				request: await checkRequest(context, itemIndexes),
				output: readOutputOptions(context, item),
				wait: readWaitParameters(context, item),
				isPaused,
			};
		},
		run: async (ctx, { request, output, wait, isPaused }) => {
			const deadline = deadlineIn(wait.timeoutMin);
			const [item] = request.itemIndexes;
			const paid = await createTask(ctx, item, await readRequest(ctx.context, request), deadline);
			if (isPaused) return await pausedJob(ctx, paid, { ...wait, deadline, output });
			const task = await waitForTask(ctx, paid, { ...wait, deadline });
			return await deliverVideo(ctx, paid, task, { output, deadline });
		},
		finish: pauseExecution,
	};
}
