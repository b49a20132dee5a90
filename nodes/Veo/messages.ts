import {
	binaryPropertyOutput,
	downloadVideo,
	includeFileLink,
} from './actions/fields/output.fields';
import { imageInput, imageSource } from './actions/fields/image.fields';
import { OPERATION_NAMES } from './actions/fields/operation.fields';
import { maxConcurrent, maxCost, maxVideos, numberOfVideos } from './actions/fields/options.fields';
import { duration, extraFields, model, prompt, size } from './actions/fields/request.fields';
import { taskId as taskIdField } from './actions/fields/task.fields';
import { timeout, WAIT_MODE_NAMES, waitMode } from './actions/fields/wait.fields';
import { VideoError } from './errors';
import type { ErrorData, ErrorKind, UserText } from './errors';
import { DEFAULT_BASE_URL, DEFAULT_MODEL, limits } from './limits';

/** What the words depend on besides the error. */
export interface MessageContext {
	/** Whether Retry reuses paid videos; n8n only repeats the message for a paused execution. */
	canRetry: boolean;
	isAgentTool: boolean;
	/** Whether another workflow has called this one. */
	isSubExecution: boolean;
	executionId: string;
}

/** Texts in a row, each without its full stop. */
export const joinSentences = (...texts: Array<string | undefined>) =>
	texts.filter(Boolean).join('. ');

const caption = ({ displayName }: { displayName: string }) => `'${displayName}'`;

const RETRIEVE = `'${OPERATION_NAMES.retrieve}'`;
const CHECK_BASE_URL = `Check 'Base URL' in the credential. CometAPI's is ${DEFAULT_BASE_URL}`;
const CHECK_KEY = 'Check the API key in the credential, then try again';
const CHECK_USAGE = 'Check the usage log in the CometAPI console';
const TRY_LATER = 'Try again later';
const NOTHING_CREATED = 'Nothing was created';
const NOTHING_SENT = 'Nothing was sent';
const ESTIMATE = "The estimate comes from CometAPI's price list; the actual charge can differ";

/** A caller's Retry starts its sub-workflows from the beginning, and they pay again. */
const thisExecution = ({ isSubExecution, executionId }: MessageContext) =>
	isSubExecution
		? `execution ${executionId} (this sub-workflow's own, not the one that called it)`
		: 'this execution';

const toSendAgain = (ctx: MessageContext) =>
	ctx.isAgentTool
		? 'Calling the tool again in this execution does not resend it'
		: `To send it again, retry ${thisExecution(ctx)}`;

const stillAvailable = (what: string, id: string, ctx: MessageContext) => {
	if (ctx.isAgentTool) return `${what} is still available: call the tool again with the same input`;
	const retry = ctx.canRetry ? `retry ${thisExecution(ctx)}, or ` : '';
	return `${what} is still available: ${retry}use ${RETRIEVE} with task ID ${id}`;
};

/** How to replace a task that gives no video. */
function newVideo({ taskId, detail }: ErrorData, { isAgentTool, canRetry }: MessageContext) {
	const isDropped = detail === 'dropped';
	let again = isDropped ? 'A retry creates a new video' : 'Create a new video';
	if (!canRetry) again = 'Run the workflow again to create a new video';
	if (isAgentTool) again = isDropped ? 'Calling the tool again creates a new video' : '';
	return joinSentences(again, taskId && `Task ID: ${taskId}`);
}

const withCode = (text: string, code?: string) => (code ? `${text} (${code})` : text);

