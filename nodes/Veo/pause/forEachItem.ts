import type { IExecuteFunctions } from 'n8n-workflow';

import { createRunContext } from '../core/context';
import type { ItemContext } from '../core/context';
import { ParallelRun } from '../core/parallel';
import { asVideoError } from '../errors';
import { canceledErrorOf } from '../messages/nodeError';
import { isWaiting, taskIdsOf } from './state';
import type { PausedItem } from './state';
import type { InternalData } from './step';

/**
 * Runs a step for each item that is still waited for, in parallel.
 * @throws n8n's error if the execution is canceled
 */
export async function forEachItem(
	context: IExecuteFunctions,
	items: PausedItem[],
	{ maxConcurrent }: InternalData,
	step: (ctx: ItemContext, item: PausedItem) => Promise<PausedItem>,
): Promise<PausedItem[]> {
	const outputs = [...items];
	const waiting = [...items.entries()].filter(([, item]) => isWaiting(item));
	if (waiting.length === 0) return outputs;
	const run = createRunContext(context);
	const client = await run.clients.of(0);
	const canceled = context.getExecutionCancelSignal();
	const stepOf = async ([index, item]: [number, PausedItem], signal: AbortSignal) => {
		outputs[index] = await step({ ...run, client, signal }, item);
	};
	try {
		await new ParallelRun(canceled).forEach(waiting, maxConcurrent, stepOf);
	} catch (caught) {
		if (!canceled?.aborted) throw asVideoError(caught);
	}
	if (canceled?.aborted) {
		throw canceledErrorOf(context, taskIdsOf(items));
	}
	return outputs;
}
