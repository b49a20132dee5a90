import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ItemContext } from '../../nodes/Veo/core/context';
import { createTask } from '../../nodes/Veo/core/createTask';
import { Ledger } from '../../nodes/Veo/core/ledger';
import { VideoError } from '../../nodes/Veo/errors';

/** Calls that an AI Agent makes at once: runs of the node that share its saved memory. */
async function callAtOnce(calls: number, responses: Array<string | VideoError>) {
	const memory: IDataObject = {};
	const context = {
		getContext: () => memory,
		getExecutionId: () => '1',
		getNode: () => ({ type: 'n8n-nodes-cometapi-veo.veoTool' }),
		logger: { info: () => undefined },
	} as unknown as IExecuteFunctions;
	let sent = 0;
	const client = {
		createTask: async () => {
			const response = responses[sent++];
			await new Promise(setImmediate);
			if (typeof response !== 'string') throw response;
			return { id: response };
		},
	};
	const call = async () => {
		const ctx = {
			...{ context, client, ledger: Ledger.open(context) },
			...{ hints: { reused: [] }, signal: new AbortController().signal },
		};
		const paid = await createTask(ctx as unknown as ItemContext, {
			job: { itemIndexes: [0], copy: 0 },
			key: '0:kite',
			load: async () => ({}) as never,
			deadline: Infinity,
		});
		ctx.ledger.delivered(paid.key!);
		return paid.id;
	};
	const all = await Promise.allSettled(Array.from({ length: calls }, call));
	const outcomes = all.map((outcome) =>
		outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as VideoError).kind,
	);
	return { outcomes, sent, call };
}

describe('identical calls at once', () => {
	it.each([2, 3, 5])('create one video, which all %s return', async (calls) => {
		const { outcomes, sent } = await callAtOnce(calls, ['task_1', 'task_2', 'task_3']);
		expect(outcomes).toEqual(Array.from({ length: calls }, () => 'task_1'));
		expect(sent).toBe(1);
	});

	it('create another video when they are made again', async () => {
		const { call } = await callAtOnce(3, ['task_1', 'task_2']);
		expect(await call()).toBe('task_2');
	});

	it('send the request once if its response was lost', async () => {
		const { outcomes, sent } = await callAtOnce(3, [new VideoError('noResponse'), 'task_2']);
		expect(outcomes).toEqual(['noResponse', 'notResent', 'notResent']);
		expect(sent).toBe(1);
	});

	it('send the request again if nothing was created', async () => {
		const { outcomes, sent } = await callAtOnce(3, [new VideoError('moderated'), 'task_2']);
		expect(outcomes).toEqual(['moderated', 'task_2', 'task_2']);
		expect(sent).toBe(2);
	});
});