/** Why there is no connection. */
export const CONNECTION: Record<string, UserText> = {
	blocked: {
		message: "n8n's security rules block the connection to CometAPI",
		description: `Ask your n8n administrator to allow the host of the Base URL. ${NOTHING_SENT}`,
	},
	certificate: {
		message: 'The certificate at the Base URL is not valid',
		description: `${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	tls: {
		message: 'The server at the Base URL does not support https',
		description: `${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	notHttp: {
		message: 'The server at the Base URL does not support http',
		description: `${CHECK_BASE_URL}. ${NOTHING_CREATED}`,
	},
	url: {
		message: 'The Base URL is not a web address',
		description: `It must start with https:// or http://. ${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	proxy: {
		message: 'A proxy between n8n and CometAPI asks for a sign-in',
		description: `Check n8n's proxy settings. ${NOTHING_CREATED}`,
	},
};

/** Why a file did not arrive. */
export const DOWNLOAD: Record<string, (data: ErrorData) => string> = {
	stalled: () => `no data received for ${limits.stallMs / 1000} seconds`,
	empty: () => 'the file is empty',
	incomplete: () => 'the file is incomplete',
	notVideo: () => 'the server returned something other than a video',
	notReady: () => 'the file is not ready yet',
	connection: () => 'the connection was lost',
	status: ({ httpCode }) => `the server responded with status ${httpCode}`,
};

const TAKEN_IMAGES = 'Use a PNG, JPEG or WebP image';
const DIRECT_URL =
	'Use the direct URL of the image file, which opens without logging in and shows nothing but the image';

/** Why an image could not be loaded from its URL, and what to do. */
export const IMAGE_URL: Record<string, (data: ErrorData) => [what: string, advice: string]> = {
	blocked: () => [
		"n8n's security rules block this URL",
		'Ask your n8n administrator to allow its host, or use another URL',
	],
	certificate: () => ["the server's certificate is not valid", 'Use another URL'],
	// a network code is not in the message, where n8n would put a text of its own in its place
	connection: ({ code }) => [
		'the server could not be reached',
		`Check the URL, and that n8n can reach it${code ? ` (${code})` : ''}`,
	],
	empty: () => ['the file is empty', TAKEN_IMAGES],
	notAnImage: ({ code }) => [
		`it is not a PNG, JPEG or WebP file${code ? ` (${code})` : ''}`,
		TAKEN_IMAGES,
	],
	status: ({ httpCode = 0 }) => [
		`the server responded with status ${httpCode}`,
		[401, 403].includes(httpCode) ? DIRECT_URL : httpCode >= 500 ? TRY_LATER : 'Check the URL',
	],
	timeout: () => [
		`it took longer than ${limits.imageTimeoutMs / 1000} seconds`,
		`${TRY_LATER}, or use another URL`,
	],
	tooLarge: () => [
		`the image is larger than ${limits.maxImageBytes / 1024 ** 2} MB`,
		'Use a smaller image',
	],
	url: () => ['it is not a web address', 'Enter a URL that starts with https:// or http://'],
	webPage: () => ['the URL leads to a web page', DIRECT_URL],
};

/** What can be done about statuses that say nothing about the video. */
export const STATUSES: Record<number, [meaning: string, advice: string]> = {
	405: ['method not allowed', CHECK_BASE_URL],
	415: ['unsupported media type', 'A proxy may have changed the request. Check the Base URL'],
	451: ['unavailable for legal reasons', 'CometAPI or a proxy does not serve your region'],
};

/** Why an execution cannot be paused. */
export const PAUSE: Record<string, [why: string, way: string]> = {
	oldN8n: ['it needs n8n 2.41 or later', 'Update n8n'],
	agentTool: ['it does not work in AI Agent tools', 'Use the node in the workflow'],
	notSaved: ['the workflow is not saved', 'Save the workflow first'],
	excludedNodes: [
		"this n8n excludes the nodes 'Execute Sub-workflow Trigger' or 'If'",
		'Ask your n8n administrator to change NODES_EXCLUDE',
	],
};

/** Why a paused execution no longer waits. */
export const PAUSE_ENDED: Record<string, string> = {
	killed: `its check was cut short ${limits.maxKilledChecks} times in a row`,
	interrupted: 'n8n was stopped while it continued the execution',
	noCredential: 'the credential was deleted',
	stopped: 'its sub-execution was stopped',
	notStarted: 'n8n could not start its sub-execution',
};

const downloadText = (data: ErrorData): UserText => {
	const why = DOWNLOAD[data.detail ?? (data.httpCode ? 'status' : 'connection')];
	return {
		message: `The video could not be downloaded: ${why(data)}`,
		description: data.detail === 'connection' && data.code ? `Network code: ${data.code}` : '',
	};
};

/** A code that only repeats the status says nothing more. */
const noReason = ({ code, status }: ErrorData) =>
	withCode('no reason given', code === status ? '' : code);

type Text = (data: ErrorData, ctx: MessageContext) => UserText;

const inputText: Text = ({ text }) => text ?? { message: '', description: '' };

const TEXTS: Record<ErrorKind, Text> = {
	unauthorized: () => ({ message: 'CometAPI rejected the API key', description: CHECK_KEY }),
	forbidden: () => ({
		message: 'CometAPI does not allow this request',
		description: `In the CometAPI console, check that your key has access to this ${caption(model)}`,
	}),
	insufficientBalance: () => ({
		message: 'Your CometAPI balance or quota is used up',
		description: 'Top up your account in the CometAPI console, then try again',
	}),
	rejected: ({ call }) => ({
		message: 'CometAPI rejected the request',
		description:
			call === 'create'
				? `Check ${caption(prompt)}, ${caption(model)}, ${caption(size)}, the images and ${caption(extraFields)}`
				: `Check ${caption(taskIdField)}`,
	}),
	moderated: () => ({
		message: 'CometAPI refused the prompt or an image',
		description: `${NOTHING_CREATED}. Change the prompt or the images`,
	}),
	modelUnavailable: () => ({
		message: 'CometAPI does not have this model available',
		description: `${NOTHING_CREATED}. Choose another ${caption(model)} from the list`,
	}),
	tooLarge: () => ({
		message: 'The images are too large for CometAPI',
		description: 'Use smaller images',
	}),
	rateLimited: () => ({
		message: 'CometAPI is receiving too many requests',
		description: `Reduce ${caption(maxConcurrent)} or try again later`,
	}),
	wrongBaseUrl: () => ({
		message: 'No CometAPI found at the Base URL',
		description: CHECK_BASE_URL,
	}),
	redirected: () => ({
		message: 'The Base URL redirects to another address',
		description: CHECK_BASE_URL,
	}),
	unexpectedStatus: ({ httpCode = 0 }) => {
		const [meaning, advice] = STATUSES[httpCode] ?? ['', 'Check the Base URL, and try again later'];
		return {
			message: `CometAPI responded with status ${httpCode}${meaning && ` (${meaning})`}`,
			description: advice,
		};
	},
	unreachable: (data) =>
		data.call === 'download'
			? downloadText({ ...data, detail: 'connection' })
			: {
					message: 'CometAPI could not be reached',
					description: withCode(
						`${CHECK_BASE_URL}, and n8n must be able to reach it. ${NOTHING_SENT}`,
						data.code,
					),
				},
	cannotConnect: (data) => {
		const { message, description } = CONNECTION[data.detail ?? 'url'];
		return { message, description: withCode(description, data.code) };
	},
	notSent: () => ({
		message: 'Not sent, because CometAPI rejected the API key',
		description: CHECK_KEY,
	}),
	noResponse: ({ code, reason }, ctx) => ({
		message: 'CometAPI did not respond. The video may have been created and charged',
		// not in the message: n8n replaces a message that has a network code
		description: joinSentences(
			'It was not resent, because you could be charged twice',
			CHECK_USAGE,
			withCode(toSendAgain(ctx), reason ? '' : code),
		),
	}),
	notResent: (_, ctx) => ({
		message: 'Not resent: CometAPI did not respond to an earlier attempt',
		description: joinSentences(
			'The video may have been created and charged',
			CHECK_USAGE,
			toSendAgain(ctx),
		),
	}),
	unavailable: (data) => {
		if (data.detail === 'priceList') {
			return {
				message: "The cost can't be estimated: CometAPI's price list could not be loaded",
				description: `${NOTHING_CREATED}. ${TRY_LATER}, or remove ${caption(maxCost)}`,
			};
		}
		if (data.call === 'download') return downloadText(data);
		const { code, reason } = data;
		return {
			message: 'CometAPI is not available at the moment',
			description: withCode(TRY_LATER, reason ? '' : code),
		};
	},
	taskError: () => ({
		message: 'CometAPI did not return the status of the video',
		description: '',
	}),
	unknownTask: (data, ctx) => ({
		message: "CometAPI can't find this task",
		description: joinSentences(
			`Check ${data.taskId ? `task ID ${data.taskId}` : caption(taskIdField)}, and that the API key belongs to the account that created it`,
			data.detail === 'dropped' ? newVideo({ detail: data.detail }, ctx) : '',
		),
	}),
	generationFailed: (data, ctx) => ({
		message: `Veo could not generate the video: ${data.reason || noReason(data)}`,
		description: joinSentences(
			'Change the prompt or the images if they are the cause',
			newVideo(data, ctx),
		),
	}),
	timedOut: ({ taskId, timeoutMin = 0, detail }, ctx) => {
		if (detail === 'file') {
			return { message: 'The video was not downloaded before the timeout', description: '' };
		}
		const again = ctx.isAgentTool
			? 'Call the tool again with the same input to keep waiting'
			: joinWays(
					ctx.canRetry ? `retry ${thisExecution(ctx)} to keep waiting` : '',
					`use ${RETRIEVE} with task ID ${taskId}`,
					`increase ${caption(timeout)}`,
				);
		return {
			message: `The video was not finished within ${timeoutMin} minute${timeoutMin === 1 ? '' : 's'}`,
			description: `CometAPI is still working on task ${taskId}. ${again}`,
		};
	},
	downloadFailed: downloadText,
	fileNotReady: downloadText,
	fileTooLarge: () => ({
		message: `The video is larger than ${limits.maxFileBytes / 1024 ** 3} GB`,
		description: `Turn off ${caption(downloadVideo)} to get its link only`,
	}),
	noFile: (data, ctx) => ({
		message: 'Veo finished, but there is no video file',
		description: joinSentences(
			'Usually the safety filter has removed it. Change the prompt or the images',
			newVideo(data, ctx),
		),
	}),
	expired: (data, ctx) => ({
		message: 'The video file has expired',
		description: joinSentences(
			'CometAPI keeps finished files for a limited time',
			newVideo(data, ctx),
		),
	}),
	storageFailed: (data) => ({
		message: `n8n could not store the video: ${data.reason || noReason(data)}`,
		description: "Check n8n's disk space and binary data settings",
	}),
	cannotPause: ({ detail = 'oldN8n' }) => {
		const [why, way] = PAUSE[detail];
		return {
			message: `'${WAIT_MODE_NAMES.durable}' is not available: ${why}`,
			description: `${way}, or set ${caption(waitMode)} to '${WAIT_MODE_NAMES.memory}'`,
		};
	},
	pauseEnded: ({ detail = '', reason }) => ({
		message: `The pause of the execution has ended: ${PAUSE_ENDED[detail]}`,
		description: reason ? `n8n says: ${reason}` : '',
	}),
	invalidInput: inputText,
	imageNotLoaded: (data) => {
		const [what, advice] = (IMAGE_URL[data.detail ?? ''] ?? IMAGE_URL.connection)(data);
		return {
			message: `The image of '${data.parameter}' could not be loaded: ${what}`,
			description: advice,
		};
	},
	unexpected: ({ text }) => ({
		message: text?.message ?? '',
		description: text?.description || "Check the node's parameters for this item",
	}),
};

/** Kinds whose message already has the reason, or whose reason is not CometAPI's. */
const REASON_TOLD: ErrorKind[] = ['generationFailed', 'storageFailed', 'pauseEnded'];
/** Kinds whose own text says what to do about the task. */
const TASK_TOLD: ErrorKind[] = ['timedOut', 'generationFailed', 'unknownTask', 'noFile', 'expired'];

/** What an error says to the user. */
export function errorText(error: VideoError, ctx: MessageContext): UserText {
	const { kind, data } = error;
	if (data.text && kind !== 'unexpected') return data.text;
	const { message, description } = TEXTS[kind](data, ctx);
	const isPage =
		data.isWebPage && (data.httpCode ?? 0) < 500 && !description.includes(CHECK_BASE_URL);
	const isTaskTold = TASK_TOLD.includes(kind) && data.detail !== 'file';
	return {
		message,
		description: joinSentences(
			description,
			isPage ? CHECK_BASE_URL : '',
			REASON_TOLD.includes(kind) ? '' : quote(kind, data),
			data.taskId && !isTaskTold
				? stillAvailable(data.status === 'completed' ? 'The video' : 'The task', data.taskId, ctx)
				: '',
		),
	};
}

/** The words and the code of CometAPI, or of the server that has the file. */
function quote(kind: ErrorKind, { call, reason, code = '' }: ErrorData): string {
	if (!reason) return '';
	const isCodeTold = !code || reason.includes(code);
	const speaker = call === 'download' ? 'The server' : 'CometAPI';
	const said = kind === 'timedOut' ? `${speaker} last said` : `${speaker} says`;
	return `${said}: ${reason}${isCodeTold ? '' : ` (${code})`}`;
}

const joinWays = (...ways: string[]) => {
	const given = ways.filter(Boolean);
	const text = `${given.slice(0, -1).join(', ')}, or ${given.at(-1)}`;
	return text[0].toUpperCase() + text.slice(1);
};

/** Which other tasks are paid for when an error ends the node. */
export function paidTasksText(ids: string[], ctx: MessageContext): string {
	if (ctx.isAgentTool) return `Already paid for: ${ids.join(', ')}`;
	return ctx.canRetry
		? `Already paid for, and reused when you retry ${thisExecution(ctx)}: ${ids.join(', ')}`
		: `Already paid for; get them with ${RETRIEVE}: ${ids.join(', ')}`;
}

/** n8n tells a canceled execution from a failed one by this word in the message. */
export const cancelText = (isTimeout: boolean, paidTasks: string): UserText => ({
	message: isTimeout
		? 'The execution reached its time limit and was canceled'
		: 'The execution was canceled',
	description: paidTasks,
});

/** As in a price list: cents, and fractions of one where there are any. */
export const usdText = (amount: number) => `$${amount.toFixed(4).replace(/0{1,2}$/, '')}`;

const videosText = (count: number) => `${count} video${count === 1 ? '' : 's'}`;

/** The hint for a run whose cost was estimated. */
export const estimateText = (videos: number, usd: number) =>
	`Estimated cost of ${videosText(videos)}: ${usdText(usd)}. ${ESTIMATE}`;

export const hintText = {
	reused: (ids: string[]) => `Reused from an earlier attempt at no extra cost: ${ids.join(', ')}`,
	unfinished: (ids: string[]) =>
		`Not finished before the timeout. Get them later with these task IDs: ${ids.join(', ')}`,
	withoutLink: () =>
		'No file link: this n8n keeps binary data in memory. Store it on disk, in the database or in S3',
};

/** What n8n says when it tests the credential. */
export const credentialText = {
	wrongKey:
		'CometAPI rejected this API key. Check it, or create a new one in the CometAPI console.',
	wrongBaseUrl: `No CometAPI found at the Base URL. Use ${DEFAULT_BASE_URL} unless you have a proxy.`,
};

/** What the list of models says where it is not CometAPI's. */
export const modelListText = {
	notLoaded: "could not load CometAPI's model list; enter an ID",
	notListed: "default; not in CometAPI's model list now",
};

const invalid = (message: string, description: string, itemIndex?: number) =>
	new VideoError('invalidInput', { text: { message, description }, itemIndex });

/** Cut short, as an expression can give any value. */
function shown(value: unknown): string {
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const quoted = (values: string[]) => values.map((value) => `'${value}'`).join(', ');

/** What was given where an image was expected, and what to do about it. */
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
	const text = String(value).trim();
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
			`Set ${caption(imageSource)} to 'URL', or enter the name of a binary field`,
		];
	}
	if (/^data:/i.test(text) || (text.length > 100 && /^[\w+/=\r\n-]+$/.test(text))) {
		return ['it is base64 text', "Turn it into a file with n8n's Convert to File node first"];
	}
	return [`the input has no binary field '${shown(text)}'`, useField];
}

