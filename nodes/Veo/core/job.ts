import type { INodeExecutionData } from 'n8n-workflow';

/** One output item to produce. */
export interface Job {
	/** The input items it is made from; more than one for a video of all input images. */
	itemIndexes: number[];
	/** Which of several videos of the same items it is, from 0. */
	copy: number;
}

/** An output item before it is paired with its input items. */
export type OutputItem = Pick<INodeExecutionData, 'json' | 'binary'>;

/** n8n's `pairedItem` for the output item of a job. */
export const pairedItemOf = ({ itemIndexes }: Pick<Job, 'itemIndexes'>) =>
	itemIndexes.length === 1 ? { item: itemIndexes[0] } : itemIndexes.map((item) => ({ item }));
