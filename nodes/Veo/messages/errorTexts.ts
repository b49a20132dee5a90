import { OPERATION_NAMES } from '../parameters/operation';
import { maxConcurrent, maxCost } from '../parameters/options';
import { downloadVideo } from '../parameters/output';
import { duration, extraFields, model, prompt, size } from '../parameters/request';
import { taskId as taskIdField } from '../parameters/task';
import { timeout, WAIT_MODE_NAMES, waitMode } from '../parameters/wait';
import type { Cause, ErrorData, ErrorKind, UserText, VideoError } from '../errors';
import { limits } from '../limits';
import { printable } from '../utils';
import {
	causeIn,
	CONNECTION,
	DOWNLOAD,
	IMAGE_URL,
	PAUSE,
	PAUSE_ENDED,
	STATUSES,
	UNUSABLE_KEY,
} from './causes';
import {
	asPlainText,
	caption,
	CHECK_BASE_URL,
	eightSecondsText,
	idList,
	joinSentences,
	NOTHING_CREATED,
	TRY_LATER,
} from './phrases';

/** The text of an error also depends on these. */
export interface MessageContext {
	/**
	 * Whether n8n offers a Retry that reuses paid videos: not for error items, whose execution succeeds,
	 * nor for a paused execution, which only repeats the message.
	 */
	canRetry: boolean;
	/** The caller of the node, if it is used as a tool. */
	calledBy?: 'agent' | 'mcp';
	/** Whether another workflow has called this one. */
	isSubExecution: boolean;
	executionId: string;
}

const RETRIEVE = `'${OPERATION_NAMES.retrieve}'`;
const CHECK_KEY = 'Check the API key in the credential, then try again';
/** With all items, it would pay for the others again. */
const RUN_ITEM_AGAIN = 'run the workflow again with this item only';
const CHECK_USAGE = 'Check the usage log in the CometAPI console';

/** A caller's Retry starts its sub-workflows from the beginning, and they pay again. */
const thisExecution = ({ isSubExecution, executionId }: MessageContext) =>
	isSubExecution
		? `execution ${executionId} in the Executions tab of this sub-workflow (not the one that called it)`
		: 'this execution in the Executions tab';

function toSendAgain(ctx: MessageContext) {
	if (ctx.calledBy === 'agent') {
		return 'Calling the tool again in this execution does not resend it';
	}
	if (ctx.calledBy === 'mcp')
		return 'Calling the tool again sends it again and may charge you twice';
	return `To send it again, ${ctx.canRetry ? `retry ${thisExecution(ctx)}` : RUN_ITEM_AGAIN}`;
}

const stillAvailable = (what: string, id: string, ctx: MessageContext) => {
	if (ctx.calledBy === 'agent') {
		return `${what} is still available: call the tool again with the same input`;
	}
	const retry = ctx.canRetry ? `retry ${thisExecution(ctx)}, or ` : '';
	return `${what} is still available: ${retry}use ${RETRIEVE} with task ID ${id}`;
};

/** How to replace a task that gives no video. */
function newVideo({ taskId, detail }: ErrorData, { calledBy, canRetry }: MessageContext) {
	const isDropped = detail === 'dropped';
	let again = isDropped ? 'A retry creates a new video' : 'Create a new video';
	if (!canRetry) again = `To create a new video, ${RUN_ITEM_AGAIN}`;
	if (calledBy) again = isDropped ? 'Calling the tool again creates a new video' : '';
	return joinSentences(again, taskId && `Task ID: ${taskId}`);
}

const withCode = (text: string, code?: string) => (code ? `${text} (${code})` : text);

const downloadText = (data: ErrorData): UserText => {
	const why = causeIn(DOWNLOAD, data.detail, data.httpCode ? 'status' : 'connection');
	const [what, description = ''] = why(data);
	return { message: `The video could not be downloaded: ${what}`, description };
};

/** A code that only repeats the status says nothing more. */
const noReason = ({ code, status }: ErrorData) =>
	withCode('no reason given', code === status ? '' : code);

