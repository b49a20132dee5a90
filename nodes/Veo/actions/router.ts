import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { runBatch } from '../core/batch';
import { createRunContext } from '../core/context';
import type { RunContext } from '../core/context';
import { nodeErrorOf } from '../core/nodeError';
import { estimateText, hintText } from '../messages/hints';
import { inputError } from '../messages/inputErrors';
import { createClient } from '../transport/client';
import * as createVideo from './createVideo.operation';
import * as createVideoAndWait from './createVideoAndWait.operation';
import { operation as operationField, OPERATION } from './fields/operation.fields';
import { INTERNAL_ROLE } from './fields/task.fields';
import { readRole } from './internalStep';
import type { Operation } from './operation';
import { checkMaxVideos, readMaxConcurrent } from './readOptions';
import * as retrieveVideo from './retrieveVideo.operation';

const OPERATIONS: Record<string, () => Promise<Operation>> = {
	[OPERATION.create]: createVideo.loadOperation,
	[OPERATION.createAndWait]: createVideoAndWait.loadOperation,
	[OPERATION.retrieve]: retrieveVideo.loadOperation,
};

/** Runs the operation that is set for all input items. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (this.getInputData().length === 0) return [[]];
	const role = readRole(this);
	if (role) {
		const { runQuickStep } = await import('./watchVideos');
		const items = await runQuickStep(this, role);
		if (items) return [items];
	}
	return [await runOperation(this, await loadOperation(this, role), !role)];
}

async function loadOperation(context: IExecuteFunctions, role: string): Promise<Operation> {
	if (role === INTERNAL_ROLE.check) {
		return (await import('./checkVideos')).checkVideos;
	}
	const name = String(context.getNodeParameter(operationField.name, 0));
	const load = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
	if (!load) {
		const error = inputError.unknownValue(
			operationField.displayName,
			name,
			Object.keys(OPERATIONS),
		);
		throw nodeErrorOf(context, error, 0, { taskIds: [], canRetry: true });
	}
	return await load();
}

async function runOperation(
	context: IExecuteFunctions,
	operation: Operation,
	canRetry: boolean,
): Promise<INodeExecutionData[]> {
	const ended = await operation.withoutCredential?.(context);
	if (ended) return ended;
	const run = createRunContext(context, await createClient(context), canRetry);
	const items = await runBatch(
		context,
		{
			list: operation.listJobs(context),
			check: async (job) => await operation.check(run, job),
			approve: async (checked) => await operation.approve?.(run, checked),
			run: async (checked, signal) => await operation.run({ ...run, signal }, checked),
		},
		{
			concurrencyFor: (videos) => {
				checkMaxVideos(context, videos);
				return readMaxConcurrent(context);
			},
			taskIds: () => operation.taskIds?.(run) ?? run.ledger.taskIds(),
			canRetry,
		},
	);
	addHints(run);
	return (await operation.finish?.(run, items)) ?? items;
}

/** Only where they say something that the output does not show by itself. */
function addHints({ context, hints, estimate }: RunContext): void {
	if (estimate) {
		const message = estimateText(estimate.videos, estimate.usd);
		context.addExecutionHints({ message, location: 'outputPane' });
	}
	for (const kind of ['reused', 'unfinished', 'withoutLink'] as const) {
		if (hints[kind].length === 0) continue;
		context.addExecutionHints({ message: hintText[kind](hints[kind]), location: 'outputPane' });
	}
}
