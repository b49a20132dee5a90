import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

import type { RunContext } from '../core/context';
import { OPERATION } from '../parameters/operation';
import { optionsField } from '../parameters/options';
import { outputOptions, outputParameters } from '../parameters/output';
import { createOptions, createParameters } from '../parameters/request';
import { waitOptions } from '../parameters/wait';

export const description = updateDisplayOptions(
	{ show: { operation: [OPERATION.createAndWait] } },
	[
		...createParameters,
		...outputParameters,
		optionsField([...createOptions, ...outputOptions, ...waitOptions]),
	],
);

/** Creates the tasks and waits for the videos and their files, or pauses the execution meanwhile. */
export async function execute(run: RunContext): Promise<INodeExecutionData[]> {
	const { deadlineIn } = await import('../core/deadline');
	const { deliverVideo } = await import('../core/download');
	const { waitForTask } = await import('../core/followTask');
	const { approve } = await import('../input/approve');
	const { eachVideo } = await import('../input/jobs');
	const { readOutputOptions, readWaitParameters } = await import('../input/options');
	const { askedOf, checkRequest, sendRequest, withAsked } = await import('../input/request');
	const { createPausedRun, isPauseWanted } = await import('../pause');
	const { runBatch } = await import('./batch');
	const { context } = run;
	const checkedUrls = new Map();
	const paused = createPausedRun(run);
	const items = await runBatch(run, {
		jobs: eachVideo(context),
		check: async (job, client) => {
			const [item] = job.itemIndexes;
			const isPaused = isPauseWanted(context);
			if (isPaused) await paused.require(client);
			return {
				request: await checkRequest(run, job, checkedUrls),
				output: readOutputOptions(context, job),
				wait: readWaitParameters(context, item),
				isPaused,
			};
		},
		approve: async (checked) =>
			await approve(
				run,
				checked.map(({ request }) => request),
			),
		run: async (ctx, { request, output, wait, isPaused }) => {
			const deadline = deadlineIn(wait.timeoutMin);
			const follow = { ...wait, deadline };
			const paid = await sendRequest(ctx, request, deadline);
			return await ctx.ledger.using(paid, async () => {
				if (isPaused) return await paused.add(ctx, paid, { ...follow, output }, askedOf(request));
				const task = await waitForTask(ctx, paid, follow);
				const item = await deliverVideo(ctx, paid, task, { output, deadline });
				return withAsked(item, request);
			});
		},
	});
	return await paused.pause(items);
}