/** What a number may be. */
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
			"Change it in 'Options', or remove it to use the model's default",
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
			`Change it in 'Options', or remove it to use the default (${fallback})`,
		);
	},
	tooManyVideos: (videos: number, most: number) =>
		invalid(
			`The input asks for ${videos} videos, but ${caption(maxVideos)} is ${most}`,
			`${NOTHING_CREATED}. Pass fewer items, or increase the limit`,
		),
	tooExpensive: (videos: number, usd: number, mostUsd: number) =>
		invalid(
			`The estimated cost of ${videosText(videos)} is ${usdText(usd)}, but ${caption(maxCost)} is ${usdText(mostUsd)}`,
			`${NOTHING_CREATED}. Pass fewer items, reduce ${caption(numberOfVideos)}, choose another ${caption(model)}, or increase the limit. ${ESTIMATE}`,
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
			`Pass two items, or set ${caption(imageInput)} to 'One Image' to create a video from each item`,
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
			TAKEN_IMAGES,
			item,
		),
	outputFieldEmpty: () =>
		invalid(
			`${caption(binaryPropertyOutput)} is empty`,
			`Enter a field name, e.g. data, or turn off ${caption(downloadVideo)}`,
		),
	fileLinkNotSupported: () =>
		invalid(
			`${caption(includeFileLink)} needs a newer version of n8n`,
			`Update n8n, or turn off ${caption(includeFileLink)}`,
		),
	taskIdEmpty: () =>
		invalid(
			`${caption(taskIdField)} is empty`,
			`Map the field 'id' from the output of '${OPERATION_NAMES.create}'`,
		),
	taskIdInvalid: (given: unknown) =>
		invalid(
			`${caption(taskIdField)} can't be '${shown(given)}'`,
			`Map the field 'id' from the output of '${OPERATION_NAMES.create}'. A task ID has only letters, digits and the characters _ - . :`,
		),
};
