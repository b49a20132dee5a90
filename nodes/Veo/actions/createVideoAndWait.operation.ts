import type { INodeExecutionData } from 'n8n-workflow';

import { isFinished } from '../api/task';
import { clock } from '../clock';
import type { Job } from '../run/batch';
import { deliverVideo } from '../run/download';
import { parentOf, park, parkedVideo } from '../run/durable';
import { timeoutFault } from '../run/faults';
import { followVideo, startVideo } from '../run/video';
import type { Shared } from '../run/video';
import { parkVideo } from './followVideos.operation';
import { groupItems } from './image.fields';
import { checkRequest, readRequest } from './request.fields';
import { readMaxConcurrent, readOutputOptions } from './shared.fields';
import { isDurable, readWaitOptions } from './wait.fields';

/** Makes the task, and waits for it and fetches the file; or leaves that to a parked execution. */
export function plan(shared: Shared): Job[] {
	const { context } = shared;
	return groupItems(context).map((itemIndexes) => ({
		itemIndexes,
		check: async () => {
			const [item] = itemIndexes;
			const request = await checkRequest(context, itemIndexes);
			const output = readOutputOptions(context, item);
			const { intervalMs, timeoutMin, isTaskEnough } = readWaitOptions(context, item);
			const parent = isDurable(context) ? parentOf(context) : undefined;
			return async (signal) => {
				const run = { ...shared, signal };
				const read = async () => await readRequest(context, request);
				const deadline = clock.now() + timeoutMin * 60_000;
				const video = await startVideo(run, item, read, deadline);
				if (parent) {
					return await parkVideo(run, video, {
						deadline,
						timeoutMin,
						isTaskEnough,
						output,
						parent,
					});
				}
				const task = await followVideo(run, video, { intervalMs, deadline });
				if (!isFinished(task)) {
					if (!isTaskEnough) throw timeoutFault(task, timeoutMin, shared.canRetry);
					shared.unfinished.push(task.id);
				}
				return await deliverVideo(run, task, output);
			};
		},
	}));
}

/** Once all videos are started, a durable wait is left to n8n. */
export async function finish({ context }: Shared, items: INodeExecutionData[]) {
	const video = items.map(parkedVideo).find(Boolean);
	if (!video) return items;
	const maxConcurrent = readMaxConcurrent(context);
	return await park(context, items, video.parent, { maxConcurrent });
}
