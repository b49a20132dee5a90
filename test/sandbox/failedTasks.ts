import type { JsonObject } from './answers';

type FailedForm = (task: JsonObject, reason: string) => JsonObject;

const CODE = 'content_policy_violation';

const failed = (task: JsonObject, fields: JsonObject): JsonObject => ({
	...{ ...task, completed_at: undefined, expires_at: undefined, video_url: undefined },
	...{ status: 'failed', error: null },
	...fields,
});

/** Failed tasks by the place of their reason, for the fault kind `failedTask`. */
export const failedTasks = {
	errorText: (task, reason) => failed(task, { error: reason }),
	errorObject: (task, reason) => failed(task, { error: { code: CODE, message: reason } }),
	errorInError: (task, reason) =>
		failed(task, { error: { error: { code: CODE, message: reason } } }),
	errorList: (task, reason) => failed(task, { error: [{ code: CODE, message: reason }] }),
	errorTextList: (task, reason) => failed(task, { error: [reason] }),
	failureReason: (task, reason) => failed(task, { failure_reason: reason }),
	failReason: (task, reason) => failed(task, { fail_reason: reason }),
	message: (task, reason) => failed(task, { message: reason }),
	/** In the gateway's wrapper, next to the task. */
	messageBesideData: (task, reason) => ({
		...{ code: 'fail', message: reason },
		data: { task_id: task.task_id, status: 'FAILURE', progress: '100%', fail_reason: '' },
	}),
	failReasonInData: (task, reason) => ({
		...{ code: 'success', message: '' },
		data: { task_id: task.task_id, status: 'FAILURE', progress: '100%', fail_reason: reason },
	}),
	codeOnly: (task) => failed(task, { error: { code: CODE } }),
	noReason: (task) => failed(task, {}),
} satisfies Record<string, FailedForm>;

export type FailedTaskForm = keyof typeof failedTasks;

export const failedTask = (
	form: FailedTaskForm,
	task: JsonObject,
	reason = 'Blocked by safety filter',
): JsonObject => (failedTasks[form] as FailedForm)(task, reason);
