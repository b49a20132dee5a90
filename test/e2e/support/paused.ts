import type { INodeParameters, IWorkflowSettings } from 'n8n-workflow';

import {
	hasEnded,
	type CredentialRef,
	type Execution,
	type Workflow,
} from '../../../scripts/n8n/rest';
import { manualTrigger, TRIGGER, veo, workflowOf, type Step } from '../../../scripts/n8n/workflow';
import type { TestContext } from './setUp';
import { MINUTES, until } from './until';

/** An execution that has paused at least once. */
export interface Paused {
	name: string;
	workflow: Workflow;
	id: string;
}

export interface Ended extends Paused {
	execution: Execution;
}

/** This node with an execution that pauses while it waits. */
export const pausing = (
	credential: CredentialRef,
	{ parameters, ...given }: Partial<Step> = {},
	options: INodeParameters = {},
): Step =>
	veo(credential, {
		...given,
		parameters: { ...parameters, options: { waitMode: 'durable', ...options } },
	});

/** Runs a manual trigger and these steps until the execution pauses. */
export async function startPaused(
	context: TestContext,
	name: string,
	steps: Step[],
	settings?: IWorkflowSettings,
): Promise<Paused> {
	const { rest } = context;
	const created = workflowOf(name, [manualTrigger, ...steps]);
	const workflow = await rest.createWorkflow({ ...created, settings });
	const paused = { name, workflow, id: await rest.run(workflow, TRIGGER) };
	const isPaused = async () => {
		const status = await statusOf(context, paused);
		if (hasEnded(status)) throw new Error(`'${name}' has ended without a pause`);
		return status === 'waiting';
	};
	await until(`'${name}' to pause`, isPaused, MINUTES);
	return paused;
}

/** @returns undefined while n8n is starting */
const statusOf = async ({ rest }: TestContext, { workflow, id }: Paused) =>
	await rest.status(workflow.id, id).catch(() => undefined);

/** When n8n starts, it marks a paused execution as crashed for a moment. */
const CRASHED_FOR_MS = 60_000;

/** @param isEnough a status to stop at before the execution has ended */
export async function untilEnded(
	context: TestContext,
	paused: Paused,
	isEnough?: string,
): Promise<Ended> {
	let crashedSince = Infinity;
	const isOver = async () => {
		const status = await statusOf(context, paused);
		crashedSince = status === 'crashed' ? Math.min(crashedSince, Date.now()) : Infinity;
		if (status === 'crashed') return Date.now() > crashedSince + CRASHED_FOR_MS;
		return status !== undefined && (status === isEnough || hasEnded(status));
	};
	await until(`the end of '${paused.name}'`, isOver, MINUTES);
	return { ...paused, execution: await context.rest.execution(paused.id) };
}

/** The sub-executions that waited for the videos of a workflow, newest first. */
export const subExecutionsOf = async ({ rest }: TestContext, workflow: Pick<Workflow, 'id'>) =>
	(await rest.executionsOf(workflow)).filter(({ mode }) => mode === 'integrated');

/** Deletes the sub-executions; the video files stay. */
export async function deleteSubExecutions(context: TestContext, workflow: Workflow) {
	const ids = (await subExecutionsOf(context, workflow)).map(({ id }) => id);
	await context.rest.call('POST', '/executions/delete', { ids });
}
