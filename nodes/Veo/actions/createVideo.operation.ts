import { updateDisplayOptions } from 'n8n-workflow';

import { imageParameters } from './fields/image.fields';
import { OPERATION } from './fields/operation.fields';
import {
	maxConcurrent,
	maxCost,
	maxVideos,
	numberOfVideos,
	optionsField,
} from './fields/options.fields';
import { duration, extraFields, model, prompt, size } from './fields/request.fields';
import type { Operation } from './operation';
import type { CheckedRequest } from './readRequest';

export const description = updateDisplayOptions({ show: { operation: [OPERATION.create] } }, [
	prompt,
	model,
	size,
	...imageParameters,
	optionsField([extraFields, duration, maxConcurrent, maxCost, maxVideos, numberOfVideos]),
]);

/** Creates the task and returns it as it is then. */
export async function loadOperation(): Promise<Operation<CheckedRequest>> {
	const { createDeadline } = await import('../core/deadline');
	const { currentTask } = await import('../core/followTask');
	const { checkMaxCost, withEstimate } = await import('./estimateCost');
	const { checkRequest, listVideos, sendRequest } = await import('./readRequest');
	const checkedUrls = new Map();
	return {
		listJobs: listVideos,
		check: async ({ context }, job) => await checkRequest(context, job, checkedUrls),
		approve: checkMaxCost,
		run: async (ctx, checked) => {
			const paid = await sendRequest(ctx, checked, createDeadline());
			const { json } = await currentTask(ctx, paid);
			ctx.ledger.delivered(paid.key!);
			return withEstimate({ json }, checked.estimatedCostUsd);
		},
	};
}
