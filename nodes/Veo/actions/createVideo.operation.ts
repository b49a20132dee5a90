import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

import type { RunContext } from '../core/context';
import { OPERATION } from '../parameters/operation';
import { optionsField } from '../parameters/options';
import { createOptions, createParameters } from '../parameters/request';

export const description = updateDisplayOptions({ show: { operation: [OPERATION.create] } }, [
	...createParameters,
	optionsField(createOptions),
]);

/** Creates the tasks and returns them without waiting for the videos. */
export async function execute(run: RunContext): Promise<INodeExecutionData[]> {
	const { createDeadline } = await import('../core/deadline');
	const { currentTask } = await import('../core/followTask');
	const { approve } = await import('../input/approve');
	const { eachVideo } = await import('../input/jobs');
	const { checkRequest, sendRequest, withAsked } = await import('../input/request');
	const { runBatch } = await import('./batch');
	const checkedUrls = new Map();
	return await runBatch(run, {
		jobs: eachVideo(run.context),
		check: async (job) => await checkRequest(run, job, checkedUrls),
		approve: async (requests) => await approve(run, requests),
		run: async (ctx, request) => {
			const paid = await sendRequest(ctx, request, createDeadline());
			return await ctx.ledger.using(paid, async () => {
				const { json } = await currentTask(ctx, paid);
				ctx.ledger.delivered(paid);
				return withAsked({ json }, request);
			});
		},
	});
}
