import type { IExecuteFunctions, INode, INodeParameters } from 'n8n-workflow';

import { sameNodeStep } from '../core/subWorkflow';
import type { PausedExecution } from '../core/subWorkflow';
import { parseJson } from '../utils';
import { operation, OPERATION } from './fields/operation.fields';
import { maxConcurrent, optionsField } from './fields/options.fields';
import { INTERNAL_ROLE, internalData, internalRole } from './fields/task.fields';

export type InternalRole = (typeof INTERNAL_ROLE)[keyof typeof INTERNAL_ROLE];

/** What all steps of the sub-executions of a paused execution have to know. */
export interface InternalData {
	paused: PausedExecution;
	/** Whether one failed video ends them all. */
	stopsOnError: boolean;
	maxConcurrent: number;
	credentials: INode['credentials'];
}

const CALLS_COMETAPI: InternalRole[] = [INTERNAL_ROLE.check, INTERNAL_ROLE.download];

export const readRole = (context: IExecuteFunctions) =>
	String(context.getNodeParameter(internalRole.name, 0, '')) as InternalRole | '';

export const readInternalData = (context: IExecuteFunctions) =>
	parseJson(String(context.getNodeParameter(internalData.name, 0, ''))) as InternalData;

/** This node as a step that a paused execution needs. n8n refuses to run one whose credential is gone. */
export function internalStep(
	context: IExecuteFunctions,
	name: string,
	role: InternalRole,
	data: InternalData,
	parameters: INodeParameters = {},
): INode {
	const own: INodeParameters = {
		[operation.name]: OPERATION.retrieve,
		[internalRole.name]: role,
		[internalData.name]: JSON.stringify(data),
		...parameters,
		[optionsField([]).name]: {
			[maxConcurrent.name]: data.maxConcurrent,
			...(parameters[optionsField([]).name] as INodeParameters),
		},
	};
	return sameNodeStep(context, name, own, {
		...(CALLS_COMETAPI.includes(role) && { credentials: data.credentials }),
		...((role === INTERNAL_ROLE.watch || role === INTERNAL_ROLE.download) && {
			onError: 'continueRegularOutput',
		}),
	});
}
