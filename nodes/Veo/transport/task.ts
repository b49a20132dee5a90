import type { IDataObject } from 'n8n-workflow';

import { limits } from '../limits';
import { asText, isObject } from '../utils';
import { readReason } from './reason';
import type { Reason } from './reason';
import { isTaskId } from './taskId';

export const TASK_STATUS = {
	queued: 'queued',
	inProgress: 'in_progress',
	completed: 'completed',
	failed: 'failed',
} as const;

const STATUS_WORDS: Array<[status: string, words: string[]]> = [
	[TASK_STATUS.queued, ['queued', 'pending', 'preparing', 'waiting', 'submitted', 'created']],
	[TASK_STATUS.queued, ['not_start', 'notstarted', 'not_started', 'starting', 'unknown']],
	[TASK_STATUS.inProgress, ['in_progress', 'processing', 'running', 'generating']],
	[TASK_STATUS.completed, ['completed', 'complete', 'success', 'succeeded', 'succeed']],
	[TASK_STATUS.completed, ['finished', 'done']],
	[TASK_STATUS.failed, ['failed', 'fail', 'failure', 'error', 'rejected', 'timeout']],
	[TASK_STATUS.failed, ['cancelled', 'canceled', 'expired', 'aborted']],
];

/** CometAPI documents the first word of each status, and `error`; clients and gateways met the others. */
const STATUS_OF = new Map(
	STATUS_WORDS.flatMap(([status, words]) => words.map((word) => [word, status] as const)),
);

/** Keys of a status: CometAPI's documentation; clients of other gateways. */
const STATUS_KEYS = ['status', 'task_status', 'state'];

/** A status that ends in one of these words is the end of a task that was refused, e.g. `VIOLATION`. */
const REFUSED_STATUS = /(?:^|_)(?:violat(?:ion|ed)|moderated|blocked|filtered|censored)$/;

/** Under which keys a whole task may lie. */
const WRAPPERS = ['data', 'result', 'video', 'task', 'response'];

const ID_KEYS = ['id', 'task_id', 'taskId'];

const MAX_WORD_LENGTH = 100;

/**
 * The places of the link to the finished file. `video_url` is documented; the others were met by clients
 * of CometAPI, `fail_reason` in the form of older new-api gateways and only for a finished task.
 */
const LINK_PATHS = [
	['video_url'],
	['url'],
	['output_video'],
	['output'],
	['metadata', 'url'],
	['result', 'video_url'],
	['result', 'url'],
	['data', 'video_url'],
	['data', 'url'],
	['data', 'output'],
	['fail_reason'],
];

export interface Task {
	id: string;
	status: string;
	/** In percent; coarse, and with some models never more than 0. */
	progress?: number;
	/** The link to the finished file, for a while; not every model has one. May be a `data:` URL. */
	videoUrl?: string;
	/** Why there is no video, in CometAPI's words if it has any; a completed task may have it too. */
	failure?: Reason;
	/**
	 * The task as the workflow gets it: CometAPI's own fields, `status`, `video_url` and `failure` in order.
	 * `task_id` repeats the `id`, as n8n's data tables drop a column of that name.
	 */
	json: IDataObject;
}

export const isFinished = ({ status }: Pick<Task, 'status'>) =>
	status === TASK_STATUS.completed || status === TASK_STATUS.failed;

/**
 * Reads a task out of a response, in all the forms that CometAPI gives it.
 * @param knownId the ID that was asked for; whatever the task calls itself, this one is kept
 * @returns undefined if the response holds no task: no ID, or no status if that was asked for
 */
