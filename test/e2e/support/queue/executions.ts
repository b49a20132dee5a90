import { hasEnded, type Execution, type Workflow } from '../../../../scripts/n8n/rest';
import {
	fromPrompts,
	manualTrigger,
	TRIGGER,
	veo,
	workflowOf,
} from '../../../../scripts/n8n/workflow';
import { MINUTES, until, type Patience } from '../until';
import type { QueueContext, Worker } from './setUpQueue';

export interface StartedExecution {
	id: string;
	workflow: Workflow;
	prompt: string;
}

/** Starts executions in queue mode and follows them. */
export const queueExecutions = (context: QueueContext, options: object = {}) => {
	const createWorkflow = async (prompts: string[]) =>
		await context.rest.createWorkflow(
			workflowOf(prompts[0], [
				manualTrigger,
				...fromPrompts(...prompts),
				veo(context.credential, { parameters: { options: { pollInterval: 1, ...options } } }),
			]),
		);

	const start = async (prompt: string, ...more: string[]): Promise<StartedExecution> => {
		const workflow = await createWorkflow([prompt, ...more]);
		return { id: await context.rest.run(workflow, TRIGGER), workflow, prompt };
	};

	const wasStartedBy = async (worker: Worker, { id }: StartedExecution) =>
		(await worker.startedExecutions()).includes(id);

	const tasksOf = ({ prompt }: StartedExecution) =>
		context.sandbox.tasks.filter((task) => task.prompt === prompt);

	/** Starts executions until the given worker gets one, because n8n chooses the worker. */
	const startOn = async (worker: Worker, prompt: string): Promise<StartedExecution> => {
		for (let nth = 1; ; nth++) {
			const started = await start(`${prompt} ${nth}`);
			await until('a task', () => tasksOf(started).length > 0);
			if (await wasStartedBy(worker, started)) return started;
		}
	};

	const status = async ({ id, workflow }: StartedExecution) =>
		await context.rest.status(workflow.id, id);

	const ended = async (started: StartedExecution, patience?: Patience): Promise<Execution> => {
		const { id } = started;
		const isFinished = async () => hasEnded(await status(started));
		await until(`the end of execution ${id}`, isFinished, patience);
		return await context.rest.execution(id);
	};

	return { createWorkflow, start, startOn, wasStartedBy, tasksOf, status, ended };
};

/** By default, n8n takes more than a minute to detect that a worker is gone. */
export const FAST_STALL_DETECTION = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};
/** n8n waits another half minute before it marks the execution as failed. */
export const STALL_DETECTED: Patience = { ...MINUTES, deadlineMs: 120_000 };
