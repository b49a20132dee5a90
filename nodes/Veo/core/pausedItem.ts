import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { ErrorData, ErrorKind } from '../errors';
import type { OutputOptions } from './download';

/** What is known of a video that is waited for. Times in ms. */
export interface PausedVideo {
	taskId: string;
	createdAt: number;
	deadline: number;
	/** The longest pause between two checks in memory. */
	intervalMs: number;
	timeoutMin: number;
	/** Whether an unfinished task is returned once the time is over. */
	returnsTask: boolean;
	output: OutputOptions;
	/** The progress at the last check, where there was any. */
	seen?: { atMs: number; percent: number };
}

/** What an item carries beside its task as long as the execution is paused; JSON in n8n's database. */
export interface PausedState {
	/** The input items that it comes from. */
	inputItems: number[];
	estimatedCostUsd?: number;
	/** Absent once it is delivered. */
	video?: PausedVideo;
	/** Whether it is still waited for. */
	isWaiting?: boolean;
	/** When it is checked next, in ms. */
	checkAt?: number;
	/** Why there is no video. */
	failure?: { kind: ErrorKind; data: ErrorData };
	/** Not finished in time, and the task is enough. */
	isUnfinished?: boolean;
}

const KEY = 'paused';

export interface PausedItem {
	/** The task as CometAPI gave it, or the error of an item that was not even created. */
	json: IDataObject;
	binary?: IBinaryKeyData;
	state: PausedState;
}

/** @returns undefined for an item that is none, such as the one in which n8n tells of a killed execution */
export function readPausedItem({ json, binary }: INodeExecutionData): PausedItem | undefined {
	const { [KEY]: state, ...rest } = json;
	return state ? { json: rest, binary, state: state as unknown as PausedState } : undefined;
}

/** @returns undefined unless all are paused items */
export function readPausedItems(items: INodeExecutionData[]): PausedItem[] | undefined {
	const read = items.map(readPausedItem);
	return read.every((item) => item !== undefined) ? read : undefined;
}

export const writePausedItem = ({ json, binary, state }: PausedItem): INodeExecutionData => ({
	json: { ...json, [KEY]: state as unknown as IDataObject },
	...(binary && { binary }),
});

export const taskIdOf = ({ json, state }: PausedItem): string =>
	state.video?.taskId ?? state.failure?.data.taskId ?? (json.error ? '' : String(json.id ?? ''));

export const isWaiting = ({ state }: PausedItem) => state.isWaiting === true;

/** What stays of an item that is not waited for any longer. */
export const endedState = ({ state }: PausedItem): PausedState => ({
	inputItems: state.inputItems,
	...(state.estimatedCostUsd !== undefined && { estimatedCostUsd: state.estimatedCostUsd }),
});

/** The item of a video that will not come. The video is kept, so that a retry can wait for it again. */
export const failedItem = (item: PausedItem, kind: ErrorKind, data: ErrorData): PausedItem => ({
	...item,
	state: {
		...item.state,
		isWaiting: false,
		failure: { kind, data: { ...data, taskId: taskIdOf(item) } },
	},
});
