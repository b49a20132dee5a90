import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../clock';
import { asVideoError, isKind, isTransient, VideoError } from '../errors';
import type { ErrorData } from '../errors';
import { limits } from '../limits';
import type { DownloadOptions } from '../transport/client';
import type { IncomingFile } from '../transport/file';
import type { VideoFormat } from '../transport/mp4';
import type { Task } from '../transport/task';
import type { ItemContext } from './context';
import { isDataUrl, readDataUrl } from './dataUrl';
import { fileNameFor } from './fileName';
import { isGivenUp, withOddResponse } from './oddResponses';
import type { OddResponses } from './oddResponses';
import { isRefused, resumable } from './resumable';
import type { ResumableFile } from './resumable';
import { retry } from './retry';

/** A source of the file. */
interface Place {
	/** Signed links say 403 once they have expired. */
	isLink: boolean;
	open: (options: DownloadOptions) => Promise<IncomingFile>;
	/** Its last error. */
	error?: VideoError;
	/** How often the file did not arrive whole, or there was no response. */
	failures: number;
}

export interface StoreOptions {
	fileName: string;
	/** For the file too, in ms on the clock; absent if there is no timeout. */
	deadline?: number;
	/** Whether the node has created the task: then it was there, and a single response ends nothing. */
	isOurs: boolean;
	/** Whether the file is requested again later, so that none by now does not mean that there is none. */
	mayComeLater?: boolean;
}

export interface StoredVideo {
	file: IBinaryData;
	format: VideoFormat;
}

/** Streams the finished file into n8n's storage, from whichever place has it whole. */
export async function storeVideo(
	{ context, client, signal }: ItemContext,
	task: Task,
	{ fileName, deadline, isOurs, mayComeLater }: StoreOptions,
): Promise<StoredVideo> {
	const { id, videoUrl } = task;
	const inJson = isDataUrl(videoUrl) ? readDataUrl(videoUrl) : undefined;
	if (inJson) {
		const { bytes, mimeType, format } = inJson;
		const name = fileNameFor(id, fileName, mimeType);
		return { file: await store(context, bytes, name, mimeType), format };
	}
	const readyUntil = Math.max(deadline ?? 0, clock.now() + limits.fileReadyMs);
	const transferUntil = deadline ?? clock.now() + limits.retrieveFileMs;
	const content: Place = {
		isLink: false,
		open: async (options) => await client.openContent(id, options),
		failures: 0,
	};
	const link: Place = {
		isLink: true,
		open: async (options) => await client.openLink(videoUrl!, options),
		failures: 0,
	};
	const places = videoUrl && !isDataUrl(videoUrl) ? [link, content] : [content];
	let usable = places;
	let attempt = 0;

	const download = async () => {
		const place = usable[attempt++ % usable.length];
		// a transfer that begins at the last moment may still end
		const options = {
			signal,
			deadline: Math.max(transferUntil, clock.now() + limits.fileReadyMs),
		};
		try {
			const arriving = await place.open(options);
			const bytes = resumable(arriving, place.open, options);
			const mimeType = arriving.mimeType!;
			const name = fileNameFor(id, fileName, mimeType);
			const file = await store(context, bytes, name, mimeType);
			return { file, format: arriving.boxes.format };
		} catch (caught) {
			const error = asVideoError(caught);
			place.error = error;
			if (isKind(error, ...BROKEN)) place.failures++;
			if (place === link && isUseless(link)) usable = [content];
			throw whyNoFile(task, places) ?? error;
		}
	};
	/** Both places say so, or the task itself. */
	const isConfirmed = () =>
		task.failure !== undefined || (places.length > 1 && places.every(isMissing));
	let odd: OddResponses | undefined;
	const mayPass = (error: VideoError) => {
		if (isTransient(error)) return true;
		const isOdd = (error.traits.taskGone && !isConfirmed()) || isKind(error, 'unauthorized');
		if (!isOurs || !isOdd) return false;
		odd = withOddResponse(odd, error);
		return !isGivenUp(odd);
	};
	const isHopeless = () =>
		places.reduce((sum, { failures }) => sum + failures, 0) >= limits.downloadTries &&
		usable.every(({ error }) => isKind(error, ...BROKEN));
	try {
		return await retry(download, {
			deadline: readyUntil,
			isTransient: mayPass,
			maxAttempts: () => (isHopeless() ? 0 : Infinity),
			signal,
		});
	} catch (caught) {
		const last = asVideoError(caught);
		const isSure = !isOurs || isConfirmed() || isGivenUp(odd);
		const isTooSoon = last.traits.taskGone && !isSure;
		const error = isTooSoon ? new VideoError('unavailable', last.data) : last;
		// whatever the other place says, this can be changed
		const blocked = places.find((place) => place.error?.data.detail === 'blocked')?.error;
		if (blocked && isTransient(error)) throw blocked;
		throw isKind(error, 'fileNotReady') && !mayComeLater
			? errorAtDeadline(task, places, error)
			: error;
	}
}

const BROKEN = ['downloadFailed', 'unreachable'] as const;

/** A link that is refused or leads to a page will not get better. */
const isUseless = ({ error, failures }: Place) =>
	failures >= limits.downloadTries || isRefused(error!);

/** No file there: not yet, or never. A detail says that there is one. */
const isMissing = ({ error, isLink }: Place) =>
	(isKind(error, 'fileNotReady') && !error!.data.detail) ||
	(isLink && error?.data.httpCode === 403);

/** Once every source has responded: whether the file is gone, or never existed. */
function whyNoFile(task: Task, places: Place[]): VideoError | undefined {
	const content = places.at(-1)!;
	if (!places.every(({ error }) => error) || !isMissing(content)) return undefined;
	const { data } = content.error!;
	if (/expired/i.test(data.reason ?? '')) return new VideoError('expired', data);
	const isSure = task.failure && places.every(isMissing);
	return isSure ? new VideoError('noFile', reasonOf(task, content.error!)) : undefined;
}

/** If no source ever had the file, assumes that there is none. */
function errorAtDeadline(task: Task, places: Place[], error: VideoError): VideoError {
	const other = places.find((place) => place.error && !isMissing(place))?.error;
	return other ?? new VideoError('noFile', reasonOf(task, places.at(-1)!.error ?? error));
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
