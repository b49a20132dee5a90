import type { IDataObject } from 'n8n-workflow';

export const TASK_STATUS = {
	queued: 'queued',
	inProgress: 'in_progress',
	completed: 'completed',
	failed: 'failed',
} as const;

/** Words for a status that CometAPI's models use besides the four documented ones. */
const STATUS_WORDS: Record<string, string> = {
	pending: TASK_STATUS.queued,
	submitted: TASK_STATUS.queued,
	not_start: TASK_STATUS.queued,
	processing: TASK_STATUS.inProgress,
	running: TASK_STATUS.inProgress,
	success: TASK_STATUS.completed,
	succeeded: TASK_STATUS.completed,
	failure: TASK_STATUS.failed,
	error: TASK_STATUS.failed,
	cancelled: TASK_STATUS.failed,
	canceled: TASK_STATUS.failed,
	expired: TASK_STATUS.failed,
};

export interface TaskFailure {
	code: string;
	message: string;
}

export interface Task {
	id: string;
	status: string;
	/** In percent; coarse, and with some models never more than 0. */
	progress?: number;
	/** Where the finished file lies for a while; not every model gives one. */
	videoUrl?: string;
	failure?: TaskFailure;
	/** The task as the workflow gets it: CometAPI's own fields, `status` and `failure` put in order. */
	json: IDataObject;
}

export const isFinished = ({ status }: Task) =>
	status === TASK_STATUS.completed || status === TASK_STATUS.failed;

export const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/**
 * Reads a task out of an answer, wrapped in `{code, data}` or not.
 * @returns undefined where the answer holds no task: neither an id nor a status that could be asked for
 */
export function parseTask(body: unknown, knownId = ''): Task | undefined {
	if (!isObject(body)) return undefined;
	const raw = isTask(body) || !isObject(body.data) ? body : body.data;
	const id = text(raw.id) || text(raw.task_id) || knownId;
	const word = text(raw.status).toLowerCase();
	if (!id || (knownId && !word)) return undefined;

	const status = STATUS_WORDS[word] ?? (word || TASK_STATUS.queued);
	const { error, ...fields } = raw;
	const json: IDataObject = { ...fields, id, status };
	const failure = status === TASK_STATUS.failed ? parseFailure(error, word, raw) : undefined;
	if (failure) json.failure = { ...failure };
	const progress = parseFloat(String(raw.progress));
	return {
		id,
		status,
		progress: Number.isNaN(progress) ? undefined : progress,
		videoUrl: text(raw.video_url) || undefined,
		failure,
		json,
	};
}

const isTask = (body: IDataObject) =>
	[body.id, body.task_id, body.status].some((value) => typeof value === 'string');

function parseFailure(error: unknown, word: string, raw: IDataObject): TaskFailure {
	const { code, message } = isObject(error) ? error : { code: '', message: error };
	return {
		code: text(code) || (typeof code === 'number' ? String(code) : word),
		message: text(message) || text(raw.fail_reason) || 'CometAPI gave no reason',
	};
}
