import { FROM_URL, imageInput, imageSource, ONE_IMAGE } from '../parameters/image';
import { OPERATION_NAMES } from '../parameters/operation';
import { maxCost, maxVideos, numberOfVideos, optionsField } from '../parameters/options';
import { binaryPropertyOutput, downloadVideo } from '../parameters/output';
import { duration, extraFields, model, prompt, size } from '../parameters/request';
import { taskId } from '../parameters/task';
import type { Estimate } from '../core/context';
import { VideoError } from '../errors';
import { DEFAULT_MODEL, limits } from '../limits';
import { printable } from '../utils';
import {
	caption,
	ESTIMATE,
	shortList,
	NOTHING_CREATED,
	usdText,
	USE_ACCEPTED_IMAGE,
	videosText,
} from './phrases';

const OPTIONS = caption(optionsField([]));
const MAP_ID = `Map the field 'id' from the output of '${OPERATION_NAMES.create}'`;

const invalid = (message: string, description: string, itemIndex?: number) =>
	new VideoError('invalidInput', { text: { message, description }, itemIndex });

/** Cut short, as an expression can give any value. */
function shown(value: unknown): string {
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
	return printable(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

const quoted = (values: string[]) =>
	values
		.slice(0, 10)
		.map((value) => `'${shown(value)}'`)
		.join(', ');

/** Describes a value that is not an image, and the remedy. */
function imageGiven(value: unknown, fields: string[]): [what: string, advice: string] {
	const named =
		fields.length > 0
			? `The item has these binary fields: ${quoted(fields)}`
			: 'The item has no binary fields';
	const useField = `Enter the name of the binary field with the image, or an expression that returns it, e.g. {{ $('Read File').item.binary.data }}. ${named}`;
	if (value === undefined || value === null) {
		return ['the expression returns nothing', useField];
	}
	if (Array.isArray(value)) return ['it is a list', `Use one file of the list. ${named}`];
	if (typeof value === 'object' && 'mimeType' in value) {
		return [
			'this n8n gives the file without its data',
			`Enter the name of the binary field; for the file of an earlier node, use {{ $('Read File').item.binary.data }}. ${named}`,
		];
	}
	const text = typeof value === 'object' ? '[object Object]' : String(value).trim();
	if (text.includes('[object Object]')) {
		return [
			'it is an object and not one file',
			`Add the name of the binary field to the expression, e.g. '.data'. ${named}`,
		];
	}
	if (!text) return ['it is empty', useField];
	if (text === 'undefined' || text === 'null') return ['the expression returns nothing', useField];
	if (/^https?:\/\//i.test(text)) {
		return [
			'it is a URL',
			`Set ${caption(imageSource)} to '${FROM_URL}', or enter the name of a binary field`,
		];
	}
	if (/^data:/i.test(text) || (text.length > 100 && /^[\w+/=\r\n-]+$/.test(text))) {
		return ['it is base64 text', "Turn it into a file with n8n's Convert to File node first"];
	}
	return [`the input has no binary field '${shown(text)}'`, useField];
}

/** The allowed values of a number. */
export interface NumberLimits {
	min: number;
	max?: number;
	default: number;
	isWhole?: boolean;
}

/** Errors for what the user has entered. */
export const inputError = {
	promptEmpty: () =>
		invalid(`${caption(prompt)} is empty`, 'Enter a prompt, or map one from the input'),
	promptIsError: () =>
		invalid(
			`${caption(prompt)} is the message of an item that failed in this node`,
			"Read the prompt from the original input, e.g. with $('Node Name').item.json",
		),
	modelEmpty: () =>
		invalid(
			`${caption(model)} is empty`,
			`Choose a model from the list, or enter its ID, e.g. ${DEFAULT_MODEL}`,
		),
	notText: (displayName: string, given: unknown) =>
		invalid(
			`'${displayName}' must be text, but is ${shown(given)}`,
			'Change the expression so that it returns text',
		),
	unknownValue: (displayName: string, given: unknown, known: string[]) =>
		invalid(
			`'${displayName}' has an unknown value: '${shown(given)}'`,
			`Use one of: ${known.join(', ')}`,
		),
	duration: (given: unknown) =>
		invalid(
			`${caption(duration)} must be a number of seconds, but is '${shown(given)}'`,
			`Change it in ${OPTIONS}, or remove it to use the model's default`,
		),
	extraFieldUnnamed: () =>
		invalid(
			`A field in ${caption(extraFields)} has no name`,
			"Enter the field's name, or remove the field",
		),
	extraFieldRepeated: (field: string) =>
		invalid(
			`${caption(extraFields)} can't contain '${field}'`,
			"Use the node's own parameter for it",
		),
	number: (
		displayName: string,
		given: unknown,
		{ min, max, default: fallback, isWhole }: NumberLimits & { max: number },
	) => {
		const range = max === Infinity ? `of at least ${min}` : `between ${min} and ${max}`;
		return invalid(
			`'${displayName}' must be a ${isWhole ? 'whole ' : ''}number ${range}, but is '${shown(given)}'`,
			`Change it in ${OPTIONS}, or remove it to use the default (${fallback})`,
		);
	},
	tooManyVideos: (videos: number, most: number) =>
		invalid(
			`The input asks for ${videos} videos, but ${caption(maxVideos)} is ${most}`,
			`${NOTHING_CREATED}. Pass fewer items, or increase the limit`,
		),
	tooExpensive: ({ videos, usd, formats }: Estimate, mostUsd: number) =>
		invalid(
			`The estimated cost of ${videosText(videos)} (${shortList(formats, '; ')}) is ${usdText(usd)}, but ${caption(maxCost)} is ${usdText(mostUsd)}`,
			`${NOTHING_CREATED}. Pass fewer items, reduce ${caption(numberOfVideos)}, choose another ${caption(model)}, ${caption(size)} or ${caption(duration)}, or increase the limit. ${ESTIMATE}`,
		),
	priceUnknown: (modelId: string, itemIndex: number) =>
		invalid(
			`The cost can't be estimated: CometAPI's price list has no price in USD for '${shown(modelId)}'`,
			`${NOTHING_CREATED}. Choose a ${caption(model)} with a price in the list, or remove ${caption(maxCost)}`,
			itemIndex,
		),
	tooManyImages: (items: number) =>
		invalid(
			`Veo accepts up to two images per video, but there are ${items} input items`,
			`Pass two items, or set ${caption(imageInput)} to '${ONE_IMAGE}' to create a video from each item`,
		),
	imageNotFound: (displayName: string, given: unknown, fields: string[], item: number) => {
		const [what, advice] = imageGiven(given, fields);
		return invalid(`No image found for '${displayName}': ${what}`, advice, item);
	},
	/** Whatever is given for a URL and is no text. */
	imageUrl: (displayName: string, given: unknown, item: number) => {
		const isEmpty = given === undefined || given === null || given === '';
		const what = isEmpty ? 'is empty' : `must be a URL, but is ${shown(given)}`;
		return invalid(
			`'${displayName}' ${what}`,
			'Enter the URL of a PNG, JPEG or WebP image, or map one from the input',
			item,
		);
	},
	notAnImage: (displayName: string, isEmpty: boolean, item: number) =>
		invalid(
			`The file in '${displayName}' is not an image Veo can use: ${isEmpty ? 'it is empty' : 'it is not a PNG, JPEG or WebP file'}`,
			USE_ACCEPTED_IMAGE,
			item,
		),
	imageTooLarge: (displayName: string, item: number) =>
		invalid(
			`The image in '${displayName}' is larger than ${limits.maxImageBytes / 1024 ** 2} MB`,
			'Use a smaller image',
			item,
		),
	outputFieldEmpty: () =>
		invalid(
			`${caption(binaryPropertyOutput)} is empty`,
			`Enter a field name, e.g. data, or turn off ${caption(downloadVideo)}`,
		),
	taskIdEmpty: () => invalid(`${caption(taskId)} is empty`, MAP_ID),
	taskIdInvalid: (given: unknown) =>
		invalid(
			`${caption(taskId)} can't be '${shown(given)}'`,
			`${MAP_ID}. A task ID is a text of up to ${limits.maxTaskIdLength} characters`,
		),
	taskIdInexact: (given: string) =>
		invalid(
			`${caption(taskId)} is a number that has lost digits: ${given}`,
			`${MAP_ID}, which is text. As a number, an ID of more than 15 digits is not exact`,
		),
};
