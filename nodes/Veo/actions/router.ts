import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { createRunContext } from '../core/context';
import type { RunContext } from '../core/context';
import { addHints, hintsOf } from '../messages/hints';
import { inputError } from '../messages/inputErrors';
import { nodeErrorOf } from '../messages/nodeError';
import { operation as operationField, OPERATION } from '../parameters/operation';
import { readRole } from '../pause/step';
import * as createVideo from './createVideo.operation';
import * as createVideoAndWait from './createVideoAndWait.operation';
import * as retrieveVideo from './retrieveVideo.operation';

type Execute = (run: RunContext) => Promise<INodeExecutionData[]>;

const OPERATIONS: Record<string, Execute> = {
	[OPERATION.create]: createVideo.execute,
	[OPERATION.createAndWait]: createVideoAndWait.execute,
	[OPERATION.retrieve]: retrieveVideo.execute,
};

/** Runs the selected operation for all input items. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (this.getInputData().length === 0) return [[]];
	const role = readRole(this);
	if (role) {
		const { runStep } = await import('../pause');
		return [await runStep(this, role)];
	}
	const execute = operationOf(this);
	const run = openRun(this);
	const items = await execute(run);
	addHints(this, hintsOf(run), items);
	return [items];
}

/** @throws n8n's error if a newer version of the package has started the execution */
function openRun(context: IExecuteFunctions): RunContext {
	try {
		return createRunContext(context);
	} catch (error) {
		throw nodeErrorOf(context, error, 0, { taskIds: [], canRetry: true });
	}
}

function operationOf(context: IExecuteFunctions): Execute {
	const name = String(context.getNodeParameter(operationField.name, 0));
	if (Object.hasOwn(OPERATIONS, name)) return OPERATIONS[name];
	const known = Object.keys(OPERATIONS);
	const error = inputError.unknownValue(operationField.displayName, name, known);
	throw nodeErrorOf(context, error, 0, { taskIds: [], canRetry: true });
}
