import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { asVideoError } from '../errors';
import type { VideoError } from '../errors';
import { canceledErrorOf, errorItemOf, nodeErrorOf } from './nodeError';
import type { Consequences } from './nodeError';

export type JobOutput = Pick<INodeExecutionData, 'json' | 'binary'>;

/** What is done for each output item, and in what order. */
export interface Jobs<Checked> {
	/** For each output item, the input items it comes from. */
	itemIndexes: number[][];
	/** Reads and checks all that a job needs, and sends nothing. */
	check: (itemIndexes: number[]) => Promise<Checked>;
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
			await this.runAll(await this.checkAll());
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
		const { itemIndexes } = this.jobs;
		try {
			this.maxConcurrent = this.options.concurrencyFor(itemIndexes.length);
		} catch (error) {
			itemIndexes.forEach((_, index) => this.fail(index, error));
			return checked;
		}
		for (const [index, indexes] of itemIndexes.entries()) {
			if (this.isStopped) break;
			await this.settle(index, async () => {
				checked.set(index, await this.jobs.check(indexes));
			});
		}
		return checked;
	}

	private async runAll(checked: Map<number, Checked>) {
		const queue = checked.entries();
		const worker = async () => {
			for (const [index, input] of queue) {
				if (this.isStopped) return;
				await this.settle(index, async () => await this.runOne(index, input));
			}
		};
		const workers = Math.min(this.maxConcurrent, checked.size);
		await Promise.all(Array.from({ length: workers }, worker));
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
			const itemIndex = error.data.itemIndex ?? this.jobs.itemIndexes[index][0];
			this.failed = { error, itemIndex };
			this.stop();
		}
	}

	private pairedItem(index: number) {
		const itemIndexes = this.jobs.itemIndexes[index];
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
