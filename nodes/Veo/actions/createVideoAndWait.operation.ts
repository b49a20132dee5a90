import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties } from 'n8n-workflow';

import { isFinished } from '../api/task';
import { clock } from '../clock';
import { DEFAULT_POLL_INTERVAL_S, DEFAULT_TIMEOUT_MIN, limits } from '../limits';
import type { Job } from '../run/batch';
import { deliverVideo } from '../run/download';
import { timeoutFault } from '../run/faults';
import { followVideo, startVideo } from '../run/video';
import type { Shared } from '../run/video';
import { groupItems } from './image.fields';
import { checkRequest, readRequest } from './request.fields';
import {
	extraFields,
	fileName,
	maxConcurrent,
	maxVideos,
	readNumberOption,
	readOutputOptions,
} from './shared.fields';

const onTimeout: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	options: [
		{
			name: 'Return Task',
			value: 'returnTask',
			description: 'Hand on the unfinished task, so that the workflow can retrieve the video later',
		},
		{
			name: 'Throw Error',
			value: 'error',
			description: 'Stop with the task ID; Retry goes on waiting for the same video',
		},
	],
	default: 'error',
	description: 'What to do with a video that is not finished in time',
};

const pollInterval: INodeProperties = {
	displayName: 'Polling Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: limits.pollIntervalS.min },
	default: DEFAULT_POLL_INTERVAL_S,
	description: 'How often to ask CometAPI whether a video is finished',
};

const timeout: INodeProperties = {
	displayName: 'Timeout (Minutes)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_TIMEOUT_MIN,
	description: 'How long to wait for a video; it goes on at CometAPI all the same',
};

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { operation: ['createAndWait'] } },
	[
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [extraFields, fileName, maxConcurrent, maxVideos, onTimeout, pollInterval, timeout],
		},
	],
);

/** Makes the task, waits for it and fetches the file. */
export function plan(shared: Shared): Job[] {
	const { context } = shared;
	return groupItems(context).map((itemIndexes) => ({
		itemIndexes,
		check: async () => {
			const [item] = itemIndexes;
			const request = await checkRequest(context, itemIndexes);
			const output = readOutputOptions(context, item);
			const intervalMs = 1000 * readNumberOption(context, item, pollInterval, limits.pollIntervalS);
			const timeoutMin = readNumberOption(context, item, timeout, limits.timeoutMin);
			const onEnd = context.getNodeParameter('options.onTimeout', item, 'error');
			return async (signal) => {
				const run = { ...shared, signal };
				const read = async () => await readRequest(context, request);
				const deadline = clock.now() + timeoutMin * 60_000;
				const video = await startVideo(run, item, read, deadline);
				const task = await followVideo(run, video, { intervalMs, deadline });
				if (!isFinished(task) && onEnd !== 'returnTask') throw timeoutFault(task, timeoutMin);
				return await deliverVideo(run, task, output);
			};
		},
	}));
}
