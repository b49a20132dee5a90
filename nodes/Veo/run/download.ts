import type { IBinaryData, IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { IncomingFile } from '../api/file';
import { isFinished, TASK_STATUS } from '../api/task';
import type { Task } from '../api/task';
import { limits } from '../limits';
import { asPassing, storageFault, withTask } from './faults';
import type { Run } from './video';
import { wait } from './wait';

/** The item for a task: with its file, where it is wanted and there is one. */
export async function deliverVideo(
	run: Run,
	task: Task,
	{ binaryField, fileName }: { binaryField?: string; fileName: string },
): Promise<{ json: IDataObject; binary?: IBinaryKeyData }> {
	if (!isFinished(task)) run.unfinished.push(task.id);
	if (!binaryField || task.status !== TASK_STATUS.completed) return { json: task.json };
	const binary = await storeVideo(run, task, fileNameOf(task, fileName));
	return { json: task.json, binary: { [binaryField]: binary } };
}

/** A bare name with an ending: n8n would take anything before a slash for a folder. */
function fileNameOf({ id }: Task, wanted: string): string {
	const name = (wanted || id).replace(/[/\\]/g, '_');
	return /\.[a-z]\w{1,3}$/i.test(name) ? name : `${name}.mp4`;
}

/** Streams the finished file into n8n's store, from wherever it can be had whole. */
async function storeVideo(
	{ context, api, signal }: Run,
	task: Task,
	fileName: string,
): Promise<IBinaryData> {
	const { id, videoUrl } = task;
	const fromCometApi = async () => await api.openContent(id, signal);
	const places = videoUrl
		? [async () => await api.openLink(videoUrl, signal), fromCometApi]
		: [fromCometApi];
	let tries = 0;
	try {
		return await wait({
			ask: async () => {
				const file = await places[tries++ % places.length]();
				return await store(context, file, fileName);
			},
			isFinished: () => true,
			nextInMs: () => 0,
			deadline: Infinity,
			asPassing,
			maxFaults: () => limits.downloadTries,
			signal,
		});
	} catch (error) {
		throw withTask(error, {
			taskId: id,
			status: task.status,
			retryable: true,
			...(videoUrl && { videoUrl }),
		});
	}
}

async function store(
	context: IExecuteFunctions,
	file: IncomingFile,
	fileName: string,
): Promise<IBinaryData> {
	try {
		return await context.helpers.prepareBinaryData(file.stream, fileName, file.mimeType);
	} catch (error) {
		file.cancel();
		throw file.fault ?? storageFault(error);
	}
}
