import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { clock } from '../clock';
import type { ItemContext } from '../core/context';
import type { PaidTask } from '../core/createTask';
import { currentTask, failedError } from '../core/followTask';
import type { OutputItem } from '../core/job';
import { asVideoError, VideoError } from '../errors';
import { option, readChoice, readMaxConcurrent } from '../input/options';
import { limits } from '../limits';
import { canResumePaused, isAgentTool } from '../n8n';
import { WAIT_MODE, waitMode } from '../parameters/wait';
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

/**
 * Checks whether this n8n can pause the execution until a sub-execution has its output.
 * @throws VideoError if it can't
 */
export function requirePause(context: IExecuteFunctions): void {
	if (!canResumePaused()) throw new VideoError('cannotPause', { detail: 'oldN8n' });
	if (isAgentTool(context)) throw new VideoError('cannotPause', { detail: 'agentTool' });
	if (!context.getWorkflow().id) throw new VideoError('cannotPause', { detail: 'notSaved' });
	const known = context.getKnownNodeTypes();
	if ([TRIGGER, IF].some((type) => !(type in known))) {
		throw new VideoError('cannotPause', { detail: 'excludedNodes' });
	}
}

/** Collects the videos of a run while they are created, then pauses the execution until they have ended. */
export class PausedRun {
	/** By the JSON of its output item: nothing from outside is taken for a video to wait for. */
	private readonly states = new Map<IDataObject, Pick<PausedState, 'video' | 'estimatedCostUsd'>>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly subWorkflow: SubWorkflow,
	) {}

	/** Checks a task once, so that a retry does not pause for one that has failed meanwhile. */
	async add(
		ctx: ItemContext,
		paid: PaidTask,
		rest: Omit<PausedVideo, 'taskId' | 'createdAt'>,
		estimatedCostUsd?: number,
	): Promise<OutputItem> {
		const task = await currentTask(ctx, paid);
		if (task.status === TASK_STATUS.failed) throw failedError(task);
		const video = { taskId: paid.id, createdAt: paid.createdAt, ...rest };
		this.states.set(task.json, { video, estimatedCostUsd });
		return { json: task.json };
	}

	/**
	 * Saves the execution in n8n's database; what the sub-execution returns becomes the node's output.
	 * @returns the tasks, for a caller that gets a response before that, such as one of a webhook
	 */
	async pause(outputs: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		const items = outputs.map((output) => this.itemOf(output));
		if (!items.some(isWaiting)) return outputs;
		const { context } = this;
		const data = newData({
			stopsOnError: !context.continueOnFail(),
			maxConcurrent: readMaxConcurrent(context),
			credentials: context.getNode().credentials,
		});
		const ended = await this.start(items, data);
		return ended ? pausedOutput(context, ended, data.stopsOnError, true) : items.map(meanwhile);
	}

	/** @returns the items if their videos can't be waited for */
	private async start(items: PausedItem[], data: InternalData): Promise<PausedItem[] | undefined> {
		const { context } = this;
		const self = { executionId: context.getExecutionId(), workflowId: context.getWorkflow().id! };
		try {
			const { items: returned, isPaused } = await runSubWorkflow(
				context,
				this.subWorkflow,
				data,
				toN8nItems(checkedSoon(items)),
				{ ...self, shouldResume: true },
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
	const checkAt = clock.now() + limits.pausedCheckRangeMs.min;
	return areFinished ? items.map((item) => changed(item, { checkAt })) : items;
}

/** Not with `error`: n8n would run the node again for that of the first item, and start waiting twice. */
function meanwhile({ json: { output } }: PausedItem, item: number): INodeExecutionData {
	const { error, ...task } = output;
	const failed = { status: TASK_STATUS.failed, failure: { message: error } };
	return { json: error ? failed : task, pairedItem: { item } };
}
