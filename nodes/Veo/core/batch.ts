import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { asVideoError } from '../errors';
import type { VideoError } from '../errors';
import { limits } from '../limits';
import { canceledErrorOf, errorItemOf, nodeErrorOf } from './nodeError';
import type { Consequences } from './nodeError';

export type JobOutput = Pick<INodeExecutionData, 'json' | 'binary'>;

/** What becomes an output item. */
export interface Job {
	/** The input items it comes from. */
	itemIndexes: number[];
	/** Which one of several videos of the same items it is, from 0. */
	copy: number;
}

/** What is done for each output item, and in what order. */
export interface Jobs<Checked> {
	list: Job[];
	/** Reads and checks all that a job needs, and creates nothing. */
	check: (job: Job) => Promise<Checked>;
	/** Called once, with all that was checked. @throws VideoError where none may run */
	approve?: (checked: Checked[]) => Promise<void>;
	run: (checked: Checked, signal: AbortSignal) => Promise<JobOutput>;
}

export interface BatchOptions {
	/**
	 * How many jobs may run at once.
	 * @throws VideoError where a batch of this many jobs may not run at all
	 */
	concurrencyFor: (jobs: number) => number;
	/** The IDs of the tasks that are paid for, for the message that ends the node. */
	taskIds: () => string[];
	/** Whether Retry reuses them. */
	canRetry: boolean;
}

/**
 * Checks every job before the first is run, then runs as many at once as allowed.
 * A failed job ends the node, or becomes an item with `error` where the node continues on errors.
 * @returns the output items in the order of the jobs
 */
export async function runBatch<Checked>(
	context: IExecuteFunctions,
	jobs: Jobs<Checked>,
	options: BatchOptions,
): Promise<INodeExecutionData[]> {
	return await new Batch(context, jobs, options).run();
}

class Batch<Checked> {
	/** One for each running job: a signal for all would have listeners by the hundred. */
	private readonly running = new Set<AbortController>();

	private isStopped = false;

	private readonly outputs: INodeExecutionData[] = [];

	/** The first failed job of a node that stops on errors. */
	private failed?: { error: VideoError; itemIndex: number };

	private maxConcurrent = 1;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly jobs: Jobs<Checked>,
		private readonly options: BatchOptions,
	) {}

	async run(): Promise<INodeExecutionData[]> {
		const cancel = this.context.getExecutionCancelSignal();
		const onCancel = () => this.stop();
		cancel?.addEventListener('abort', onCancel, { once: true });
		if (cancel?.aborted) onCancel();
		try {
			await this.runAll(await this.approve(await this.checkAll()));
		} finally {
			cancel?.removeEventListener('abort', onCancel);
		}
		if (cancel?.aborted) throw canceledErrorOf(this.context, this.consequences());
		if (this.failed) {
			const { error, itemIndex } = this.failed;
			throw nodeErrorOf(this.context, error, itemIndex, this.consequences());
		}
		return this.outputs;
	}

	private async checkAll(): Promise<Map<number, Checked>> {
		const checked = new Map<number, Checked>();
		const { list } = this.jobs;
		try {
			this.maxConcurrent = this.options.concurrencyFor(list.length);
		} catch (error) {
			list.forEach((_, index) => this.fail(index, error));
			return checked;
		}
		const results: Array<{ checked: Checked } | { error: unknown }> = [];
		let isOver = false;
		await inParallel(list.entries(), limits.checksAtOnce, async ([index, job]) => {
			if (this.isStopped || isOver) return;
			try {
				results[index] = { checked: await this.jobs.check(job) };
			} catch (error) {
				results[index] = { error };
				isOver = !this.context.continueOnFail();
			}
		});
		// in their order, so that of several bad items the first one ends the node
		for (const [index, result] of results.entries()) {
			if (!result || this.isStopped) continue;
			if ('error' in result) this.fail(index, result.error);
			else checked.set(index, result.checked);
		}
		return checked;
	}

	private async approve(checked: Map<number, Checked>): Promise<Map<number, Checked>> {
		if (this.isStopped || checked.size === 0) return checked;
		try {
			await this.jobs.approve?.([...checked.values()]);
			return checked;
		} catch (error) {
			for (const index of checked.keys()) this.fail(index, error);
			return new Map();
		}
	}

	private async runAll(checked: Map<number, Checked>) {
		await inParallel(checked.entries(), this.maxConcurrent, async ([index, input]) => {
			if (this.isStopped) return;
			await this.settle(index, async () => await this.runOne(index, input));
		});
	}

	private async runOne(index: number, checked: Checked) {
		const own = new AbortController();
		this.running.add(own);
		try {
			const output = await this.jobs.run(checked, own.signal);
			this.outputs[index] = { ...output, pairedItem: this.pairedItem(index) };
		} finally {
			this.running.delete(own);
		}
	}

	private stop() {
		this.isStopped = true;
		for (const own of this.running) own.abort();
	}

	private async settle(index: number, step: () => Promise<void>) {
		try {
			await step();
		} catch (error) {
			this.fail(index, error);
		}
	}

	/** The one place where whatever ends a job is turned into what the user gets. */
	private fail(index: number, caught: unknown) {
		if (this.isStopped) return;
		const error = asVideoError(caught);
		if (this.context.continueOnFail()) {
			this.outputs[index] = this.errorItem(error, index);
		} else {
			const itemIndex = error.data.itemIndex ?? this.jobs.list[index].itemIndexes[0];
			this.failed = { error, itemIndex };
			this.stop();
		}
	}

	private pairedItem(index: number) {
		const { itemIndexes } = this.jobs.list[index];
		return itemIndexes.length === 1
			? { item: itemIndexes[0] }
			: itemIndexes.map((item) => ({ item }));
	}

	private errorItem(error: VideoError, index: number): INodeExecutionData {
		const item = errorItemOf(this.context, error, this.consequences());
		return Object.assign(item, { pairedItem: this.pairedItem(index) });
	}

	private consequences(): Consequences {
		const { taskIds, canRetry } = this.options;
		return { taskIds: taskIds().filter(Boolean), canRetry };
	}
}

/** @param queue its entries are taken one by one, by so many at once as `most` */
async function inParallel<T>(
	queue: IterableIterator<T>,
	most: number,
	act: (entry: T) => Promise<void>,
): Promise<void> {
	const worker = async () => {
		for (const entry of queue) await act(entry);
	};
	await Promise.all(Array.from({ length: most }, worker));
}
