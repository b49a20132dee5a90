import type { INodeExecutionData } from 'n8n-workflow';

import type { ItemContext, RunContext } from '../core/context';
import { pairedItemOf } from '../core/job';
import type { Job, OutputItem } from '../core/job';
import { ParallelRun } from '../core/parallel';
import { asVideoError } from '../errors';
import type { VideoError } from '../errors';
import { checkMaxVideos, readMaxConcurrent } from '../input/options';
import { limits } from '../limits';
import { canceledErrorOf, errorItemOf, nodeErrorOf } from '../messages/nodeError';
import type { Consequences } from '../messages/nodeError';
import type { CometApiClient } from '../transport/client';

/** The steps of an operation for each output item. */
export interface Operation<Checked> {
	jobs: Job[];
	/** Reads and checks the parameters of a job, and creates nothing. */
	check: (job: Job, client: CometApiClient) => Promise<Checked>;
	/** Called once with everything that was checked. @throws VideoError if none of it may run */
	approve?: (checked: Checked[]) => Promise<void>;
	run: (ctx: ItemContext, checked: Checked) => Promise<OutputItem>;
}

/**
 * Checks every job before the first one runs, then runs as many in parallel as allowed.
 * A failed job ends the node, or becomes an item with `error` if the node continues on errors.
 * @returns the output items in the order of the jobs
 */
export async function runBatch<Checked>(
	run: RunContext,
	operation: Operation<Checked>,
): Promise<INodeExecutionData[]> {
	return await new Batch(run, operation).run();
}

interface CheckedJob<Checked> {
	checked: Checked;
	client: CometApiClient;
}

class Batch<Checked> {
	private readonly parallel: ParallelRun;

	private readonly outputs: INodeExecutionData[] = [];

	/** The first failed job of a node that stops on errors. */
	private failed?: { error: VideoError; itemIndex: number };

	constructor(
		private readonly runContext: RunContext,
		private readonly operation: Operation<Checked>,
	) {
		this.parallel = new ParallelRun(this.context.getExecutionCancelSignal());
	}

	async run(): Promise<INodeExecutionData[]> {
		const concurrency = this.readConcurrency();
		if (concurrency) await this.runAll(await this.approve(await this.checkAll()), concurrency);
		// nothing may wait between this and the pause: a canceled execution must not start it
		if (!this.failed) await this.runContext.modelsLookedUp;
		if (this.context.getExecutionCancelSignal()?.aborted) {
			throw canceledErrorOf(this.context, this.runContext.ledger.taskIds());
		}
		if (this.failed) {
			const { error, itemIndex } = this.failed;
			throw nodeErrorOf(this.context, error, itemIndex, this.consequences());
		}
		return this.outputs;
	}

	private get context() {
		return this.runContext.context;
	}

	/** @returns undefined if a batch of this size or with this setting may not run */
	private readConcurrency(): number | undefined {
		const { jobs } = this.operation;
		try {
			checkMaxVideos(this.context, jobs.length);
			return readMaxConcurrent(this.context);
		} catch (error) {
			jobs.forEach((_, index) => this.fail(index, error));
			return undefined;
		}
	}

	private async checkAll(): Promise<Map<number, CheckedJob<Checked>>> {
		const checked = new Map<number, CheckedJob<Checked>>();
		const { jobs, check } = this.operation;
		const results: Array<CheckedJob<Checked> | { error: unknown }> = [];
		let isOver = false;
		await this.parallel.forEach(jobs.entries(), limits.checksAtOnce, async ([index, job]) => {
			if (isOver) return;
			try {
				const client = await this.runContext.clients.of(job.itemIndexes[0]);
				client.requireUsable();
				results[index] = { checked: await check(job, client), client };
			} catch (error) {
				results[index] = { error };
				isOver = !this.context.continueOnFail();
			}
		});
		// in their order, so that the first of several invalid items ends the node
		for (const [index, result] of results.entries()) {
			if (!result || this.parallel.isStopped) continue;
			if ('error' in result) this.fail(index, result.error);
			else checked.set(index, result);
		}
		return checked;
	}

	private async approve(checked: Map<number, CheckedJob<Checked>>): Promise<typeof checked> {
		if (this.parallel.isStopped || checked.size === 0) return checked;
		try {
			await this.operation.approve?.([...checked.values()].map((job) => job.checked));
			return checked;
		} catch (error) {
			for (const index of checked.keys()) this.fail(index, error);
			return new Map();
		}
	}

	private async runAll(checked: Map<number, CheckedJob<Checked>>, concurrency: number) {
		if (this.parallel.isStopped) return;
		await this.parallel.forEach(checked.entries(), concurrency, async ([index, job], signal) => {
			try {
				const ctx = { ...this.runContext, client: job.client, signal };
				const output = await this.operation.run(ctx, job.checked);
				this.outputs[index] = { ...output, pairedItem: this.pairedItem(index) };
			} catch (error) {
				this.fail(index, error);
			}
		});
	}

	/** The one place that turns what ended a job into what the user gets. */
	private fail(index: number, caught: unknown) {
		if (this.parallel.isStopped) return;
		const error = asVideoError(caught);
		if (this.context.continueOnFail()) {
			const item = errorItemOf(this.context, error);
			this.outputs[index] = Object.assign(item, { pairedItem: this.pairedItem(index) });
		} else {
			const itemIndex = error.data.itemIndex ?? this.operation.jobs[index].itemIndexes[0];
			this.failed = { error, itemIndex };
			this.parallel.stop();
		}
	}

	private pairedItem(index: number) {
		return pairedItemOf(this.operation.jobs[index]);
	}

	private consequences(): Consequences {
		return { taskIds: this.runContext.ledger.taskIds(), canRetry: true };
	}
}
