import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, JsonObject } from 'n8n-workflow';

import { Fault, sentences } from '../api/fault';
import { canResumeParked } from './engine';

export type JobOutput = Pick<INodeExecutionData, 'json' | 'binary'>;

/** One output item to make, and the input items it comes from. */
export interface Job {
	itemIndexes: number[];
	/** Looks whether all is there, and sends nothing. @returns the work itself */
	check: () => Promise<(signal: AbortSignal) => Promise<JobOutput>>;
}

export interface BatchOptions {
	/**
	 * How many jobs may run at once.
	 * @throws Fault where a batch of this many jobs may not run at all
	 */
	admit: (jobs: number) => number;
	/** The ids of the tasks that are paid for, for the message that ends the node. */
	taskIds: () => string[];
	/** Whether Retry takes them up. */
	canRetry: boolean;
}

/**
 * Checks every job before the first is run, then runs as many at once as may be.
 * A failed job ends the node, or becomes an item with `error` where the node continues on errors.
 * @returns the output items in the order of the jobs
 */
export async function runBatch(
	context: IExecuteFunctions,
	jobs: Job[],
	options: BatchOptions,
): Promise<INodeExecutionData[]> {
	const batch = new Batch(context, options);
	return await batch.run(jobs);
}

interface ReadyJob {
	job: Job;
	index: number;
	work: Awaited<ReturnType<Job['check']>>;
}

class Batch {
	/** One for each job that is run: a signal for all would have listeners by the hundred. */
	private readonly underWay = new Set<AbortController>();

	private isStopped = false;

	private readonly outputs: INodeExecutionData[] = [];

	/** The first failed job of a node that stops on errors. */
	private failed?: { fault: Fault; itemIndex: number };

	private maxConcurrent = 1;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly options: BatchOptions,
	) {}

	async run(jobs: Job[]): Promise<INodeExecutionData[]> {
		const cancel = this.context.getExecutionCancelSignal();
		const onCancel = () => this.stop();
		cancel?.addEventListener('abort', onCancel, { once: true });
		if (cancel?.aborted) onCancel();
		try {
			const ready = await this.checkAll(jobs);
			await this.runAll(ready);
		} finally {
			cancel?.removeEventListener('abort', onCancel);
		}
		if (cancel?.aborted) {
			// n8n tells a canceled execution from a failed one by this word in the message.
			throw new NodeOperationError(this.context.getNode(), 'The execution was canceled', {
				description: this.tasksUnderWay(),
			});
		}
		if (this.failed) throw this.nodeError(this.failed.fault, this.failed.itemIndex);
		return this.outputs;
	}

	private async checkAll(jobs: Job[]) {
		const ready: ReadyJob[] = [];
		for (const [index, job] of jobs.entries()) {
			if (this.isStopped) break;
			await this.guard(job, index, async () => {
				this.maxConcurrent = this.options.admit(jobs.length);
				ready.push({ job, index, work: await job.check() });
			});
		}
		return ready;
	}

	private async runAll(ready: ReadyJob[]) {
		const queue = ready.values();
		const worker = async () => {
			for (const { job, index, work } of queue) {
				if (this.isStopped) return;
				await this.guard(job, index, async () => {
					const output = await this.runOne(work);
					this.outputs[index] = { ...output, pairedItem: pairedItem(job) };
				});
			}
		};
		const workers = Math.min(this.maxConcurrent, ready.length);
		await Promise.all(Array.from({ length: workers }, worker));
	}

	private async runOne(work: ReadyJob['work']): Promise<JobOutput> {
		const own = new AbortController();
		this.underWay.add(own);
		try {
			return await work(own.signal);
		} finally {
			this.underWay.delete(own);
		}
	}

	private stop() {
		this.isStopped = true;
		for (const own of this.underWay) own.abort();
	}

	/** The one place where whatever goes wrong with a job is turned into what the user gets. */
	private async guard(job: Job, index: number, step: () => Promise<void>) {
		try {
			await step();
		} catch (error) {
			if (this.isStopped) return;
			const fault = asFault(error);
			const itemIndex = fault.itemIndex ?? job.itemIndexes[0];
			if (this.context.continueOnFail()) {
				this.outputs[index] = errorItem(this.context, fault, job);
			} else {
				this.failed = { fault, itemIndex };
				this.stop();
			}
		}
	}

	private nodeError(fault: Fault, itemIndex: number) {
		const node = this.context.getNode();
		const { httpCode } = fault.details;
		const message = `${fault.message} [item ${itemIndex}]`;
		const options = {
			message,
			description: sentences(fault.advice, this.tasksUnderWay(fault.details.taskId)),
			itemIndex,
		};
		const error = httpCode
			? new NodeApiError(node, { message } as JsonObject, { ...options, httpCode: `${httpCode}` })
			: new NodeOperationError(node, message, options);
		error.context.details = fault.details;
		return error;
	}

	private tasksUnderWay(except?: string): string {
		const ids = this.options.taskIds().filter((id) => id && id !== except);
		if (ids.length === 0) return '';
		const way = this.options.canRetry ? 'Retry takes up' : "'Retrieve Video' fetches";
		return `${way} the videos already paid for: ${ids.join(', ')}`;
	}
}

const pairedItem = ({ itemIndexes }: Job) =>
	itemIndexes.length === 1 ? { item: itemIndexes[0] } : itemIndexes.map((item) => ({ item }));

function errorItem(context: IExecuteFunctions, fault: Fault, job: Job): INodeExecutionData {
	const item: INodeExecutionData = {
		json: { error: fault.message, message: fault.advice, details: { ...fault.details } },
		pairedItem: pairedItem(job),
	};
	// n8n before 2.36 knows an item with details for the Error output by its error alone; it must not
	// be copied along, or n8n would put its message in place of the JSON
	if (context.getNode().onError === 'continueErrorOutput' && !canResumeParked()) {
		Object.defineProperty(item, 'error', { value: fault, writable: true, configurable: true });
	}
	return item;
}

/** What was not foreseen, n8n's own errors for expressions and parameters among it. */
function asFault(error: unknown): Fault {
	if (error instanceof Fault) return error;
	const { message, description } = error as { message?: string; description?: string };
	return new Fault(message ?? String(error), {
		advice: description || 'Check the parameters of the node for this item',
	});
}
