import { Fault } from '../api/fault';
import type { FaultDetails } from '../api/fault';
import { isFinished, TASK_STATUS } from '../api/task';
import type { Task } from '../api/task';
import { clock } from '../clock';
import type { Job, JobOutput } from '../run/batch';
import { addFileLink } from '../run/download';
import { parkedItem, parkedVideo, runForParent } from '../run/durable';
import type { ParkedVideo } from '../run/durable';
import { asPassing, failedFault, timeoutFault } from '../run/faults';
import { currentTask } from '../run/video';
import type { PaidVideo, Run, Shared } from '../run/video';

/**
 * A started video, to be waited for outside of this execution. It is looked at once, so that a retry
 * does not park for a task that has failed meanwhile.
 */
export async function parkVideo(
	run: Run,
	video: PaidVideo,
	rest: Omit<ParkedVideo, 'taskId' | 'createdAt'>,
): Promise<JobOutput> {
	const task = await currentTask(run, video);
	if (task.status === TASK_STATUS.failed) throw failedFault(task);
	return parkedItem({ taskId: video.id, createdAt: video.createdAt, ...rest });
}

/** One look at the videos of a parked execution, in the sub-execution that waits for them. */
export function plan(shared: Shared): Job[] {
	return shared.context.getInputData().map((item, index) => ({
		itemIndexes: [index],
		check: async () => async (signal) => {
			const video = parkedVideo(item);
			// without: has come to its end at an earlier look, or before anything was parked
			if (!video) return { json: item.json, binary: item.binary };
			return await look({ ...shared, signal }, video);
		},
	}));
}

async function look(run: Run, video: ParkedVideo): Promise<JobOutput> {
	const isLate = clock.now() >= video.deadline;
	const [answer] = await Promise.allSettled([
		currentTask(run, { id: video.taskId, createdAt: video.createdAt }),
	]);
	if (answer.status === 'rejected') {
		if (isLate || !asPassing(answer.reason)) throw answer.reason;
		return parkedItem(video);
	}
	const task = answer.value;
	if (task.status === TASK_STATUS.failed) throw failedFault(task);
	if (isFinished(task)) return await deliver(run, task, video);
	if (!isLate) return parkedItem(video);
	if (!video.isTaskEnough) throw timeoutFault(task, video.timeoutMin, run.canRetry);
	return { json: task.json };
}

/** The file is fetched by Retrieve Video, once more as this node, for the execution that is parked. */
async function deliver(run: Run, task: Task, { output, parent }: ParkedVideo): Promise<JobOutput> {
	const { binaryField, fileName } = output;
	if (!binaryField) return { json: task.json };
	const wanted = { id: task.id, binaryField, fileName };
	const { json, binary } = await runForParent(run.context, { json: wanted }, parent, {
		taskId: '={{ $json.id }}',
		binaryPropertyOutput: '={{ $json.binaryField }}',
		options: { fileName: '={{ $json.fileName }}' },
	});
	if (!binary) {
		const { error, message, details } = json;
		throw new Fault(String(error), {
			advice: String(message),
			details: details as unknown as FaultDetails,
		});
	}
	return addFileLink(run, { json, binary }, output);
}

/** Of all videos that are waited for, and of those that are there. */
export const taskIds = ({ context }: Shared) =>
	context.getInputData().map((item) => parkedVideo(item)?.taskId ?? String(item.json.id ?? ''));
