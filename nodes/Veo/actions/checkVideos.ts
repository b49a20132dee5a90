import { clock } from '../clock';
import {
	addFileLink,
	currentTask,
	failedError,
	lateError,
	runSubWorkflow,
	sameNodeStep,
} from '../core';
import type { ItemContext, OutputOptions, PausedExecution } from '../core';
import type { JobOutput } from '../core/batch';
import { asVideoError, VideoError } from '../errors';
import type { ErrorDetails } from '../errors';
import { isFinished, TASK_STATUS } from '../transport/task';
import type { Task } from '../transport/task';
import { withEstimate } from './estimateCost';
import { optionsField } from './fields/options.fields';
import { binaryPropertyOutput, fileName } from './fields/output.fields';
import { INTERNAL_ROLE, taskId } from './fields/task.fields';
import { eachItem } from './operation';
import type { Operation } from './operation';
import { pausedVideoOf, retrieveAs, stillPaused } from './pauseExecution';
import type { PausedVideo } from './pauseExecution';

/** One check of the videos of a paused execution, in the sub-execution that waits for them. */
export const checkVideos: Operation<number> = {
	listJobs: eachItem,
	check: async (_, { itemIndexes: [item] }) => item,
	run: async (ctx, index) => {
		const item = ctx.context.getInputData()[index];
		const video = pausedVideoOf(item);
		// without: has come to its end at an earlier check, or before the execution was paused
		return video ? await checkVideo(ctx, video) : { json: item.json, binary: item.binary };
	},
	/** Of all videos that are waited for, and of those that are finished. */
	taskIds: ({ context }) =>
		context.getInputData().map((item) => pausedVideoOf(item)?.taskId ?? String(item.json.id ?? '')),
};

async function checkVideo(ctx: ItemContext, video: PausedVideo): Promise<JobOutput> {
	const isLate = clock.now() >= video.deadline;
	let task: Task;
	try {
		task = await currentTask(ctx, { id: video.taskId, createdAt: video.createdAt });
	} catch (caught) {
		const error = asVideoError(caught);
		// what passes within a minute has been waited out
		if (isLate || !error.traits.transient) throw error;
		return stillPaused(video);
	}
	if (task.status === TASK_STATUS.failed) throw failedError(task);
	if (isFinished(task)) {
		return withEstimate(await deliver(ctx, task, video), video.estimatedCostUsd);
	}
	if (!isLate) return stillPaused(video);
	if (!video.returnsTask) throw lateError(task, video.timeoutMin);
	return withEstimate({ json: task.json }, video.estimatedCostUsd);
}

/** The file is downloaded by Retrieve Video, once more as this node, for the execution that is paused. */
async function deliver(
	ctx: ItemContext,
	task: Task,
	{ output, paused }: PausedVideo,
): Promise<JobOutput> {
	if (!output.binaryField) return { json: task.json };
	const item = await downloadFor(ctx, task, output, paused);
	if (item.binary) return addFileLink(ctx, item, output);
	const { error, message, details } = item.json;
	const { kind, ...data } = details as unknown as ErrorDetails;
	const text = { message: String(error), description: String(message) };
	throw new VideoError(kind, { ...data, text });
}

/** n8n hands the files of this sub-execution to the paused one, which outlives the one that waits. */
async function downloadFor(
	{ context }: ItemContext,
	{ id }: Task,
	output: OutputOptions,
	paused: PausedExecution,
): Promise<JobOutput> {
	const { name: options } = optionsField([]);
	const step = sameNodeStep(context, 'Download Video', 'continueRegularOutput', {
		...retrieveAs(INTERNAL_ROLE.download),
		[taskId.name]: id,
		[binaryPropertyOutput.name]: output.binaryField!,
		[options]: { [fileName.name]: output.fileName },
	});
	const items = await runSubWorkflow(
		context,
		{
			name: 'Download video',
			steps: [step],
			settings: { saveDataSuccessExecution: 'none', saveDataErrorExecution: 'none' },
		},
		[{ json: {} }],
		paused,
		false,
	);
	return items![0];
}
