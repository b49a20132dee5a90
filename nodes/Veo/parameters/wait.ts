import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_POLL_INTERVAL_S, DEFAULT_TIMEOUT_MIN, limits } from '../limits';

/** The values of 'On Timeout' and 'While Waiting', as saved workflows have them. */
export const ON_TIMEOUT = { error: 'error', returnTask: 'returnTask' } as const;
export const WAIT_MODE = { memory: 'memory', durable: 'durable' } as const;

export const onTimeout: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	options: [
		{
			name: 'Return Task',
			value: ON_TIMEOUT.returnTask,
			description: 'Return the unfinished task, so you can get the video later',
		},
		{
			name: 'Throw Error',
			value: ON_TIMEOUT.error,
			description:
				'Stop the node. If you retry the execution, it keeps waiting for the same video.',
		},
	],
	default: 'error',
	description: "What to do if a video isn't finished before the timeout",
};

export const pollInterval: INodeProperties = {
	displayName: 'Polling Interval (Seconds)',
	name: 'pollInterval',
	type: 'number',
	typeOptions: { minValue: limits.pollIntervalS.min },
	default: DEFAULT_POLL_INTERVAL_S,
	description:
		'Longest time between two status checks. The node checks more often when it can tell that a video is almost finished.',
};

export const timeout: INodeProperties = {
	displayName: 'Timeout (Minutes)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: limits.timeoutMin.min },
	default: DEFAULT_TIMEOUT_MIN,
	description: 'How long to wait for each video. CometAPI keeps working on it after the timeout.',
};

const pause = {
	name: 'Pause Execution (Survives Restarts)',
	value: WAIT_MODE.durable,
	description:
		"Start all videos, then save the execution to n8n's database and check about once a minute",
};

const keepRunning = {
	name: 'Keep Execution Running',
	value: WAIT_MODE.memory,
	description: 'Fastest way to get the result',
};

export const waitMode: INodeProperties = {
	displayName: 'While Waiting',
	name: 'waitMode',
	type: 'options',
	noDataExpression: true,
	options: [keepRunning, pause],
	default: 'memory',
	description: 'How n8n waits for the videos',
};

/** The names of the values of 'While Waiting'. */
export const WAIT_MODE_NAMES = { memory: keepRunning.name, durable: pause.name };

export const waitOptions = [onTimeout, pollInterval, timeout, waitMode];
