import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../core/job';
import { limits } from '../limits';
import { IMAGE_INPUT, imageInput } from '../parameters/image';
import { numberOfVideos } from '../parameters/options';
import { readNumberOption } from './options';

/** One job for each input item. */
export const eachItem = (context: IExecuteFunctions): Job[] =>
	context.getInputData().map((_, index) => ({ itemIndexes: [index], copy: 0 }));

/** A job for each video to create: 'Number of Videos' per input item, or for all input items together. */
export function eachVideo(context: IExecuteFunctions): Job[] {
	const items = eachItem(context).map(({ itemIndexes }) => itemIndexes);
	const areTogether =
		context.getNodeParameter(imageInput.name, 0, IMAGE_INPUT.none) === IMAGE_INPUT.items;
	return (areTogether ? [items.flat()] : items).flatMap((itemIndexes) =>
		Array.from({ length: copiesOf(context, itemIndexes[0]) }, (_, copy) => ({
			itemIndexes,
			copy,
		})),
	);
}

export const readNumberOfVideos = (context: IExecuteFunctions, item: number) =>
	readNumberOption(context, item, numberOfVideos, limits.numberOfVideos);

/** An invalid value is reported later, by the check of the item. */
function copiesOf(context: IExecuteFunctions, item: number): number {
	try {
		return readNumberOfVideos(context, item);
	} catch {
		return 1;
	}
}