export function parseTask(body: unknown, knownId = ''): Task | undefined {
	const raw = unwrap(body);
	const id = knownId || idIn(raw);
	const word = statusIn(raw);
	const isSure = word || isDone(raw);
	if (!id || (knownId ? !isSure : !isSure && isErrorIn(raw))) return undefined;

	// of a new task, these words may be about the response
	const isOther = !knownId && RESPONSE_WORDS.includes(word) && progressOf(raw) === undefined;
	const status = isOther ? TASK_STATUS.queued : statusOf(word, raw);
	// a status may be that of the response itself
	const isTask =
		!knownId || idIn(raw) || linkOf(raw) || (raw.done ?? progressOf(raw)) !== undefined;
	if (isFinished({ status }) && !isTask) return undefined;
	const json: IDataObject = { ...raw, id, task_id: id, status };
	// n8n reads an item's state from these: it would take it for a failed one
	for (const key of Object.keys(json)) if (key === 'error' || key.startsWith('$')) delete json[key];
	const videoUrl = status === TASK_STATUS.completed ? linkOf(raw) : undefined;
	if (videoUrl) json.video_url = videoUrl;
	const failure = failureOf(status, word, raw, body);
	if (failure) json.failure = { ...failure };
	return { id, status, progress: progressOf(raw), videoUrl, failure, json };
}

/** The same failed task with a reason for it. @param said in the response in place of its file */
export function withFailure(task: Task, said: Reason): Task {
	const failure = reasonIn(said, said.code || task.failure?.code || '');
	return { ...task, failure, json: { ...task.json, failure: { ...failure } } };
}

/** The usual words in place of the file of a task that is not completed. */
const NOT_COMPLETED =
	/^Task is not completed yet, current status: *([a-z_]+)[. ]*(?:\(request id: [^)]*\))?$/i;

function reasonIn({ message }: Reason, code: string): Reason {
	const [, status = ''] = NOT_COMPLETED.exec(message) ?? [];
	if (REFUSED_STATUS.test(normalizeWord(status))) return refusedAs(status);
	if (message && !status) return { code, message };
	const isKnown = code && code !== TASK_STATUS.failed;
	return { code, message: isKnown ? `no reason given (${code})` : 'no reason given' };
}

const refusedAs = (status: string) => ({
	code: status,
	message: `blocked by moderation (${status})`,
});

/** An ID beside an error, and nothing else, may be that of the request. */
function isErrorIn({ error, code }: IDataObject): boolean {
	const { message, code: inner } = readReason({ error });
	return Boolean(message || inner) || /^4\d\d$/.test(asText(code));
}

const RESPONSE_WORDS = ['error', 'timeout'];

/** The failed task in a response; the words `error`, `fail` and `timeout` may be about the response itself. */
export function failedTask(body: unknown): IDataObject | undefined {
	const task = unwrap(body);
	const hasFailed = ['failed', 'failure', 'rejected'].includes(statusIn(task));
	return hasFailed ? task : undefined;
}

/** Whether a response, of whatever status, has a task that has not failed. */
export function hasTask(body: unknown): boolean {
	const task = unwrap(body);
	const word = statusIn(task);
	const isWord = /[a-z]/.test(word);
	return isWord && idIn(task) !== '' && statusOf(word, task) !== TASK_STATUS.failed;
}

/** The task itself, out of however many wrappings. */
function unwrap(body: unknown, depth = 0): IDataObject {
	if (Array.isArray(body) && body.length === 1 && depth < 4) return unwrap(body[0], depth + 1);
	if (!isObject(body)) return {};
	const inner = depth < 4 ? innerOf(body, depth) : undefined;
	return inner ?? body;
}

function innerOf(body: IDataObject, depth: number): IDataObject | undefined {
	const isTask = idIn(body) !== '';
	const hasStatus = statusIn(body) !== '';
	if (isTask && hasStatus) return undefined;
	for (const key of WRAPPERS) {
		const inner = unwrap(body[key], depth + 1);
		const isInner = idIn(inner) !== '';
		const hasInnerStatus = statusIn(inner) !== '';
		// an ID without a status may be that of the response
		const isBare = !namesTask(body) && !body.object;
		const isOther = !isTask || (isBare && namesTask(inner));
		// beside a status without an id, only a whole task is more
		if (hasStatus ? isInner && hasInnerStatus : hasInnerStatus || (isInner && isOther))
			return inner;
	}
	return isTask || hasStatus ? undefined : idAlone(body);
}

const namesTask = (raw: IDataObject) => isTaskId(exactText(raw.task_id ?? raw.taskId));