const isRedirect = (httpCode = 0) => httpCode >= 300 && httpCode < 400;

const UNREADABLE = "CometAPI responded with something this node can't read";

/** The response to a create request in place of a task. */
function responseText(httpCode?: number, detail?: Cause) {
	if (detail === 'unreadable') return UNREADABLE;
	if (!httpCode) return 'CometAPI did not respond';
	return httpCode < 300
		? 'CometAPI did not confirm the video'
		: `CometAPI responded with status ${httpCode}`;
}

type Text = (data: ErrorData, ctx: MessageContext) => UserText;

const inputText: Text = ({ text }) => text ?? { message: '', description: '' };

const TEXTS: Record<ErrorKind, Text> = {
	unauthorized: ({ detail }) =>
		detail === 'key'
			? UNUSABLE_KEY
			: { message: 'CometAPI rejected the API key', description: CHECK_KEY },
	forbidden: () => ({
		message: 'CometAPI does not allow this request',
		description: `In the CometAPI console, check that your key has access to this ${caption(model)}`,
	}),
	insufficientBalance: () => ({
		message: 'Your CometAPI balance or quota is used up',
		description: 'Top up your account in the CometAPI console, then try again',
	}),
	rejected: ({ call, tooShortAt }) => ({
		message: 'CometAPI rejected the request',
		description:
			call === 'create'
				? joinSentences(
						`Check ${caption(prompt)}, ${caption(model)}, ${caption(size)}, the images and ${caption(extraFields)}`,
						tooShortAt &&
							`${eightSecondsText(printable(tooShortAt))}: set ${caption(duration)} to 8`,
					)
				: `Check ${caption(taskIdField)}`,
	}),
	moderated: () => ({
		message: 'CometAPI refused the prompt or an image',
		description: `${NOTHING_CREATED}. Change the prompt or the images`,
	}),
	modelUnavailable: ({ models = [] }) => ({
		message: 'CometAPI does not have this model available',
		description: `${NOTHING_CREATED}. Choose another ${caption(model)} from the list${models.length > 0 ? `, e.g. ${idList(models)}` : ''}`,
	}),
	providerRefused: () => ({
		message: "CometAPI's provider refused CometAPI's own account",
		description: `${NOTHING_CREATED}. Your key and balance are not the cause. ${TRY_LATER}, or choose another ${caption(model)}`,
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
						`${CHECK_BASE_URL}, and n8n must be able to reach it. Nothing was sent`,
						data.code,
					),
				},
	cannotConnect: (data) => {
		const { message, description } = causeIn(CONNECTION, data.detail, 'url');
		return { message, description: withCode(description, data.code) };
	},
	notSent: () => ({
		message: 'Not sent, because CometAPI rejected the API key',
		description: CHECK_KEY,
	}),
	noResponse: ({ httpCode, detail, code, reason }, ctx) => ({
		message: `${responseText(httpCode, detail)}. The video may have been created and charged`,
		// not in the message: n8n replaces a message that has a network code
		description: joinSentences(
			'It was not resent, because you could be charged twice',
			CHECK_USAGE,
			// bytes that are no HTTP, or no TLS
			/^(HPE|ERR_SSL)_/.test(code ?? '') || isRedirect(httpCode) ? CHECK_BASE_URL : '',
			withCode(toSendAgain(ctx), reason ? '' : code),
		),
	}),
	notResent: (_, ctx) => ({
		message: 'Not resent: CometAPI did not confirm an earlier attempt',
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
		const { code, reason, detail } = data;
		return {
			message: detail === 'unreadable' ? UNREADABLE : 'CometAPI is not available at the moment',
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
			data.detail === 'givenUp'
				? `It was found before: use ${RETRIEVE} later to look for it again`
				: '',
		),
	}),
	generationFailed: (data, ctx) => ({
		message: `Veo could not generate the video: ${data.reason || noReason(data)}`,
		description: joinSentences(
			'Change the prompt or the images if they are the cause',
			'The usage log in the CometAPI console shows whether it was charged',
			newVideo(data, ctx),
		),
	}),
	timedOut: ({ taskId, timeoutMin = 0, detail }, ctx) => {
		if (detail === 'file') {
			return { message: 'The video was not downloaded before the timeout', description: '' };
		}
		const retry = ctx.canRetry ? `retry ${thisExecution(ctx)} to keep waiting, or ` : '';
		const again =
			ctx.calledBy === 'agent'
				? 'Call the tool again with the same input to keep waiting'
				: joinSentences(
						capitalized(`${retry}use ${RETRIEVE} with task ID ${taskId}`),
						`${ctx.calledBy ? 'Calling the tool' : 'Running the workflow'} again pays for a new video`,
						`For later runs, increase ${caption(timeout)}`,
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
	cannotPause: ({ detail, reason }) => {
		const [why, way] = causeIn(PAUSE, detail, 'oldN8n');
		return {
			message: `'${WAIT_MODE_NAMES.durable}' is not available: ${why}`,
			description: joinSentences(
				`${way}, or set ${caption(waitMode)} to '${WAIT_MODE_NAMES.memory}'`,
				reason && `n8n says: ${reason}`,
			),
		};
	},
	savedByNewer: ({ reason }) => ({
		message: 'A newer version of this node has started this execution',
		description: joinSentences(
			'Update n8n-nodes-cometapi-veo, then retry the execution',
			reason && `Already paid for; get them with ${RETRIEVE}: ${printable(reason)}`,
		),
	}),
	pauseEnded: ({ detail, reason }) => ({
		message: `The pause of the execution has ended: ${causeIn(PAUSE_ENDED, detail, 'stopped')()}`,
		description: reason ? `n8n says: ${reason}` : '',
	}),
	invalidInput: inputText,
	imageNotLoaded: (data) => {
		const [what, advice] = causeIn(IMAGE_URL, data.detail, 'connection')(data);
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
const REASON_TOLD: ErrorKind[] = [
	'generationFailed',
	'storageFailed',
	'pauseEnded',
	'savedByNewer',
	'cannotPause',
];
/** Kinds whose own text says what to do about the task. */
const TASK_TOLD: ErrorKind[] = ['timedOut', 'generationFailed', 'unknownTask', 'noFile', 'expired'];

/** A server's words may have line breaks, and characters that change how a log is displayed. */
const asOneLine = (text: string) => asPlainText(printable(text.replace(/\s+/g, ' ')));

/** The text of an error for the user. */
export function errorText(error: VideoError, ctx: MessageContext): UserText {
	const { taskId } = error.data;
	const data = { ...error.data, ...(taskId && { taskId: printable(taskId) }) };
	const { message, description } = textOf(error.kind, data, ctx);
	return { message: asOneLine(message), description: asOneLine(description) };
}

function textOf(kind: ErrorKind, data: ErrorData, ctx: MessageContext): UserText {
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
			data.quote && `The response begins with: ${data.quote}`,
			data.requestId && `Request ID: ${data.requestId}`,
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

const capitalized = (text: string) => text[0].toUpperCase() + text.slice(1);

/** Which other tasks are paid for when an error ends the node. */
export function paidTasksText(ids: string[], ctx: MessageContext): string {
	const list = asPlainText(idList(ids));
	if (ctx.calledBy === 'agent') return `Already paid for: ${list}`;
	return ctx.canRetry
		? `Already paid for, and reused when you retry ${thisExecution(ctx)}: ${list}`
		: `Already paid for; get them with ${RETRIEVE}: ${list}`;
}

/** n8n tells a canceled execution from a failed one by this word in the message. */
export const cancelText = (isTimeout: boolean, paidTasks: string): UserText => ({
	message: isTimeout
		? 'The execution reached its time limit and was canceled'
		: 'The execution was canceled',
	description: paidTasks,
});
