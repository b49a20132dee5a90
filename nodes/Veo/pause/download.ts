import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { ItemContext } from '../core/context';
import { deliverVideo } from '../core/download';
import { currentTask, failedError } from '../core/followTask';
import type { PaidTask } from '../core/ledger';
import { isGivenUp } from '../core/oddResponses';
import { asVideoError, VideoError } from '../errors';
import { TASK_STATUS } from '../transport/task';
import { forEachItem } from './forEachItem';
import { endedItem, failedUnlessTransient, isLate, readItems, toN8nItems } from './state';
import type { PausedItem } from './state';
import type { InternalData } from './step';

/** Downloads the files of finished videos. */
export async function downloadVideos(
	context: IExecuteFunctions,
	data: InternalData,
): Promise<INodeExecutionData[]> {
	const items = readItems(context.getInputData())!;
	return toN8nItems(await forEachItem(context, items, data, downloadVideo));
}

async function downloadVideo(ctx: ItemContext, item: PausedItem): Promise<PausedItem> {
	const { taskId, output } = item.json.video!;
	const known: PaidTask = { id: taskId, createdAt: -Infinity, isOurs: true };
	try {
		const task = await currentTask(ctx, known);
		const options = {
			output: { ...output, isLinkWanted: false },
			mayComeLater: !isLate(item),
		};
		if (task.status === TASK_STATUS.failed) throw failedError(task);
		const delivered = await deliverVideo(ctx, known, task, options);
		if (!delivered.binary) throw new VideoError('fileNotReady', { detail: 'notReady' });
		return endedItem(item, delivered);
	} catch (caught) {
		const error = asVideoError(caught);
		ctx.signal.throwIfAborted();
		const isTooSoon = known.odd && !isGivenUp(known.odd);
		const last = isTooSoon ? new VideoError('unavailable', error.data) : error;
		return failedUnlessTransient(item, last, isLate(item));
	}
}
