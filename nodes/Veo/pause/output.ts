import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { pairedItemOf } from '../core/job';
import { VideoError } from '../errors';
import { withAsked } from '../input/request';
import { addHints, hintText } from '../messages/hints';
import { errorItemOf, nodeErrorOf } from '../messages/nodeError';
import { taskIdOf, taskIdsOf } from './state';
import type { PausedItem } from './state';
import type { InternalData } from './step';

/**
 * The output of the paused node, without internal state.
 * @param canRetry whether a retry reuses the tasks: n8n does not run a node again that was paused
 * @throws n8n's error for the first failed video if it ends the execution
 */
export function pausedOutput(
	context: IExecuteFunctions,
	items: PausedItem[],
	{ stopsOnError, hints = [] }: InternalData,
	canRetry: boolean,
): INodeExecutionData[] {
	const failed = stopsOnError ? items.find(({ json }) => json.failure) : undefined;
	if (failed) {
		const [itemIndex] = failed.json.itemIndexes;
		throw nodeErrorOf(context, videoErrorOf(failed)!, itemIndex, {
			...{ taskIds: taskIdsOf(items), canRetry },
		});
	}
	const outputs = items.map((item) => ({
		...contentOf(context, item),
		pairedItem: pairedItemOf(item.json),
	}));
	// n8n shows those of a step with its sub-execution; the user's own node counts failed items itself
	addHints(context, [...hints, ...itemHints(items)], canRetry ? [] : outputs);
	return outputs;
}

function contentOf(context: IExecuteFunctions, item: PausedItem) {
	const error = videoErrorOf(item);
	if (error) return errorItemOf(context, error);
	const { output, asked } = item.json;
	return withAsked({ json: output, ...(item.binary && { binary: item.binary }) }, asked);
}

const videoErrorOf = ({ json: { failure } }: PausedItem) =>
	failure && new VideoError(failure.kind, failure.data);

const itemHints = (items: PausedItem[]): string[] =>
	Object.entries(hintText).flatMap(([hint, text]) => {
		const ids = items.filter(({ json }) => json.hint === hint).map(taskIdOf);
		return ids.length > 0 ? [text(ids)] : [];
	});
