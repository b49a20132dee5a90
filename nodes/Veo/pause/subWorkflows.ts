import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IConnections,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWorkflowSettings,
	RelatedExecution,
} from 'n8n-workflow';

import { runUnsaved } from '../n8n';
import { OPERATION, operation } from '../parameters/operation';
import { internalData, internalRole, WITHOUT_CREDENTIAL } from '../parameters/task';
import type { InternalRole } from '../parameters/task';
import type { InternalData } from './step';

export const TRIGGER = 'n8n-nodes-base.executeWorkflowTrigger';
export const IF = 'n8n-nodes-base.if';

/** This node in one of its roles, and the node that follows it. */
interface StepNode {
	role: InternalRole;
	next?: string;
	/** Passes n8n's message on as an item if the sub-execution that the node started was killed. */
	continuesOnError?: true;
}

/**
 * n8n's If. The first branch has no node: n8n takes it for the output of the sub-execution. The
 * condition reads the context of a step, which no field of CometAPI's can reach.
 */
interface BranchNode {
	unlessWaitingIn: string;
	otherwise: string;
}

export interface SubWorkflow {
	/** As n8n's execution list would show it, and the node after the trigger. */
	name: string;
	first: string;
	nodes: Record<string, StepNode | BranchNode>;
	/** Whether its execution stays in n8n's list; n8n must find it if it pauses. */
	isKept: boolean;
}

/** Independent of the workflow's settings: n8n must always find out how these executions ended. */
const KEPT: IWorkflowSettings = {
	executionOrder: 'v1',
	callerPolicy: 'workflowsFromSameOwner',
	saveDataSuccessExecution: 'all',
	saveDataErrorExecution: 'all',
	saveExecutionProgress: false,
	// no limit: the videos have their own
	executionTimeout: -1,
};

/** For one whose output is returned to the node that has started it, and is not needed afterwards. */
const NOT_KEPT: IWorkflowSettings = {
	...KEPT,
	saveDataSuccessExecution: 'none',
	saveDataErrorExecution: 'none',
};

export interface SubExecution {
	items: INodeExecutionData[];
	/** Whether it has paused; the execution that has started it then pauses until it has ended. */
	isPaused: boolean;
}

/** @param parent gets the files, and with `shouldResume` the output, if it is paused by then */
export async function runSubWorkflow(
	context: IExecuteFunctions,
	subWorkflow: SubWorkflow,
	stepData: InternalData,
	items: INodeExecutionData[],
	parent: RelatedExecution,
): Promise<SubExecution> {
	const workflow = build(context.getNode(), subWorkflow, stepData);
	const { data, waitTill } = await runUnsaved(context, workflow, items, parent);
	return { items: data[0] ?? [], isPaused: Boolean(waitTill) };
}

function build(own: INode, { name, first, nodes, isKept }: SubWorkflow, data: InternalData) {
	const all: INode[] = [
		builtIn('Videos', TRIGGER, 1.1, { inputSource: 'passthrough' }),
		...Object.entries(nodes).map(([nodeName, node]) =>
			'role' in node ? step(own, nodeName, node, data) : branch(nodeName, node),
		),
	];
	const connections: IConnections = { Videos: { main: [to(first)] } };
	for (const [nodeName, node] of Object.entries(nodes)) {
		if (!('role' in node)) connections[nodeName] = { main: [[], to(node.otherwise)] };
		else if (node.next) connections[nodeName] = { main: [to(node.next)] };
	}
	return {
		name,
		nodes: all.map((node, index) => ({
			...node,
			id: String(index),
			position: [200 * index, 0] as [number, number],
		})),
		connections,
		settings: isKept ? KEPT : NOT_KEPT,
	};
}

const to = (node: string) => [{ node, type: NodeConnectionTypes.Main, index: 0 }];

const builtIn = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode => ({ id: '', name, type, typeVersion, position: [0, 0], parameters });

const step = (
	{ type, typeVersion }: INode,
	name: string,
	{ role, continuesOnError }: StepNode,
	data: InternalData,
): INode => ({
	id: '',
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters: {
		[operation.name]: OPERATION.retrieve,
		[internalRole.name]: role,
		[internalData.name]: JSON.stringify(data),
	},
	...(!WITHOUT_CREDENTIAL.includes(role) && { credentials: data.credentials }),
	...(continuesOnError && { onError: 'continueRegularOutput' }),
});

const branch = (name: string, { unlessWaitingIn }: BranchNode): INode =>
	builtIn(name, IF, 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			combinator: 'and',
			conditions: [
				{
					id: 'waiting',
					leftValue: `={{ $('${unlessWaitingIn}').context.isWaiting }}`,
					rightValue: '',
					operator: { type: 'boolean', operation: 'false', singleValue: true },
				},
			],
		},
	});
