import type { IWorkflowSettings } from 'n8n-workflow';

import type { Execution, Workflow } from '../../../scripts/n8n/rest';
import { manualTrigger, TRIGGER, workflowOf, type Step } from '../../../scripts/n8n/workflow';
import type { TestContext } from './setUp';

export interface Ran {
	workflow: Workflow;
	execution: Execution;
}

/** Creates a workflow of a manual trigger and these steps, and runs it to its end. */
export async function runSteps(
	{ rest }: TestContext,
	name: string,
	steps: Step[],
	settings: IWorkflowSettings = {},
): Promise<Ran> {
	const { nodes, connections } = workflowOf(name, [manualTrigger, ...steps]);
	const workflow = await rest.createWorkflow({ name, nodes, connections, settings });
	return { workflow, execution: await rest.runToEnd(workflow, TRIGGER) };
}
