import type { IBinaryData, IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { IncomingFile } from '../api/file';
import { TASK_STATUS } from '../api/task';
import type { Task } from '../api/task';
import { limits } from '../limits';
import { asPassing, storageFault, withTask } from './faults';
import type { Run } from './video';
import { wait } from './wait';

export interface OutputOptions {
	/** Undefined where only the task is wanted. */
	binaryField?: string;
	fileName: string;
	/** Whether the output tells where the stored file can be had without signing in. */
	isLinkWanted: boolean;
}

/** The item for a task: with its file, where it is wanted and there is one. */
export async function deliverVideo(
	run: Run,
	task: Task,
	output: OutputOptions,
): Promise<{ json: IDataObject; binary?: IBinaryKeyData }> {
	const { binaryField, fileName } = output;
	if (!binaryField || task.status !== TASK_STATUS.completed) return { json: task.json };
	const binary = await storeVideo(run, task, fileNameOf(task, fileName));
	return addFileLink(run, { json: task.json, binary: { [binaryField]: binary } }, output);
}

/** A video that is paid for goes on without the link where n8n cannot make one. */
export function addFileLink(
	{ context, unlinked }: Run,
	{ json, binary }: { json: IDataObject; binary: IBinaryKeyData },
	{ binaryField, isLinkWanted }: OutputOptions,
) {
	if (!isLinkWanted) return { json, binary };
	const file = binary[binaryField!];
	if (!file.id) {
		unlinked.push(String(json.id));
		return { json, binary };
	}
	const url = context.helpers.createBinarySignedUrl(file, limits.fileLinkLife);
	return { json: { ...json, file_url: url }, binary };
}

/** A bare name with an ending: n8n would take anything before a slash for a folder. */
function fileNameOf({ id }: Task, wanted: string): string {
	const name = (wanted || id).replace(/[/\\]/g, '_');
	return /\.[a-z]\w{1,3}$/i.test(name) ? name : `${name}.mp4`;
}

/** Streams the finished file into n8n's store, from wherever it can be had whole. */
async function storeVideo(
	{ context, api, canRetry, signal }: Run,
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
			pauseAfter: () => () => 0,
			deadline: Infinity,
			asPassing,
			maxFaults: () => limits.downloadTries,
			signal,
		});
	} catch (error) {
		const details = { taskId: id, status: task.status, ...(videoUrl && { videoUrl }) };
		throw withTask(error, { ...details, retryable: true }, canRetry);
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
