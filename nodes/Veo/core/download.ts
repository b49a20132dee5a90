import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { asVideoError } from '../errors';
import { limits } from '../limits';
import type { VideoFormat } from '../transport/mp4';
import { TASK_STATUS } from '../transport/task';
import type { Task } from '../transport/task';
import { parseUrl } from '../utils';
import type { ItemContext, VideoHint } from './context';
import type { PaidTask } from './ledger';
import { isDataUrl, withoutDataUrls } from './dataUrl';
import type { OutputItem } from './job';
import { storeVideo } from './storeVideo';

export interface OutputOptions {
	/** Undefined if only the task is wanted. */
	binaryField?: string;
	fileName: string;
	/** Whether the output has a link that opens the stored file without logging in. */
	isLinkWanted: boolean;
}

export interface DeliverOptions {
	output: OutputOptions;
	/** Includes the file, in ms on the clock; absent if there is no timeout. */
	deadline?: number;
	/** Whether the file is requested again later. */
	mayComeLater?: boolean;
}

/** The output item of a task, with its file if it is wanted and the task is completed. */
export async function deliverVideo(
	ctx: ItemContext,
	paid: PaidTask,
	task: Task,
	options: DeliverOptions,
): Promise<OutputItem> {
	const isWanted = options.output.binaryField && task.status === TASK_STATUS.completed;
	const item = isWanted ? await withFile(ctx, paid, task, options) : { json: task.json };
	if (task.status === TASK_STATUS.completed) ctx.ledger.delivered(paid);
	return item;
}

async function withFile(
	ctx: ItemContext,
	{ key, isOurs }: PaidTask,
	task: Task,
	{ output, ...options }: DeliverOptions,
): Promise<OutputItem> {
	try {
		const { fileName } = output;
		const { file, format } = await storeVideo(ctx, task, { ...options, fileName, isOurs });
		const json = isDataUrl(task.videoUrl) ? withoutDataUrls(task.json) : task.json;
		const item = {
			json: { ...json, ...fieldsOf(format) },
			binary: { [output.binaryField!]: file },
		};
		return addFileLink(ctx, item, output);
	} catch (caught) {
		const error = asVideoError(caught);
		const isDropped = error.traits.taskGone && key !== undefined;
		if (isDropped) ctx.ledger.drop(key, task.id);
		const { id: taskId, status, videoUrl } = task;
		throw error.with({
			taskId,
			status,
			...(!isDataUrl(videoUrl) && { videoUrl }),
			...(isDropped && { detail: 'dropped' }),
		});
	}
}

/** The format can be another one than was asked for. */
const fieldsOf = (format: VideoFormat) =>
	Object.fromEntries(Object.entries(format).map(([name, value]) => [`file_${name}`, value]));

/** A video that is paid for is returned without the link if n8n can't make one. */
function addFileLink(
	{ context, hints }: ItemContext,
	item: OutputItem,
	{ binaryField, isLinkWanted }: OutputOptions,
): OutputItem {
	if (!isLinkWanted) return item;
	const { link, hint } = createFileLink(context, item.binary![binaryField!]);
	if (hint) hints[hint].push(String(item.json.id));
	return link ? { ...item, json: { ...item.json, file_url: link } } : item;
}

export interface FileLink {
	/** Absent if this n8n keeps files in memory. */
	link?: string;
	hint?: VideoHint;
}

export function createFileLink({ helpers }: IExecuteFunctions, file: IBinaryData): FileLink {
	if (!file.id) return { hint: 'withoutLink' };
	const link = helpers.createBinarySignedUrl(file, limits.fileLinkLife);
	return { link, ...(isLocal(link) && { hint: 'localLink' }) };
}

/** n8n does not know its public address unless it is set. */
const isLocal = (link: string) =>
	/^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/.test(parseUrl(link)?.hostname ?? '');
