import { hasEnded, type Execution, type Workflow } from '../../../../scripts/n8n/rest';
import {
	itemsFrom,
	manualTrigger,
	TRIGGER,
	veo,
	workflowOf,
} from '../../../../scripts/n8n/workflow';
import { until } from '../until';
import type { QueueStage, Worker } from './setUpQueue';

export interface Started {
	id: string;
	workflow: Workflow;
	prompt: string;
}

/** How the tests of queue mode start executions and follow them. */
export const startsOn = (stage: QueueStage, options: object = {}) => {
	const createWorkflow = async (prompts: string[]) =>
		await stage.rest.createWorkflow(
			workflowOf(prompts[0], [
				manualTrigger,
				...itemsFrom(prompts.map((prompt) => ({ prompt }))),
				veo(stage.credential, { parameters: { options: { pollInterval: 1, ...options } } }),
			]),
		);

	const start = async (prompt: string, ...more: string[]): Promise<Started> => {
		const workflow = await createWorkflow([prompt, ...more]);
		return { id: await stage.rest.run(workflow, TRIGGER), workflow, prompt };
	};

	const isBegunBy = async (worker: Worker, { id }: Started) => (await worker.begun()).includes(id);

	const tasksOf = ({ prompt }: Started) =>
		stage.sandbox.tasks.filter((task) => task.prompt === prompt);

	/** Nobody can tell n8n which worker to take: it is tried until it takes the wanted one. */
	const startOn = async (worker: Worker, prompt: string): Promise<Started> => {
		for (let nth = 1; ; nth++) {
			const started = await start(`${prompt} ${nth}`);
			await until('a task', () => tasksOf(started).length > 0);
			if (await isBegunBy(worker, started)) return started;
		}
	};

	const status = async ({ id, workflow }: Started) => await stage.rest.status(workflow.id, id);

	const ended = async (started: Started, deadlineMs?: number): Promise<Execution> => {
		const { id } = started;
		const isOver = async () => hasEnded(await status(started));
		await until(`the end of execution ${id}`, isOver, deadlineMs);
		return await stage.rest.execution(id);
	};

	return { createWorkflow, start, startOn, isBegunBy, tasksOf, status, ended };
};

/** By default n8n takes more than a minute to notice that a worker is gone. */
export const NOTICED_SOONER = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};
/** It looks for another half minute whether the execution has ended all the same. */
export const NOTICED_IN_MS = 120_000;
