import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorItemOf, nodeErrorOf } from '../core/nodeError';
import type { Consequences } from '../core/nodeError';
import { taskIdOf } from '../core/pausedItem';
import type { PausedItem } from '../core/pausedItem';
import { VideoError } from '../errors';
import { hintText } from '../messages/hints';
import { withEstimate } from './estimateCost';

/**
 * What the paused node gives out in the end: its videos, without what was only needed to wait for them.
 * @param canRetry whether Retry reuses the tasks: n8n does not run a node again that was paused
 * @throws n8n's error for the first failed video where one ends them all
 */
export function pausedOutput(
	context: IExecuteFunctions,
	items: PausedItem[],
	stopsOnError: boolean,
	canRetry: boolean,
): INodeExecutionData[] {
	const consequences = { taskIds: items.map(taskIdOf).filter(Boolean), canRetry };
	const failed = stopsOnError ? items.find(({ state }) => state.failure) : undefined;
	if (failed) {
		const [itemIndex] = failed.state.inputItems;
		throw nodeErrorOf(context, errorOf(failed)!, itemIndex, consequences);
	}
	addHint(context, items);
	return items.map((item) => ({
		...contentOf(context, item, consequences),
		pairedItem: pairedItemOf(item),
	}));
}

function contentOf(context: IExecuteFunctions, item: PausedItem, consequences: Consequences) {
	const error = errorOf(item);
	if (error) return errorItemOf(context, error, consequences);
	const { json, binary, state } = item;
	return withEstimate({ json, ...(binary && { binary }) }, state.estimatedCostUsd);
}

const errorOf = ({ state: { failure } }: PausedItem) =>
	failure && new VideoError(failure.kind, failure.data);

const pairedItemOf = ({ state: { inputItems } }: PausedItem) =>
	inputItems.length === 1 ? { item: inputItems[0] } : inputItems.map((item) => ({ item }));

/** n8n shows it with the sub-execution; what a paused node says itself it drops. */
function addHint(context: IExecuteFunctions, items: PausedItem[]): void {
	const unfinished = items.filter(({ state }) => state.isUnfinished).map(taskIdOf);
	if (unfinished.length === 0) return;
	const message = hintText.unfinished(unfinished);
	context.addExecutionHints({ message, location: 'outputPane' });
}
