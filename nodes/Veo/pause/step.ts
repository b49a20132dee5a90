import type { IExecuteFunctions, INode } from 'n8n-workflow';

import { checkSavedVersion, SAVED_VERSION } from '../core/savedVersion';
import { memoryOf } from '../n8n';
import { internalData, internalRole } from '../parameters/task';
import { parseJson } from '../transport/json';
import { isObject } from '../utils';

/** Data that all steps of a paused execution need; JSON in a parameter. */
export interface InternalData {
	version: number;
	/** Whether one failed video ends the execution. */
	stopsOnError: boolean;
	maxConcurrent: number;
	credentials: INode['credentials'];
	/** For the output: n8n drops the hints of a node that pauses. */
	hints?: string[];
	/** The execution that keeps the files, which outlives those that check and download. */
	keptIn?: string;
}

/** @returns an empty text for a node that the user has added */
export const readRole = (context: IExecuteFunctions) =>
	String(context.getNodeParameter(internalRole.name, 0, ''));

export const newData = (data: Omit<InternalData, 'version'>): InternalData => ({
	...data,
	version: SAVED_VERSION,
});

/** @throws VideoError with the task IDs of the items if a newer version of the package has saved it */
export function readData(context: IExecuteFunctions): InternalData {
	const data = parseJson(String(context.getNodeParameter(internalData.name, 0, '')));
	checkSavedVersion([data, ...context.getInputData().map(({ json }) => json)]);
	return (isObject(data) ? data : {}) as unknown as InternalData;
}

/** For the condition that follows the step: whether there is something left to wait for. */
export function setWaiting(context: IExecuteFunctions, isWaiting: boolean): void {
	memoryOf(context).isWaiting = isWaiting;
}
