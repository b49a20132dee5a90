import { updateDisplayOptions } from 'n8n-workflow';

import type { OutputOptions } from '../core/download';
import { imageParameters } from './fields/image.fields';
import { OPERATION } from './fields/operation.fields';
import {
	maxConcurrent,
	maxCost,
	maxVideos,
	numberOfVideos,
	optionsField,
} from './fields/options.fields';
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
		...imageParameters,
		downloadVideo,
		binaryPropertyOutput,
		optionsField([
			extraFields,
			duration,
			fileName,
			includeFileLink,
			maxConcurrent,
			maxCost,
			maxVideos,
			numberOfVideos,
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
	const { deadlineIn } = await import('../core/deadline');
	const { deliverVideo } = await import('../core/download');
	const { waitForTask } = await import('../core/followTask');
	const { checkMaxCost, withEstimate } = await import('./estimateCost');
	const { checkRequest, listVideos, sendRequest } = await import('./readRequest');
	const { readOutputOptions, readWaitParameters } = await import('./readOptions');
	const { isPauseWanted, pausedJob, pauseExecution, requirePause } =
		await import('./pauseExecution');
	const checkedUrls = new Map();
	return {
		listJobs: listVideos,
		check: async ({ context }, job) => {
			const [item] = job.itemIndexes;
			const isPaused = isPauseWanted(context);
			if (isPaused) requirePause(context);
			return {
				request: await checkRequest(context, job, checkedUrls),
				output: readOutputOptions(context, item),
				wait: readWaitParameters(context, item),
				isPaused,
			};
		},
		approve: async (run, checked) =>
			await checkMaxCost(
				run,
				checked.map(({ request }) => request),
			),
		run: async (ctx, { request, output, wait, isPaused }) => {
			const { estimatedCostUsd } = request;
			const deadline = deadlineIn(wait.timeoutMin);
			const paid = await sendRequest(ctx, request, deadline);
			const paused = { ...wait, deadline, output };
			if (isPaused) return await pausedJob(ctx, paid, paused, estimatedCostUsd);
			const task = await waitForTask(ctx, paid, { ...wait, deadline });
			const item = await deliverVideo(ctx, paid, task, { output, deadline });
			return withEstimate(item, estimatedCostUsd);
		},
		finish: pauseExecution,
	};
}
