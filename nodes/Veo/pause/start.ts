import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clock, toDate } from '../clock';
import type { ItemContext, RunContext } from '../core/context';
import type { PaidTask } from '../core/ledger';
import { currentTask, failedError } from '../core/followTask';
import type { OutputItem } from '../core/job';
import { asVideoError, VideoError } from '../errors';
import type { PauseCause } from '../errors';
import { option, readChoice, readMaxConcurrent } from '../input/options';
import { withAsked } from '../input/request';
import type { Asked } from '../input/request';
import { limits } from '../limits';
import { hintsOf } from '../messages/hints';
import { canResumePaused, isAgentTool } from '../n8n';
import { WAIT_MODE, waitMode } from '../parameters/wait';
import type { CometApiClient } from '../transport/client';
import { Clients } from '../transport/clients';
import { TASK_STATUS } from '../transport/task';
import { pausedOutput } from './output';
import { changed, failWaiting, isWaiting, newState, readItems, toN8nItems } from './state';
import type { PausedItem, PausedState, PausedVideo } from './state';
import { newData } from './step';
import type { InternalData } from './step';
import { IF, runSubWorkflow, TRIGGER } from './subWorkflows';
import type { SubWorkflow } from './subWorkflows';

/** Whether the execution is paused while it waits: the same for all items, as they wait together. */
export const isPauseWanted = (context: IExecuteFunctions) =>
	readChoice(context, 0, option(waitMode), WAIT_MODE) === WAIT_MODE.durable;

const cannotPause = (detail: PauseCause, reason?: string) =>
	new VideoError('cannotPause', { detail, reason });

/**
 * Checks whether this n8n can pause the execution until a sub-execution has its output.
 * @throws VideoError if it can't
 */
export async function requirePause(context: IExecuteFunctions): Promise<void> {
	if (!(await canResumePaused(context))) throw cannotPause('oldN8n');
	if (isAgentTool(context)) throw cannotPause('agentTool');
	if (!context.getWorkflow().id) throw cannotPause('notSaved');
	const known = context.getKnownNodeTypes();
	if ([TRIGGER, IF].some((type) => !(type in known))) {
		throw cannotPause('excludedNodes');
	}
}

/** Returns which credential a sub-execution has: an expression may give it another one, or none. */
export async function probeCredential(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const { fingerprint } = await new Clients(context).of(0);
	return [{ json: { fingerprint } }];
}

/** Collects the videos of a run while they are created, then pauses the execution until they have ended. */
export class PausedRun {
	/** By the JSON of its output item: nothing from outside is taken for a video to wait for. */
	private readonly states = new Map<IDataObject, Pick<PausedState, 'video' | 'asked'>>();

	private probed?: Promise<unknown>;

	constructor(
		private readonly run: RunContext,
		private readonly subWorkflow: SubWorkflow,
		private readonly probe: SubWorkflow,
	) {}

	private get context() {
		return this.run.context;
	}

	/** @throws VideoError if the execution can't be paused with this credential */
	async require(client: CometApiClient): Promise<void> {
		this.probed ??= this.runProbe();
		if ((await this.probed) !== client.fingerprint) {
			throw cannotPause('credential');
		}
	}

	/** @returns the fingerprint of the credential that a sub-execution has */
	private async runProbe(): Promise<unknown> {
		const { context } = this;
		await requirePause(context);
		try {
			const { items } = await runSubWorkflow(context, this.probe, this.data, [{ json: {} }], {
				...this.self,
				shouldResume: false,
			});
			return items[0]?.json.fingerprint;
		} catch (caught) {
			throw cannotPause('notStarted', asVideoError(caught).message);
		}
	}

	private get self() {
		const { context } = this;
		return { executionId: context.getExecutionId(), workflowId: context.getWorkflow().id! };
	}

	private get data(): InternalData {
		const { context } = this;
		return newData({
			stopsOnError: !context.continueOnFail(),
			maxConcurrent: readMaxConcurrent(context),
			credentials: context.getNode().credentials,
		});
	}

	/** Checks a task once, so that a retry does not pause for one that has failed meanwhile. */
	async add(
		ctx: ItemContext,
		paid: PaidTask,
		{ deadline, ...rest }: Omit<PausedVideo, 'taskId' | 'createdAt'>,
		asked: Asked,
	): Promise<OutputItem> {
		const task = await currentTask(ctx, paid);
		if (task.status === TASK_STATUS.failed) throw failedError(task);
		const video = {
			...rest,
			taskId: paid.id,
			createdAt: toDate(paid.createdAt),
			deadline: toDate(deadline),
		};
		this.states.set(task.json, { video, asked });
		return { json: task.json };
	}

	/**
	 * Saves the execution in n8n's database; what the sub-execution returns becomes the node's output.
	 * @returns the tasks, for a caller that gets a response before that, e.g. of a webhook
	 */
	async pause(outputs: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		const items = outputs.map((output) => this.itemOf(output));
		if (!items.some(isWaiting)) return outputs;
		const ended = await this.start(items);
		if (!ended) return items.map(meanwhile);
		return pausedOutput(this.context, ended, this.data, true);
	}

	/** @returns the items if their videos can't be waited for */
	private async start(items: PausedItem[]): Promise<PausedItem[] | undefined> {
		try {
			const { items: returned, isPaused } = await runSubWorkflow(
				this.context,
				this.subWorkflow,
				{ ...this.data, hints: hintsOf(this.run) },
				toN8nItems(checkedSoon(items)),
				{ ...this.self, shouldResume: true },
			);
			return isPaused ? undefined : (readItems(returned) ?? items);
		} catch (caught) {
			return failWaiting(items, 'notStarted', asVideoError(caught).message);
		}
	}

	private itemOf({ json, binary, pairedItem }: INodeExecutionData): PausedItem {
		const started = this.states.get(json);
		const itemIndexes = [pairedItem ?? []]
			.flat()
			.map((paired) => (typeof paired === 'number' ? paired : paired.item));
		return {
			json: newState({ itemIndexes, output: json, ...started, isWaiting: started !== undefined }),
			...(binary && { binary }),
		};
	}
}

/** Without the usual pause if all videos are finished by now, e.g. in a retry. */
function checkedSoon(items: PausedItem[]): PausedItem[] {
	const waiting = items.filter(isWaiting);
	const areFinished = waiting.every(({ json }) => json.output.status === TASK_STATUS.completed);
	const checkAt = clock.date() + limits.pausedCheckRangeMs.min;
	return areFinished ? items.map((item) => changed(item, { checkAt })) : items;
}

/** Not with `error`: n8n would run the node again for that of the first item, and start waiting twice. */
function meanwhile({ json: { output, asked } }: PausedItem, item: number): INodeExecutionData {
	const { error, ...json } = output;
	const failed = { status: TASK_STATUS.failed, failure: { message: error } };
	return { ...withAsked({ json: error ? failed : json }, asked), pairedItem: { item } };
}
