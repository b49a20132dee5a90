import type { JsonObject } from './answers';
import { nest } from './paths';
import { GATEWAY_WORDS } from './statusWords';

const wrap = (data: unknown, message = ''): JsonObject => ({ code: 'success', message, data });
const percent = ({ progress }: JsonObject) => `${String(progress)}%`;
const idOf = ({ id, task_id: taskId }: JsonObject) => taskId ?? id;
const reasonOf = ({ error }: JsonObject) => (error as { message?: string } | null)?.message;

/** The gateway's record of a task: `fail_reason` also holds the link of a finished one. */
const gatewayTask = (task: JsonObject): JsonObject => ({
	task_id: idOf(task),
	status: GATEWAY_WORDS[String(task.status)],
	progress: percent(task),
	fail_reason: reasonOf(task) ?? task.video_url ?? '',
	submit_time: task.created_at,
	finish_time: task.completed_at ?? 0,
});

/** The same task in other forms: each row is a fault kind for calls that respond with a task. */
export const taskForms = {
	/** In `data`. */
	wrapped: (task: JsonObject) => wrap(task),
	/** In `data.data`. */
	wrappedTwice: (task: JsonObject) => wrap(wrap(task)),
	wrappedInResult: (task: JsonObject) => ({ result: task }),
	wrappedInVideo: (task: JsonObject) => ({ video: task }),
	/** The older gateway's response, around the provider's response. */
	gatewayForm: (task: JsonObject) =>
		wrap({ ...gatewayTask(task), data: { status: task.status, model: task.model } }),
	/** Only the gateway's task, with a link in `fail_reason`. */
	minimalForm: (task: JsonObject) => {
		const { task_id, status, progress, fail_reason } = gatewayTask(task);
		return { created_at: task.created_at, fail_reason, progress, status, task_id };
	},
	/** The body that CometAPI sends to callbacks. */
	callbackForm: (task: JsonObject) => ({
		task_id: idOf(task),
		status: task.status,
		progress: percent(task),
		result: task.video_url ? { video_url: task.video_url } : null,
	}),
	upperCase: (task: JsonObject) => ({ ...task, status: String(task.status).toUpperCase() }),
	noId: (task: JsonObject) => ({ ...task, id: undefined, task_id: undefined }),
	nullProgress: (task: JsonObject) => ({ ...task, progress: null }),
	noProgress: (task: JsonObject) => ({ ...task, progress: undefined }),
	/** `"50%"`. */
	textProgress: (task: JsonObject) => ({ ...task, progress: percent(task) }),
	noLink: (task: JsonObject) => ({ ...task, video_url: undefined }),
};

/** The places of a finished task's link, for the fault kind `linkIn`. */
export const LINK_PLACES = [
	...['video_url', 'url', 'output_video', 'output', 'output[0]', 'metadata.url'],
	...['result.video_url', 'data.url', 'data.output', 'fail_reason'],
];

export function withLinkIn(place: string, task: JsonObject): JsonObject {
	const { video_url: link, ...rest } = task;
	return link ? { ...rest, ...nest(place, link) } : rest;
}

/** The places of the id in create responses, for the fault kind `idIn`. */
export const ID_PLACES = [
	...['id', 'task_id', 'taskId', 'data', 'data.id', 'data.task_id', 'data.taskId'],
	...['result.id', 'result.task_id', 'video.id', 'data.data.task_id'],
];

/** A response that contains little more than the id. */
export const idAlone = (place: string, task: JsonObject): JsonObject => ({
	...{ code: 'success', message: '' },
	...nest(place, task.id),
});
