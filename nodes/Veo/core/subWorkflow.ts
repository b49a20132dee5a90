import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IConnections,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWorkflowBase,
	IWorkflowSettings,
} from 'n8n-workflow';

import { VideoError } from '../errors';
import { canResumePaused, isAgentTool } from './n8nVersion';

/** The execution that is paused until its sub-execution has ended. */
export interface PausedExecution {
	executionId: string;
	workflowId: string;
}

/**
 * Checks whether this n8n can pause an execution until a sub-execution has its output.
 * @throws VideoError where it can't
 */
export function requirePause(context: IExecuteFunctions): PausedExecution {
	const workflowId = context.getWorkflow().id;
	if (!canResumePaused()) throw new VideoError('cannotPause', { detail: 'oldN8n' });
	if (isAgentTool(context)) throw new VideoError('cannotPause', { detail: 'agentTool' });
	if (!workflowId) throw new VideoError('cannotPause', { detail: 'notSaved' });
	return { executionId: context.getExecutionId(), workflowId };
}

export interface SubWorkflowOptions {
	name: string;
	/** The nodes after the trigger, one after the other. */
	steps: INode[];
	/** Further connections, by the name of the node from which they lead. */
	connections?: IConnections;
	settings?: IWorkflowSettings;
}

/**
 * Runs a sub-workflow for a paused execution.
 * @param shouldResume whether the paused execution goes on with the output
 */
export async function runSubWorkflow(
	context: IExecuteFunctions,
	options: SubWorkflowOptions,
	items: INodeExecutionData[],
	paused: PausedExecution,
	shouldResume: boolean,
): Promise<INodeExecutionData[] | undefined> {
	const { data } = await context.executeWorkflow({ code: build(options) }, items, undefined, {
		parentExecution: { ...paused, shouldResume },
	});
	return data[0] ?? undefined;
}

function build({ name, steps, connections, settings }: SubWorkflowOptions) {
	const nodes = [
		builtInStep('Videos', 'executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' }),
		...steps,
	];
	const inOrder: IConnections = {};
	for (const [index, { name: next }] of steps.entries()) {
		inOrder[nodes[index].name] = { main: [connectionTo(next)] };
	}
	return {
		name,
		nodes: nodes.map((node, index) => ({ ...node, id: String(index), position: [200 * index, 0] })),
		connections: { ...inOrder, ...connections },
		settings: { executionOrder: 'v1', ...settings },
	} as unknown as IWorkflowBase;
}

export const connectionTo = (node: string) => [{ node, type: NodeConnectionTypes.Main, index: 0 }];

/** One of n8n's own nodes. */
export const builtInStep = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode => ({
	id: '',
	name,
	type: `n8n-nodes-base.${type}`,
	typeVersion,
	position: [0, 0],
	parameters,
});

/** The node that is running, once more. */
export function sameNodeStep(
	context: IExecuteFunctions,
	name: string,
	onError: INode['onError'],
	parameters: INodeParameters,
): INode {
	const { type, typeVersion, credentials } = context.getNode();
	return { id: '', name, type, typeVersion, position: [0, 0], parameters, credentials, onError };
}
