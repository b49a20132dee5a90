import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Job, OutputItem } from '../core/job';
import type { ItemContext, RunContext } from '../core/context';
import { createTask } from '../core/createTask';
import { requestKey } from '../core/ledger';
import type { PaidTask } from '../core/ledger';
import { asVideoError, ERROR_KINDS, isKind } from '../errors';
import type { ErrorData, VideoError } from '../errors';
import { inputError } from '../messages/inputErrors';
import { OWN_FIELDS, sizeOf } from '../transport/videoForm';
import type { FormField, VideoRequest } from '../transport/videoForm';
import { isTooShort } from '../transport/videoSize';
import { asText, isObject } from '../utils';
import { duration, extraFields, model, prompt, size } from '../parameters/request';
import { checkLinked, findImages, isLinked, openImage } from './images';
import type { CheckedUrls, ImageSource } from './images';
import { otherModels } from './models';
import { readNumberOfVideos } from './jobs';
import { readOption } from './options';

/** A request whose images are not read yet: a long batch must not hold them all in memory. */
export interface CheckedRequest extends Job, Omit<VideoRequest, 'images'> {
	images: ImageSource[];
	/** Present if the user has set a limit for the cost. */
	estimatedCostUsd?: number;
}

/** The part of a request that its output item has beside the task. */
export type Asked = Pick<CheckedRequest, 'prompt' | 'model' | 'estimatedCostUsd'>;

export const askedOf = ({ prompt, model, estimatedCostUsd }: CheckedRequest): Asked => ({
	prompt,
	model,
	estimatedCostUsd,
});

/** Adds what was asked for. The fields of the task stay: its `model` may be the one that CometAPI has chosen. */
export function withAsked(item: OutputItem, asked: Asked | undefined): OutputItem {
	if (!asked) return item;
	const json: IDataObject = {
		...item.json,
		prompt: item.json.prompt ?? asked.prompt,
		requested_model: asked.model,
	};
	if (asked.estimatedCostUsd !== undefined) json.estimated_cost_usd = asked.estimatedCostUsd;
	return { ...item, json };
}

/** @throws VideoError for anything entered that would make the video fail or be a wrong one */
export async function checkRequest(
	{ context, ledger }: RunContext,
	job: Job,
	checkedUrls: CheckedUrls,
): Promise<CheckedRequest> {
	const [item] = job.itemIndexes;
	readNumberOfVideos(context, item);
	const request = {
		...job,
		prompt: readPrompt(context, item),
		model: readTextParameter(context, item, model, inputError.modelEmpty),
		size: readTextParameter(context, item, size),
		duration: readDuration(context, item),
		extraFields: readExtraFields(context, item),
		images: await findImages(context, job.itemIndexes),
	};
	// the images of a request that was sent may be gone by now
	const urls = request.images.filter(isLinked).map(({ url }) => url);
	const isSent = urls.length > 0 && ledger.knows(requestKey(request, urls));
	if (!isSent) await checkLinked(context, request.images, checkedUrls);
	return request;
}

/** Creates the task of a request, or reuses one that is paid for. Only one that is sent has its images loaded. */
export async function sendRequest(
	ctx: ItemContext,
	checked: CheckedRequest,
	deadline: number,
): Promise<PaidTask> {
	const images = checked.images.map((image) => openImage(ctx.context, image, ctx.signal));
	const fingerprints = [];
	for (const image of images) fingerprints.push(await image.fingerprint());
	const load = async () => {
		const files = [];
		for (const image of images) files.push(await image.load());
		return { ...checked, images: files };
	};
	const key = requestKey(checked, fingerprints);
	const create = async () => {
		try {
			return await createTask(ctx, { job: checked, key, load, deadline });
		} catch (caught) {
			const error = asVideoError(caught);
			throw error.with(await adviceFor(ctx, checked, error));
		}
	};
	return await ctx.ledger.inTurn(key, create);
}

/** Data for the remedy of a refused request. */
async function adviceFor(
	ctx: ItemContext,
	request: CheckedRequest,
	error: VideoError,
): Promise<ErrorData> {
	if (isKind(error, 'modelUnavailable')) return { models: await otherModels(ctx, request.model) };
	const sent = sizeOf(request);
	return isKind(error, 'rejected') && isTooShort(request, sent) ? { tooShortAt: sent } : {};
}

function readPrompt(context: IExecuteFunctions, item: number): string {
	const given: unknown = context.getNodeParameter(prompt.name, item, '');
	const isStructured = typeof given === 'object' && given !== null;
	const text = isStructured ? JSON.stringify(given) : String(given ?? '').trim();
	if (!text || text === '{}' || text === '[]') throw inputError.promptEmpty();
	checkNotOurError(context, item, text);
	return text;
}

/** A longer text is not searched for a message of ours. */
const LONGEST_ERROR = 10_000;

/** An error item fed back into the node may contain our own message as its prompt. */
function checkNotOurError(context: IExecuteFunctions, item: number, text: string): void {
	const { error, message, details } = context.getInputData()[item]?.json ?? {};
	const isOurs = isObject(details) && Object.hasOwn(ERROR_KINDS, asText(details.kind));
	if (!isOurs || text.length > LONGEST_ERROR) return;
	if ([error, message].map(asText).some((own) => own && text.includes(own))) {
		throw inputError.promptIsError();
	}
}

function readTextParameter(
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
	const [, number] = /^"?(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)?"?$/i.exec(asText(given)) ?? [];
	const seconds = Number(number);
	if (!(seconds > 0 && seconds < Infinity)) throw inputError.duration(given);
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
		if (OWN_FIELDS.includes(field.toLowerCase())) throw inputError.extraFieldRepeated(field);
		const given = value ?? '';
		return [field, typeof given === 'object' ? JSON.stringify(given) : String(given)];
	});
}
