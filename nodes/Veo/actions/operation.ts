import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { JobOutput } from '../core/batch';
import type { ItemContext, RunContext } from '../core/context';

/** What runs an operation, step by step. */
export interface Operation<Checked = unknown> {
	/** For each output item, the input items it comes from. */
	groupItems(context: IExecuteFunctions): number[][];
	/** Reads and checks the parameters of an output item, and sends nothing. */
	check(run: RunContext, itemIndexes: number[]): Promise<Checked>;
	run(ctx: ItemContext, checked: Checked): Promise<JobOutput>;
	/** What comes out where the credential is gone; without it, the node fails. */
	withoutCredential?(context: IExecuteFunctions): Promise<INodeExecutionData[] | undefined>;
	/** The IDs of the tasks that are paid for, where the ledger does not have them. */
	taskIds?(run: RunContext): string[];
	/** What is done with the items of all jobs together. */
	finish?(run: RunContext, items: INodeExecutionData[]): Promise<INodeExecutionData[]>;
}

/** An output item for each input item. */
export const eachItem = (context: IExecuteFunctions) =>
	context.getInputData().map((_, index) => [index]);
