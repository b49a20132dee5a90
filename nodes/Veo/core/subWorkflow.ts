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

const TRIGGER = 'n8n-nodes-base.executeWorkflowTrigger';
const IF = 'n8n-nodes-base.if';

/**
 * Checks whether this n8n can pause an execution until a sub-execution has its output.
 * @throws VideoError where it can't
 */
export function requirePause(context: IExecuteFunctions): PausedExecution {
	const workflowId = context.getWorkflow().id;
	if (!canResumePaused()) throw new VideoError('cannotPause', { detail: 'oldN8n' });
	if (isAgentTool(context)) throw new VideoError('cannotPause', { detail: 'agentTool' });
	if (!workflowId) throw new VideoError('cannotPause', { detail: 'notSaved' });
	const known = context.getKnownNodeTypes();
	if ([TRIGGER, IF].some((type) => !(type in known))) {
		throw new VideoError('cannotPause', { detail: 'excludedNodes' });
	}
	return { executionId: context.getExecutionId(), workflowId };
}

/** Nothing of the workflow's own: n8n must find the end of a helper execution however it came to it. */
const KEPT: IWorkflowSettings = {
	executionOrder: 'v1',
	callerPolicy: 'workflowsFromSameOwner',
	saveDataSuccessExecution: 'all',
	saveDataErrorExecution: 'all',
	saveExecutionProgress: false,
	// no limit: the videos have their own
	executionTimeout: -1,
};

/** For one that hands its output to whoever has started it, and is not looked up afterwards. */
const NOT_KEPT: IWorkflowSettings = {
	...KEPT,
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
};

export interface SubWorkflowOptions {
	name: string;
	/** The nodes after the trigger, one after the other. */
	steps: INode[];
	/** What is done if the last step, a condition, is not met … */
	elseSteps?: INode[];
	/** … and where it goes on then. */
	elseTo?: string;
	/** Whether its execution stays in n8n's list. */
	isKept: boolean;
}

export interface SubExecution {
	items: INodeExecutionData[];
	/** Whether it is paused itself; then the execution that has started it pauses until it has ended. */
	isPaused: boolean;
}

/**
 * Runs a sub-workflow for an execution.
 * @param parent which gets the output, and its files, if it is paused by then
 */
export async function runSubWorkflow(
	context: IExecuteFunctions,
	options: SubWorkflowOptions,
	items: INodeExecutionData[],
	parent: PausedExecution,
	shouldResume: boolean,
): Promise<SubExecution> {
	const { data, waitTill } = await context.executeWorkflow(
		{ code: build(options) },
		items,
		undefined,
		{ parentExecution: { ...parent, shouldResume } },
	);
	return { items: data[0] ?? [], isPaused: Boolean(waitTill) };
}

function build({ name, steps, elseSteps = [], elseTo, isKept }: SubWorkflowOptions) {
	const nodes = [
		builtInStep('Videos', TRIGGER, 1.1, { inputSource: 'passthrough' }),
		...steps,
		...elseSteps,
	];
	const connections: IConnections = {};
	for (const [index, { name: next }] of nodes.entries()) {
		if (index > 0) connections[nodes[index - 1].name] = { main: [connectionTo(next)] };
	}
	if (elseTo) {
		connections[nodes.at(-1)!.name] = { main: [connectionTo(elseTo)] };
		const [first] = [...elseSteps.map((step) => step.name), elseTo];
		connections[steps.at(-1)!.name] = { main: [[], connectionTo(first)] };
	}
	return {
		name,
		nodes: nodes.map((node, index) => ({ ...node, id: String(index), position: [200 * index, 0] })),
		connections,
		settings: isKept ? KEPT : NOT_KEPT,
	} as unknown as IWorkflowBase;
}

const connectionTo = (node: string) => [{ node, type: NodeConnectionTypes.Main, index: 0 }];

const builtInStep = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode => ({ id: '', name, type, typeVersion, position: [0, 0], parameters });

/** Goes on where the condition holds for no item. */
export const noneStep = (name: string, condition: string): INode =>
	builtInStep(name, IF, 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			combinator: 'and',
			conditions: [
				{
					id: 'none',
					leftValue: `={{ $input.all().some(({ json }) => ${condition}) }}`,
					rightValue: '',
					operator: { type: 'boolean', operation: 'false', singleValue: true },
				},
			],
		},
	});

/** The node that is running, once more. Only a step that calls CometAPI gets the credential. */
export function sameNodeStep(
	context: IExecuteFunctions,
	name: string,
	parameters: INodeParameters,
	given: Pick<INode, 'onError' | 'credentials'> = {},
): INode {
	const { type, typeVersion } = context.getNode();
	return { id: '', name, type, typeVersion, position: [0, 0], parameters, ...given };
}
