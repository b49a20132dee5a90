import type {
	ExecuteWorkflowData,
	ICredentialDataDecryptedObject,
	INode,
	INodeExecutionData,
	IWorkflowSettings,
} from 'n8n-workflow';

import type { RunOptions } from './engine';
import type { TestSetup } from './setUp';

export interface Started {
	name: string;
	nodes: INode[];
	settings: IWorkflowSettings;
	items: INodeExecutionData[];
	parent: unknown;
}

/** The result of a sub-execution: these items, its input items after a change, or an error. */
export type Answer =
	INodeExecutionData[] | ((items: INodeExecutionData[]) => INodeExecutionData[]) | Error;

/**
 * Stands in for n8n when a node pauses. The check of the credential really runs. Other
 * sub-executions are recorded, and pause unless there is a result.
 * @param credential the credential of the sub-executions
 */
export function recordSubExecutions(
	{ run, credential: own }: Pick<TestSetup, 'run' | 'credential'>,
	answer?: Answer,
	credential: ICredentialDataDecryptedObject = own,
) {
	const started: Started[] = [];
	const executeWorkflow: RunOptions['executeWorkflow'] = async ({ code }, _, given) => {
		const { name, nodes, settings } = code!;
		const items = structuredClone(given.inputData ?? []);
		if (name === 'Check credential') {
			const { parameters } = nodes.at(-1)!;
			const probed = await run({ items: [{}], parameters, credential });
			return { executionId: '2', data: [probed.items] };
		}
		started.push({ name, nodes, settings: settings!, items, parent: given.parentExecution });
		if (answer instanceof Error) throw answer;
		return {
			executionId: '2',
			data: [typeof answer === 'function' ? answer(items) : (answer ?? null)],
			...(!answer && { waitTill: new Date() }),
		} as ExecuteWorkflowData;
	};
	return { started, executeWorkflow };
}
