import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { connect } from '../api/client';
import { Fault } from '../api/fault';
import { limits } from '../limits';
import { runBatch } from '../run/batch';
import { Ledger } from '../run/ledger';
import type { Shared } from '../run/video';
import * as create from './createVideo.operation';
import * as createAndWait from './createVideoAndWait.operation';
import * as retrieve from './retrieveVideo.operation';
import { maxConcurrent, maxVideos, readNumberOption } from './shared.fields';

const operations = new Map([
	['create', create],
	['createAndWait', createAndWait],
	['retrieve', retrieve],
]);

export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (this.getInputData().length === 0) return [[]];
	const shared: Shared = {
		context: this,
		api: await connect(this),
		ledger: Ledger.open(this),
		takenUp: [],
		unfinished: [],
	};
	const name = this.getNodeParameter('operation', 0) as string;
	const operation = operations.get(name);
	if (!operation) {
		throw new NodeOperationError(this.getNode(), `'Operation' does not know the value '${name}'`, {
			description: `Use one of ${[...operations.keys()].join(', ')}`,
		});
	}
	const items = await runBatch(this, operation.plan(shared), {
		admit: (videos) => admit(this, videos),
		taskIds: () => shared.ledger.taskIds(),
	});
	if (operation !== retrieve) addHints(shared);
	return [items];
}

function admit(context: IExecuteFunctions, videos: number): number {
	const most = readNumberOption(context, 0, maxVideos, { min: 0, default: 0 });
	if (most > 0 && videos > most) {
		throw new Fault(`'${maxVideos.displayName}' allows ${most}, and the input asks for ${videos}`, {
			advice: 'Nothing was sent. Pass on fewer items, or raise the limit',
		});
	}
	return readNumberOption(context, 0, maxConcurrent, limits.maxConcurrent);
}

/** Only where they say something that the output does not show by itself. */
function addHints({ context, takenUp, unfinished }: Shared): void {
	const hint = (message: string) => context.addExecutionHints({ message, location: 'outputPane' });
	if (takenUp.length > 0) {
		hint(`Taken up from an earlier try and not paid for again: ${takenUp.join(', ')}`);
	}
	if (unfinished.length > 0) {
		hint(
			`Not finished in time; use 'Retrieve Video' later with these task IDs: ${unfinished.join(', ')}`,
		);
	}
}
