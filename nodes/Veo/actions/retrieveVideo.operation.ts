import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties } from 'n8n-workflow';

import { Fault } from '../api/fault';
import type { Job } from '../run/batch';
import { deliverVideo } from '../run/download';
import { currentTask } from '../run/video';
import type { Shared } from '../run/video';
import { parkedRole } from './followVideos.operation';
import { fileName, includeFileLink, maxConcurrent, readOutputOptions } from './shared.fields';

const show = { operation: ['retrieve'] };

/** Which task; above what the operations have in common. */
export const fields: INodeProperties[] = updateDisplayOptions({ show }, [
	parkedRole,
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		required: true,
		default: '={{ $json.id }}',
		placeholder: 'e.g. task_pa9CKKtYlTdxO7IIHOKKhXfjxEu4EQoR',
		description: "The ID that 'Create Video' gave",
	},
]);

export const description: INodeProperties[] = updateDisplayOptions({ show }, [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [fileName, includeFileLink, maxConcurrent],
	},
]);

/** Hands on the task as it stands now, with the file if it is finished. */
export function plan(shared: Shared): Job[] {
	const { context } = shared;
	return context.getInputData().map((_, item) => ({
		itemIndexes: [item],
		check: async () => {
			const id = String(context.getNodeParameter('taskId', item, '') ?? '').trim();
			if (!id) {
				throw new Fault("'Task ID' is empty", {
					advice: "Map the field 'id' of the item that 'Create Video' gave",
				});
			}
			const output = readOutputOptions(context, item);
			return async (signal) => {
				const run = { ...shared, signal };
				return await deliverVideo(run, await currentTask(run, { id, createdAt: 0 }), output);
			};
		},
	}));
}
