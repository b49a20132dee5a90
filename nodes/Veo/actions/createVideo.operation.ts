import { updateDisplayOptions } from 'n8n-workflow';

import { firstFrameField, imageField, imageInput, lastFrameField } from './fields/image.fields';
import { OPERATION } from './fields/operation.fields';
import { maxConcurrent, maxVideos, optionsField } from './fields/options.fields';
import { duration, extraFields, model, prompt, size } from './fields/request.fields';
import type { Operation } from './operation';
import type { CheckedRequest } from './readRequest';

export const description = updateDisplayOptions({ show: { operation: [OPERATION.create] } }, [
	prompt,
	model,
	size,
	imageInput,
	imageField,
	firstFrameField,
	lastFrameField,
	optionsField([extraFields, duration, maxConcurrent, maxVideos]),
]);

/** Creates the task and returns it as it is then. */
export async function loadOperation(): Promise<Operation<CheckedRequest>> {
	const { createTask, currentTask, createDeadline } = await import('../core');
	const { checkRequest, groupItems, readRequest } = await import('./readRequest');
	return {
		groupItems,
		check: async ({ context }, itemIndexes) => await checkRequest(context, itemIndexes),
		run: async (ctx, checked) => {
			const request = await readRequest(ctx.context, checked);
			const paid = await createTask(ctx, checked.itemIndexes[0], request, createDeadline());
			const { json } = await currentTask(ctx, paid);
			ctx.ledger.delivered(paid.key!);
			return { json };
		},
	};
}
