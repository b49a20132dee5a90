import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../clock';
import { asVideoError, isKind, VideoError } from '../errors';
import type { ErrorData } from '../errors';
import { limits } from '../limits';
import type { DownloadOptions } from '../transport/client';
import type { IncomingFile } from '../transport/file';
import { TASK_STATUS } from '../transport/task';
import type { Task } from '../transport/task';
import type { JobOutput } from './batch';
import type { ItemContext } from './context';
import type { PaidTask } from './createTask';
import { fileNameFor } from './fileName';
import { isDataUrl, readDataUrl } from './dataUrl';
import { resumable } from './resumable';
import type { ResumableFile } from './resumable';
import { retry } from './retry';

export interface OutputOptions {
	/** Undefined where only the task is wanted. */
	binaryField?: string;
	fileName: string;
	/** Whether the output has a link under which the stored file can be opened without logging in. */
	isLinkWanted: boolean;
}

export interface DeliverOptions {
	output: OutputOptions;
	/** Until when a file that is not ready yet is waited for, in ms on the clock. */
	deadline: number;
}

/** The item for a task: with its file, where it is wanted and there is one. */
export async function deliverVideo(
	ctx: ItemContext,
	paid: PaidTask,
	task: Task,
	options: DeliverOptions,
): Promise<JobOutput> {
	const isWanted = options.output.binaryField && task.status === TASK_STATUS.completed;
	const item = isWanted ? await withFile(ctx, paid, task, options) : { json: task.json };
	if (paid.key && task.status === TASK_STATUS.completed) ctx.ledger.delivered(paid.key);
	return item;
}

async function withFile(
	ctx: ItemContext,
	{ key }: PaidTask,
	task: Task,
	{ output, deadline }: DeliverOptions,
): Promise<JobOutput> {
	try {
		const file = await storeVideo(ctx, task, output.fileName, deadline);
		const { video_url: link, ...rest } = task.json;
		const json = isDataUrl(link) ? rest : task.json;
		return addFileLink(ctx, { json, binary: { [output.binaryField!]: file } }, output);
	} catch (caught) {
		const error = asVideoError(caught);
		if (error.traits.taskGone && key) ctx.ledger.drop(key);
		const { id: taskId, status, videoUrl } = task;
		throw error.with({ taskId, status, ...(!isDataUrl(videoUrl) && { videoUrl }) });
	}
}

/** A video that is paid for is returned without the link where n8n cannot make one. */
export function addFileLink(
	{ context, hints }: Pick<ItemContext, 'context' | 'hints'>,
	item: JobOutput,
	{ binaryField, isLinkWanted }: OutputOptions,
): JobOutput {
	const file = item.binary?.[binaryField!];
	if (!isLinkWanted || !file) return item;
	if (!file.id) {
		hints.withoutLink.push(String(item.json.id));
		return item;
	}
	const url = context.helpers.createBinarySignedUrl(file, limits.fileLinkLife);
	return { ...item, json: { ...item.json, file_url: url } };
}

/** A place where the file may be. */
interface Place {
	open: (options: DownloadOptions) => Promise<IncomingFile>;
	/** What it last answered instead. */
	error?: VideoError;
}

/** Streams the finished file into n8n's storage, from whichever place has it whole. */
async function storeVideo(
	{ context, client, signal }: ItemContext,
	task: Task,
	fileName: string,
	deadline: number,
): Promise<IBinaryData> {
	const { id, videoUrl } = task;
	if (isDataUrl(videoUrl)) {
		const { bytes, mimeType } = readDataUrl(videoUrl);
		return await store(context, bytes, fileNameFor(id, fileName, mimeType), mimeType);
	}
	const until = Math.max(deadline, clock.now() + limits.fileReadyMs);
	const content: Place = { open: async (options) => await client.openContent(id, options) };
	const link: Place = { open: async (options) => await client.openLink(videoUrl!, options) };
	let places = videoUrl ? [link, content] : [content];
	let attempt = 0;
	let broken = 0;

	const download = async () => {
		const place = places[attempt++ % places.length];
		try {
			const file = await place.open({ signal, deadline: until });
			const bytes = resumable(file, place.open, { signal, deadline: until });
			const mimeType = file.mimeType!;
			return await store(context, bytes, fileNameFor(id, fileName, mimeType), mimeType);
		} catch (caught) {
			const error = asVideoError(caught);
			place.error = error;
			if (isKind(error, 'downloadFailed', 'unreachable')) broken++;
			// a link that is refused or leads to a page will not get better
			const isLost = isKind(error, 'downloadFailed') && error.data.httpCode !== undefined;
			if (place === link && isLost) places = [content];
			throw whyNoFile(task, videoUrl ? [link, content] : [content]) ?? error;
		}
	};
	try {
		return await retry(download, {
			deadline: until,
			maxAttempts: () => (broken >= limits.downloadTries ? 0 : Infinity),
			signal,
		});
	} catch (caught) {
		const error = asVideoError(caught);
		if (!isKind(error, 'fileNotReady')) throw error;
		const last = content.error ?? error;
		throw last.kind === 'fileNotReady' ? new VideoError('noFile', reasonOf(task, last)) : last;
	}
}

/** What is sure once every place has answered: the file has gone, or there never was one. */
function whyNoFile(task: Task, places: Place[]): VideoError | undefined {
	const errors = places.map(({ error }) => error);
	const isMissing = (error?: VideoError) =>
		isKind(error, 'fileNotReady') ||
		(error?.kind === 'downloadFailed' && error.data.httpCode === 403);
	const last = errors.at(-1);
	if (!last || !errors.every(isMissing)) return undefined;
	if (task.expiresAt && task.expiresAt <= clock.now()) return new VideoError('expired', last.data);
	return task.failure ? new VideoError('noFile', reasonOf(task, last)) : undefined;
}

function reasonOf({ failure }: Task, { data }: VideoError): ErrorData {
	if (!failure?.message) return data;
	return { ...data, reason: failure.message, ...(failure.code && { code: failure.code }) };
}

async function store(
	context: IExecuteFunctions,
	file: Buffer | ResumableFile,
	fileName: string,
	mimeType: string,
): Promise<IBinaryData> {
	const isStream = !Buffer.isBuffer(file);
	try {
		const bytes = isStream ? file.stream : file;
		return await context.helpers.prepareBinaryData(bytes, fileName, mimeType);
	} catch (error) {
		if (isStream) file.cancel();
		const broke = isStream ? file.error : undefined;
		throw broke ?? new VideoError('storageFailed', { reason: (error as Error).message });
	}
}
