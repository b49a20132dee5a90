import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DEFAULT_POLL_INTERVAL_S, DEFAULT_TIMEOUT_MIN, limits } from '../limits';
import { readNumberOption } from './shared.fields';

export const onTimeout: INodeProperties = {
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

export const pollInterval: INodeProperties = {
	displayName: 'Polling Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: limits.pollIntervalS.min },
	default: DEFAULT_POLL_INTERVAL_S,
	description: 'How often to ask CometAPI whether a video is finished',
};

export const timeout: INodeProperties = {
	displayName: 'Timeout (Minutes)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_TIMEOUT_MIN,
	description: 'How long to wait for a video; it goes on at CometAPI all the same',
};

export const waitMode: INodeProperties = {
	displayName: 'Wait Mode',
	name: 'waitMode',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Durable (Survives Restarts)',
			value: 'durable',
			description:
				'All videos are started, then the execution waits in the database of n8n, and looks about once a minute',
		},
		{
			name: 'In Memory',
			value: 'memory',
			description: 'The execution runs until the videos are there; the quickest way',
		},
	],
	default: 'memory',
	description: 'How the execution waits for the videos',
};

export interface WaitOptions {
	intervalMs: number;
	timeoutMin: number;
	/** Whether an unfinished task is handed on once the time is over. */
	isTaskEnough: boolean;
}

/** @throws Fault naming the option that cannot be used */
export const readWaitOptions = (context: IExecuteFunctions, item: number): WaitOptions => ({
	intervalMs: 1000 * readNumberOption(context, item, pollInterval, limits.pollIntervalS),
	timeoutMin: readNumberOption(context, item, timeout, limits.timeoutMin),
	isTaskEnough: context.getNodeParameter('options.onTimeout', item, '') === 'returnTask',
});

/** One for all items, as they wait together. */
export const isDurable = (context: IExecuteFunctions) =>
	context.getNodeParameter('options.waitMode', 0, 'memory') === 'durable';
