import type { Job } from '../run/batch';
import { deliverVideo } from '../run/download';
import { currentTask } from '../run/video';
import type { Shared } from '../run/video';
import { readOutputOptions } from './shared.fields';
import { readTaskId } from './task.fields';

/** Hands on the task as it stands now, with the file if it is finished. */
export function plan(shared: Shared): Job[] {
	const { context } = shared;
	return context.getInputData().map((_, item) => ({
		itemIndexes: [item],
		check: async () => {
			const id = readTaskId(context, item);
			const output = readOutputOptions(context, item);
			return async (signal) => {
				const run = { ...shared, signal };
				return await deliverVideo(run, await currentTask(run, { id, createdAt: 0 }), output);
			};
		},
	}));
}
