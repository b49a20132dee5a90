import { ERROR_KINDS, VideoError } from '../../nodes/Veo/errors';
import type { Cause, ErrorData, ErrorKind } from '../../nodes/Veo/errors';
import {
	CONNECTION,
	DOWNLOAD,
	IMAGE_URL,
	PAUSE,
	PAUSE_ENDED,
	STATUSES,
} from '../../nodes/Veo/messages/causes';
import { cancelText, errorText } from '../../nodes/Veo/messages/errorTexts';
import { inputError } from '../../nodes/Veo/messages/inputErrors';
import type { MessageContext } from '../../nodes/Veo/messages/errorTexts';

const always: MessageContext = { canRetry: true, isSubExecution: false, executionId: '7' };

/** The contexts of an error that change its text. */
export const CONTEXTS: Record<string, MessageContext> = {
	'an execution': always,
	'a paused execution': { ...always, canRetry: false },
	'a sub-execution': { ...always, isSubExecution: true },
	'a paused sub-execution': { ...always, canRetry: false, isSubExecution: true },
	'a tool of an AI Agent': { ...always, canRetry: false, calledBy: 'agent' },
	'a tool of an MCP client': { ...always, canRetry: false, calledBy: 'mcp' },
};

const details = (table: object): ErrorData[] =>
	Object.keys(table).map((detail) => ({ detail: detail as Cause }));

/** The data that changes the text of a kind; kinds not listed here have one text each. */
const VARIANTS: Partial<Record<ErrorKind, ErrorData[]>> = {
	unauthorized: [{}, { detail: 'key' }],
	cannotConnect: details(CONNECTION),
	downloadFailed: details(DOWNLOAD).map((data) => ({ ...data, call: 'download', httpCode: 403 })),
	fileNotReady: [{ call: 'download', httpCode: 404 }],
	unavailable: [
		{},
		{ detail: 'priceList' },
		{ detail: 'unreadable' },
		{ call: 'download', httpCode: 503, detail: 'status' },
		{ call: 'download' },
	],
	modelUnavailable: [{}, { models: ['veo3.1', 'veo3.1-fast'] }],
	noResponse: [{}, { httpCode: 200 }, { httpCode: 502 }, { httpCode: 200, detail: 'unreadable' }],
	unreachable: [{}, { call: 'download' }],
	cannotPause: details(PAUSE),
	pauseEnded: details(PAUSE_ENDED).map((data) => ({ ...data, taskId: 'task_1' })),
	imageNotLoaded: details(IMAGE_URL).map((data) => ({
		...{ ...data, parameter: 'Image URL', httpCode: 404 },
	})),
	unexpectedStatus: [418, ...Object.keys(STATUSES)].map((status) => ({ httpCode: Number(status) })),
	rejected: [{ call: 'create' }, { call: 'retrieve' }],
	timedOut: [
		{ taskId: 'task_1', status: 'queued', timeoutMin: 15 },
		{ taskId: 'task_1', status: 'queued', timeoutMin: 1 },
		{ taskId: 'task_1', status: 'queued', detail: 'file' },
	],
	unknownTask: [{}, { detail: 'dropped' }],
	generationFailed: [{ detail: 'dropped' }, { detail: 'dropped', code: 'x', status: 'failed' }, {}],
	noFile: [{}, { detail: 'dropped' }],
	expired: [{}, { detail: 'dropped' }],
	unexpected: [{ text: { message: 'No such node', description: '' } }],
};

/** Additional data that any kind may have. */
const KNOWN: ErrorData[] = [
	{},
	{ code: 'some_code' },
	{ reason: 'Because (request id: 7)', code: 'some_code' },
	{ taskId: 'task_1', status: 'completed' },
	{ taskId: 'task_1', status: 'queued', reason: 'Because' },
	{ isWebPage: true, httpCode: 403 },
];

/** An error of each kind, for each of its texts. */
export const errorsOfAllKinds = (Object.keys(ERROR_KINDS) as ErrorKind[])
	.filter((kind) => kind !== 'invalidInput')
	.flatMap((kind) => (VARIANTS[kind] ?? [{}]).map((data) => new VideoError(kind, data)));

/** The same errors with all additional data. */
export const errorsWithAllData = errorsOfAllKinds.flatMap((error) =>
	KNOWN.map((known) => new VideoError(error.kind, { ...known, ...error.data })),
);

const png = { mimeType: 'image/png' };
const fields = ['data', 'photo'];

/** Every error of `inputError`, with all kinds of user input. */
export const INPUT_ERRORS: { [Name in keyof typeof inputError]: VideoError[] } = {
	promptEmpty: [inputError.promptEmpty()],
	promptIsError: [inputError.promptIsError()],
	modelEmpty: [inputError.modelEmpty()],
	notText: [inputError.notText('Model', { a: 1 })],
	unknownValue: [inputError.unknownValue('Image Input', 'x', ['a', 'b'])],
	duration: [inputError.duration('x'), inputError.duration({ a: 'b'.repeat(999) })],
	extraFieldUnnamed: [inputError.extraFieldUnnamed()],
	extraFieldRepeated: [inputError.extraFieldRepeated('prompt')],
	number: [Infinity, 100].map((max) =>
		inputError.number('Max Concurrent Videos', 'x'.repeat(999), { min: 1, max, default: 5 }),
	),
	tooManyVideos: [inputError.tooManyVideos(5, 3)],
	tooExpensive: [
		inputError.tooExpensive({ videos: 3, usd: 0.96, formats: ['16x9, 8 seconds'] }, 0.5),
	],
	priceUnknown: [
		inputError.priceUnknown('veo3-pro', 0),
		inputError.priceUnknown('x'.repeat(999), 0),
	],
	imageUrl: ['', null, undefined, ['https://host/a.png'], { a: 1 }, 7].map((given) =>
		inputError.imageUrl('Image URL', given, 0),
	),
	tooManyImages: [inputError.tooManyImages(3)],
	imageNotFound: [
		...['photo', '', 'undefined', 'null', undefined, null, 7, [png], png, { json: {} }],
		...['https://host/a.png', 'data:image/png;base64,AAAA', 'iVBORw0K'.repeat(2_000)],
	].flatMap((given) => [
		inputError.imageNotFound('Input Data Field Name', given, fields, 0),
		inputError.imageNotFound('Input Data Field Name', given, [], 0),
	]),
	notAnImage: [true, false].map((isEmpty) =>
		inputError.notAnImage('First Frame Field Name', isEmpty, 0),
	),
	imageTooLarge: [inputError.imageTooLarge('First Frame Field Name', 0)],
	outputFieldEmpty: [inputError.outputFieldEmpty()],
	taskIdEmpty: [inputError.taskIdEmpty()],
	taskIdInexact: [inputError.taskIdInexact('1728394056677890000')],
	taskIdInvalid: [inputError.taskIdInvalid('..'), inputError.taskIdInvalid('/'.repeat(999))],
};

export const inputErrors = Object.values(INPUT_ERRORS).flat();

export const cancelTexts = [cancelText(true, ''), cancelText(false, '')];

export const textIn = (error: VideoError, context = always) => errorText(error, context);
