import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { clock } from '../clock';
import type { VideoHint } from '../core/context';
import type { OutputOptions } from '../core/download';
import type { WaitOptions } from '../core/followTask';
import type { OddResponses } from '../core/oddResponses';
import type { SeenProgress } from '../core/progress';
import { checkSavedVersion, SAVED_VERSION } from '../core/savedVersion';
import { VideoError } from '../errors';
import type { ErrorData, ErrorKind, PauseEndedCause } from '../errors';
import type { Asked } from '../input/request';

/** A video that a paused execution waits for. Times in ms since 1970: they outlive the process. */
export interface PausedVideo extends WaitOptions {
	taskId: string;
	createdAt: number;
	output: OutputOptions;
	/** The odd responses since the last check that found the task. */
	odd?: OddResponses;
	/** The progress at the last check that saw it move. */
	seen?: SeenProgress;
}

/**
 * One video in the sub-workflows of a paused execution: the JSON of their items, and what n8n saves
 * with them. The task is inside, so that no field of CometAPI's is taken for the node's own.
 */
export interface PausedState {
	version: number;
	/** The input items that the video is made from. */
	itemIndexes: number[];
	/** The output so far: the task as last seen, or the error of an item that failed before the pause. */
	output: IDataObject;
	asked?: Asked;
	isWaiting: boolean;
	/** Kept for a failed video too, so that a retry can wait for it again; absent once it is delivered. */
	video?: PausedVideo;
	/** When it is checked next, in ms since 1970. */
	checkAt?: number;
	/** Why there is no video. */
	failure?: { kind: ErrorKind; data: ErrorData };
	/** The hint for the user at the end. */
	hint?: VideoHint;
}

export interface PausedItem {
	json: PausedState;
	binary?: IBinaryKeyData;
}

export const newState = (
	state: Pick<PausedState, 'itemIndexes' | 'output'> & Partial<PausedState>,
): PausedState => ({ isWaiting: false, ...state, version: SAVED_VERSION });

const isPausedItem = ({ json }: INodeExecutionData) =>
	typeof json.version === 'number' && Array.isArray(json.itemIndexes);

/**
 * @returns undefined unless all are paused items, as in n8n's item for a killed sub-execution
 * @throws VideoError if a newer version of the package has saved them
 */
export function readItems(items: INodeExecutionData[]): PausedItem[] | undefined {
	if (!items.every(isPausedItem)) return undefined;
	checkSavedVersion(items.map(({ json }) => json));
	return items.map(({ json, binary }) => ({
		json: json as unknown as PausedState,
		...(binary && { binary }),
	}));
}

/** Items of n8n's own type. */
export const toN8nItems = (items: PausedItem[]) => items as unknown as INodeExecutionData[];

export const isWaiting = ({ json }: PausedItem) => json.isWaiting;

export const taskIdOf = ({ json: { video, failure, output } }: PausedItem): string =>
	video?.taskId ?? failure?.data.taskId ?? (output.error ? '' : String(output.id ?? ''));

export const taskIdsOf = (items: PausedItem[]) => items.map(taskIdOf).filter(Boolean);

export const changed = (item: PausedItem, json: Partial<PausedState>): PausedItem => ({
	...item,
	json: { ...item.json, ...json },
});

/** An item that is no longer waited for, and has its output. */
export const endedItem = (
	{ json: { itemIndexes, asked } }: PausedItem,
	{ json: output, binary }: Pick<INodeExecutionData, 'json' | 'binary'>,
	hint?: PausedState['hint'],
): PausedItem => ({
	json: newState({
		itemIndexes,
		output,
		...(asked && { asked }),
		...(hint && { hint }),
	}),
	...(binary && { binary }),
});

/** An item without a video; `video` stays, so that a retry can wait for it again. */
export const failedItem = (item: PausedItem, { kind, data }: VideoError): PausedItem =>
	changed(item, {
		isWaiting: false,
		failure: { kind, data: { ...data, taskId: taskIdOf(item) } },
	});

export const isLate = ({ json: { video } }: PausedItem) =>
	video !== undefined && clock.date() >= video.deadline;

/** Still waited for if the next check may succeed. */
export const failedUnlessTransient = (
	item: PausedItem,
	error: VideoError,
	late: boolean,
): PausedItem => (error.traits.transient && !late ? item : failedItem(item, error));

/** Ends the items that are still waited for. */
export function failWaiting(
	items: PausedItem[],
	detail: PauseEndedCause,
	reason?: string,
): PausedItem[] {
	const error = new VideoError('pauseEnded', { detail, reason });
	return items.map((item) => (isWaiting(item) ? failedItem(item, error) : item));
}