/** `{"code": "success", "data": "task_…"}`, but not the text beside an error. */
function idAlone(body: IDataObject): IDataObject | undefined {
	if (body.error || readReason(body).code) return undefined;
	const id = WRAPPERS.map((key) => exactText(body[key])).find(
		(text) => isTaskId(text) && !isOtherText(text),
	);
	return id ? { id } : undefined;
}

/** Words or a link, if no key says that the text is an ID; an ID has digits. */
const isOtherText = (text: string) =>
	!/\d/.test(text) || text.length < 3 || /\s/.test(text) || Boolean(asLink(text));

/** A number beside a text may be that of a row in a database. */
function idIn(raw: IDataObject): string {
	const ids = ID_KEYS.map((key) => raw[key]).filter((id) => isTaskId(exactText(id)));
	return exactText(ids.find((id) => /\D/.test(exactText(id))) ?? ids[0]);
}

const exactText = (value: unknown) => (typeof value === 'string' ? value : asText(value));

/** A long-running operation of Google's has `done` in place of a status. */
function statusIn(raw: IDataObject): string {
	const word = STATUS_KEYS.map((key) => normalizeWord(raw[key])).find(Boolean);
	if (word || typeof raw.done !== 'boolean') return word ?? '';
	if (!raw.done) return TASK_STATUS.inProgress;
	return isErrorIn(raw) ? TASK_STATUS.failed : TASK_STATUS.completed;
}

const normalizeWord = (status: unknown) =>
	asText(status)
		.slice(0, MAX_WORD_LENGTH)
		.toLowerCase()
		.replace(/[\s-]+/g, '_');

function statusOf(word: string, raw: IDataObject): string {
	const known = STATUS_OF.get(word);
	if (known) return known;
	if (REFUSED_STATUS.test(word)) return TASK_STATUS.failed;
	// an unknown word does not hide a finished video
	if (isDone(raw)) return TASK_STATUS.completed;
	return word || TASK_STATUS.queued;
}

const isDone = (raw: IDataObject) =>
	Boolean(linkOf(raw)) && ((progressOf(raw) ?? 0) >= 100 || Number(asText(raw.completed_at)) > 0);

function progressOf({ progress }: IDataObject): number | undefined {
	const percent = parseFloat(asText(progress));
	return Number.isFinite(percent) ? Math.min(Math.max(percent, 0), 100) : undefined;
}

function linkOf(raw: IDataObject): string | undefined {
	for (const path of LINK_PATHS) {
		const link = asLink(
			path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), raw),
		);
		if (link) return link;
	}
	return undefined;
}

function asLink(value: unknown): string | undefined {
	if (Array.isArray(value)) return value.map(asLink).find(Boolean);
	if (isObject(value)) return asLink(value.url ?? value.video_url);
	const text = asText(value);
	if (/^data:(video|application)\//i.test(text)) return text;
	const isShort = text.length <= limits.maxUrlLength;
	return isShort && /^(https?:\/\/|\/)\S+$/i.test(text) ? text : undefined;
}

/** The link to a file in a response that is not the file itself. */
export const linkIn = (body: unknown): string | undefined =>
	isObject(body) ? linkOf(body) : undefined;

/** Words about the video. */
const NO_REASONS = ['title', 'description', 'finish_reason'];

function failureOf(
	status: string,
	word: string,
	raw: IDataObject,
	body: unknown,
): Reason | undefined {
	if (status === TASK_STATUS.completed) {
		const { code, message } = readReason({ error: raw.error });
		return message || code ? { code, message: message || code } : undefined;
	}
	if (status !== TASK_STATUS.failed) return undefined;
	const fields = Object.entries(raw).filter(([key]) => !NO_REASONS.includes(key));
	const inTask = readReason(Object.fromEntries(fields));
	// beside a wrapped task, the wrapping may say why
	const { message } = inTask.message || raw === body ? inTask : readReason(body);
	const isRefused = REFUSED_STATUS.test(word) && !message && !inTask.code;
	if (isRefused) return refusedAs(word);
	return { code: inTask.code || word, message: message || inTask.code };
}
