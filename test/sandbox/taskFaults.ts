import { json, text, type JsonObject } from './answers';
import type { Exchange } from './exchange';
import { failedTask, type FailedTaskForm } from './failedTasks';
import { idAlone, taskForms, withLinkIn } from './taskForms';

type TaskFormHandlers = Record<keyof typeof taskForms, (x: Exchange) => Promise<void>>;

/** Faults of calls that respond with a task. */
export const taskFaults = {
	...(Object.fromEntries(
		Object.entries(taskForms).map(([kind, form]) => [
			kind,
			async (x: Exchange) => await x.send(json(200, form(jsonOf(x)))),
		]),
	) as TaskFormHandlers),
	brokenJson: async (x: Exchange) =>
		await x.send(text(200, JSON.stringify(jsonOf(x)).slice(0, -8), 'application/json')),
	taskStatus: async (x: Exchange, { status }: { status: string }) => await change(x, { status }),
	/** Replaces the task's own fields with these. */
	taskFields: async (x: Exchange, { fields }: { fields: JsonObject }) => await change(x, fields),
	/** The link of a finished task is in one of LINK_PLACES. */
	linkIn: async (x: Exchange, { place }: { place: string }) =>
		await x.send(json(200, withLinkIn(place, jsonOf(x)))),
	/** The id is in one of ID_PLACES, and the response contains nothing else. */
	idIn: async (x: Exchange, { place }: { place: string }) =>
		await x.send(json(200, idAlone(place, jsonOf(x)))),
	/** The task has failed, with the reason in the place that the form names. */
	failedTask: async (x: Exchange, { form, reason }: { form: FailedTaskForm; reason?: string }) =>
		await x.send(json(200, failedTask(form, jsonOf(x), reason))),
};

const jsonOf = ({ answer }: Exchange): JsonObject => (answer.type === 'json' ? answer.json : {});

async function change(x: Exchange, fields: JsonObject): Promise<void> {
	await x.send(json(200, { ...jsonOf(x), ...fields }));
}
