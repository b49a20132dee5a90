import type { IExecuteFunctions } from 'n8n-workflow';

import type { Job } from '../core/job';
import type { ItemContext } from '../core/context';
import { createTask } from '../core/createTask';
import type { PaidTask } from '../core/createTask';
import { ERROR_KINDS } from '../errors';
import { inputError } from '../messages/inputErrors';
import { OWN_FIELDS } from '../transport/videoForm';
import type { FormField, VideoRequest } from '../transport/videoForm';
import { asText, isObject } from '../utils';
import { duration, extraFields, model, prompt, size } from '../parameters/request';
import { findImages, readImage } from './images';
import type { CheckedUrls, ImageSource } from './images';
import { readNumberOfVideos } from './jobs';
import { readOption } from './options';

/** A request whose images were checked but not read: a long batch must not hold them all. */
export interface CheckedRequest extends Job, Omit<VideoRequest, 'images'> {
	images: ImageSource[];
	/** Present where the user has set a limit for the cost. */
	estimatedCostUsd?: number;
}

/** @throws VideoError in the user's words for whatever would make the video fail or be the wrong one */
export async function checkRequest(
	context: IExecuteFunctions,
	job: Job,
	checkedUrls: CheckedUrls,
): Promise<CheckedRequest> {
	const [item] = job.itemIndexes;
	readNumberOfVideos(context, item);
	return {
		...job,
		prompt: readPrompt(context, item),
		model: readText(context, item, model, inputError.modelEmpty),
		size: readText(context, item, size),
		duration: readDuration(context, item),
		extraFields: readExtraFields(context, item),
		images: await findImages(context, job.itemIndexes, checkedUrls),
	};
}

/** Creates the task of a request; its images are in memory for so long only. */
export async function sendRequest(
	ctx: ItemContext,
	checked: CheckedRequest,
	deadline: number,
): Promise<PaidTask> {
	const images = [];
	for (const image of checked.images) {
		images.push(await readImage(ctx.context, image, ctx.signal));
	}
	return await createTask(ctx, checked, { ...checked, images }, deadline);
}

function readPrompt(context: IExecuteFunctions, item: number): string {
	const given: unknown = context.getNodeParameter(prompt.name, item, '');
	const isStructured = typeof given === 'object' && given !== null;
	const text = isStructured ? JSON.stringify(given) : String(given ?? '').trim();
	if (!text || text === '{}' || text === '[]') throw inputError.promptEmpty();
	checkNotOurError(context, item, text);
	return text;
}

/** A text in which to look for a message of ours. */
const LONGEST_ERROR = 10_000;

/** An item that failed here and was led back has our own message where the prompt may be read. */
function checkNotOurError(context: IExecuteFunctions, item: number, text: string): void {
	const { error, message, details } = context.getInputData()[item]?.json ?? {};
	const isOurs = isObject(details) && Object.hasOwn(ERROR_KINDS, asText(details.kind));
	if (!isOurs || text.length > LONGEST_ERROR) return;
	if ([error, message].map(asText).some((own) => own && text.includes(own))) {
		throw inputError.promptIsError();
	}
}

function readText(
	context: IExecuteFunctions,
	item: number,
	{ name, displayName }: { name: string; displayName: string },
	whenEmpty?: () => Error,
): string {
	const given: unknown = context.getNodeParameter(name, item, '', { extractValue: true });
	if (typeof given === 'object' && given !== null) throw inputError.notText(displayName, given);
	const text = asText(given);
	if (!text && whenEmpty) throw whenEmpty();
	return text;
}

function readDuration(context: IExecuteFunctions, item: number): number | undefined {
	const given = readOption(context, item, duration);
	if (given === undefined || given === null || given === '') return undefined;
	const seconds = typeof given === 'object' ? NaN : Number(given);
	if (!(seconds > 0 && seconds < Infinity)) {
		throw inputError.duration(given);
	}
	return seconds;
}

function readExtraFields(context: IExecuteFunctions, item: number): FormField[] {
	const rows = context.getNodeParameter(`options.${extraFields.name}.field`, item, []) as Array<{
		name?: unknown;
		value?: unknown;
	}>;
	return rows.map(({ name, value }) => {
		const field = asText(name);
		if (!field) throw inputError.extraFieldUnnamed();
		if (OWN_FIELDS.includes(field)) throw inputError.extraFieldRepeated(field);
		const given = value ?? '';
		return [field, typeof given === 'object' ? JSON.stringify(given) : String(given)];
	});
}
