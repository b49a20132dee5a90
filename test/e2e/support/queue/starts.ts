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

	const start = async (prompt: string): Promise<Started> => {
		const workflow = await createWorkflow([prompt]);
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

	const ended = async ({ id, workflow }: Started, deadlineMs?: number): Promise<Execution> => {
		await until(
			`the end of execution ${id}`,
			async () => hasEnded(await stage.rest.status(workflow.id, id)),
			deadlineMs,
		);
		return await stage.rest.execution(id);
	};

	return { createWorkflow, start, startOn, isBegunBy, tasksOf, ended };
};
