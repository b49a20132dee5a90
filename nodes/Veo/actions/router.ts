import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { connect } from '../api/client';
import { Fault } from '../api/fault';
import { runBatch } from '../run/batch';
import type { Job } from '../run/batch';
import { Ledger } from '../run/ledger';
import { Siblings } from '../run/pace';
import type { Shared } from '../run/video';
import * as create from './createVideo.operation';
import * as createAndWait from './createVideoAndWait.operation';
import * as follow from './followVideos.operation';
import * as retrieve from './retrieveVideo.operation';
import { maxVideos, readMaxConcurrent, readNumberOption } from './shared.fields';
import { parkedRole } from './task.fields';

interface Operation {
	plan: (shared: Shared) => Job[];
	/** The ids of the tasks that are paid for, where the ledger does not have them. */
	taskIds?: (shared: Shared) => string[];
	/** What is done with the items of all jobs together. */
	finish?: (shared: Shared, items: INodeExecutionData[]) => Promise<INodeExecutionData[]>;
}

const operations = new Map<string, Operation>([
	['create', create],
	['createAndWait', createAndWait],
	['retrieve', retrieve],
]);

export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (this.getInputData().length === 0) return [[]];
	const role = this.getNodeParameter(parkedRole.name, 0, '') as string;
	const shared: Shared = {
		context: this,
		api: await connect(this),
		ledger: Ledger.open(this),
		siblings: new Siblings(),
		takenUp: [],
		unfinished: [],
		unlinked: [],
		canRetry: !role,
	};
	const name = this.getNodeParameter('operation', 0) as string;
	const operation: Operation | undefined = role === 'look' ? follow : operations.get(name);
	if (!operation) {
		throw new NodeOperationError(this.getNode(), `'Operation' does not know the value '${name}'`, {
			description: `Use one of ${[...operations.keys()].join(', ')}`,
		});
	}
	const items = await runBatch(this, operation.plan(shared), {
		admit: (videos) => admit(this, videos),
		taskIds: () => operation.taskIds?.(shared) ?? shared.ledger.taskIds(),
		canRetry: shared.canRetry,
	});
	addHints(shared);
	return [(await operation.finish?.(shared, items)) ?? items];
}

function admit(context: IExecuteFunctions, videos: number): number {
	const most = readNumberOption(context, 0, maxVideos, { min: 0, default: 0 });
	if (most > 0 && videos > most) {
		throw new Fault(`'${maxVideos.displayName}' allows ${most}, and the input asks for ${videos}`, {
			advice: 'Nothing was sent. Pass on fewer items, or raise the limit',
		});
	}
	return readMaxConcurrent(context);
}

/** Only where they say something that the output does not show by itself. */
function addHints({ context, takenUp, unfinished, unlinked }: Shared): void {
	const hint = (message: string) => context.addExecutionHints({ message, location: 'outputPane' });
	if (takenUp.length > 0) {
		hint(`Taken up from an earlier try and not paid for again: ${takenUp.join(', ')}`);
	}
	if (unfinished.length > 0) {
		hint(
			`Not finished in time; use 'Retrieve Video' later with these task IDs: ${unfinished.join(', ')}`,
		);
	}
	if (unlinked.length > 0) {
		hint(
			"No link for 'Include File Link': this n8n keeps binary data in memory, where nothing can link to it",
		);
	}
}
