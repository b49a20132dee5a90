import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Job, JobOutput } from '../core/batch';
import type { ItemContext, RunContext } from '../core/context';

/** What runs an operation, step by step. */
export interface Operation<Checked = unknown> {
	/** What becomes an output item each. */
	listJobs(context: IExecuteFunctions): Job[];
	/** Reads and checks the parameters of an output item, and creates nothing. */
	check(run: RunContext, job: Job): Promise<Checked>;
	/** Called once with all that was checked. @throws VideoError where none of it may run */
	approve?(run: RunContext, checked: Checked[]): Promise<void>;
	run(ctx: ItemContext, checked: Checked): Promise<JobOutput>;
	/** What comes out where the credential is gone; without it, the node fails. */
	withoutCredential?(context: IExecuteFunctions): Promise<INodeExecutionData[] | undefined>;
	/** The IDs of the tasks that are paid for, where the ledger does not have them. */
	taskIds?(run: RunContext): string[];
	/** What is done with the items of all jobs together. */
	finish?(run: RunContext, items: INodeExecutionData[]): Promise<INodeExecutionData[]>;
}

/** An output item for each input item. */
export const eachItem = (context: IExecuteFunctions): Job[] =>
	context.getInputData().map((_, index) => ({ itemIndexes: [index], copy: 0 }));
