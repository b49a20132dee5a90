import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IConnections,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWorkflowBase,
	IWorkflowSettings,
} from 'n8n-workflow';

import { Fault } from '../api/fault';
import { limits } from '../limits';
import type { OutputOptions } from './download';
import { canResumeParked } from './engine';

/** The execution that is parked. */
export interface Parent {
	executionId: string;
	workflowId: string;
}

/** What is known of a video that is waited for; kept as JSON in n8n's database. Times in ms. */
export interface ParkedVideo {
	taskId: string;
	createdAt: number;
	deadline: number;
	timeoutMin: number;
	/** Whether the unfinished task is handed on at the deadline. */
	isTaskEnough: boolean;
	output: OutputOptions;
	parent: Parent;
}

/** An item stays one of these until its video has come to its end. */
export const parkedItem = (video: ParkedVideo) => ({
	json: { parked: video as unknown as IDataObject },
});

export const parkedVideo = ({ json }: INodeExecutionData) =>
	json.parked as unknown as ParkedVideo | undefined;

/**
 * Looks whether this n8n can park an execution until a sub-execution has its output.
 * @throws Fault where it can't
 */
export function parentOf(context: IExecuteFunctions): Parent {
	if (!canResumeParked()) {
		throw notDurable('this n8n is too old for it', 'Update n8n');
	}
	if (context.getNode().type.endsWith('Tool')) {
		throw notDurable('an AI Agent cannot be parked', 'Make the video in a node of the workflow');
	}
	const workflowId = context.getWorkflow().id;
	if (!workflowId) throw notDurable('the workflow is not saved', 'Save the workflow');
	return { executionId: context.getExecutionId(), workflowId };
}

const notDurable = (why: string, way: string) =>
	new Fault(`'Wait Mode' cannot be 'Durable' here: ${why}`, {
		advice: `${way}, or set 'Wait Mode' to 'In Memory'`,
	});

/**
 * Parks this execution in n8n's database; what the sub-execution gives in the end becomes the output
 * of the node. There, this same node looks after the items again and again.
 */
export async function park(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	parent: Parent,
	options: INodeParameters,
): Promise<INodeExecutionData[]> {
	const code = subWorkflow('Wait for videos', [
		step('Wait', 'n8n-nodes-base.wait', 1.1, {
			resume: 'timeInterval',
			amount: limits.durableIntervalS,
			unit: 'seconds',
		}),
		{
			...thisNode(context, 'Look', { parkedRole: 'look', options }),
			onError: context.continueOnFail() ? 'continueRegularOutput' : 'stopWorkflow',
		},
		step('All Finished', 'n8n-nodes-base.if', 2.2, ALL_FINISHED),
	]);
	code.connections['All Finished'] = { main: [[], to('Wait')] };
	const { data } = await context.executeWorkflow({ code }, items, undefined, {
		parentExecution: { ...parent, shouldResume: true },
	});
	return data[0] ?? items;
}

/**
 * Has this node work on an item in a sub-execution of its own, whose files n8n hands to the parent: the
 * sub-execution that waits may be pruned while the parent is still at work.
 */
export async function runForParent(
	context: IExecuteFunctions,
	item: INodeExecutionData,
	parent: Parent,
	parameters: INodeParameters,
): Promise<INodeExecutionData> {
	const code = subWorkflow('Fetch a video', [
		{
			...thisNode(context, 'Fetch', { parkedRole: 'fetch', ...parameters }),
			onError: 'continueRegularOutput',
		},
	]);
	Object.assign(code.settings, {
		saveDataSuccessExecution: 'none',
		saveDataErrorExecution: 'none',
	});
	const { data } = await context.executeWorkflow({ code }, [item], undefined, {
		parentExecution: { ...parent, shouldResume: false },
	});
	return data[0]![0];
}

/** A trigger, and the steps one after the other. */
function subWorkflow(name: string, steps: INode[]) {
	const nodes = [
		step('Videos', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' }),
		...steps,
	];
	const connections: IConnections = {};
	for (const [index, { name: next }] of steps.entries()) {
		connections[nodes[index].name] = { main: [to(next)] };
	}
	return {
		name,
		nodes: nodes.map((node, index) => ({ ...node, id: String(index), position: [200 * index, 0] })),
		connections,
		settings: { executionOrder: 'v1' },
	} as unknown as IWorkflowBase & { settings: IWorkflowSettings };
}

const to = (node: string) => [{ node, type: NodeConnectionTypes.Main, index: 0 }];

const step = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode => ({ id: '', name, type, typeVersion, position: [0, 0], parameters });

function thisNode(context: IExecuteFunctions, name: string, rest: INodeParameters): INode {
	const { type, typeVersion, credentials } = context.getNode();
	return { ...step(name, type, typeVersion, { operation: 'retrieve', ...rest }), credentials };
}

const ALL_FINISHED: INodeParameters = {
	conditions: {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: [
			{
				id: 'parked',
				leftValue: '={{ $input.all().some((item) => item.json.parked) }}',
				rightValue: '',
				operator: { type: 'boolean', operation: 'false', singleValue: true },
			},
		],
	},
};
