import { clock } from '../clock';
import { limits } from '../limits';
import type { Job } from '../run/batch';
import { currentTask, startVideo } from '../run/video';
import type { Shared } from '../run/video';
import { groupItems } from './image.fields';
import { checkRequest, readRequest } from './request.fields';

/** Makes the task and hands it on as it stands then. */
export function plan(shared: Shared): Job[] {
	const { context } = shared;
	return groupItems(context).map((itemIndexes) => ({
		itemIndexes,
		check: async () => {
			const request = await checkRequest(context, itemIndexes);
			return async (signal) => {
				const run = { ...shared, signal };
				const read = async () => await readRequest(context, request);
				const deadline = clock.now() + limits.createRetryMs;
				const video = await startVideo(run, itemIndexes[0], read, deadline);
				const task = await currentTask(run, video);
				return { json: task.json };
			};
		},
	}));
}
