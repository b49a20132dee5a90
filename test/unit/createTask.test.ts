import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ItemContext } from '../../nodes/Veo/core/context';
import { createTask } from '../../nodes/Veo/core/createTask';
import { Ledger } from '../../nodes/Veo/core/ledger';
import { VideoError } from '../../nodes/Veo/errors';

/** Two calls that an AI Agent makes at once: two runs of the node that share its saved memory. */
async function callTwice(responses: Array<string | VideoError>) {
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
		return await createTask(ctx as unknown as ItemContext, {
			job: { itemIndexes: [0], copy: 0 },
			key: '0:kite',
			load: async () => ({}) as never,
			deadline: Infinity,
		});
	};
	const outcomes = (await Promise.allSettled([call(), call()])).map((outcome) =>
		outcome.status === 'fulfilled' ? outcome.value.id : (outcome.reason as VideoError).kind,
	);
	return { outcomes, sent };
}

describe('two identical calls at once', () => {
	it('create one video, which both return', async () => {
		const { outcomes, sent } = await callTwice(['task_1', 'task_2']);
		expect(outcomes).toEqual(['task_1', 'task_1']);
		expect(sent).toBe(1);
	});

	it('send the request once if its response was lost', async () => {
		const { outcomes, sent } = await callTwice([new VideoError('noResponse'), 'task_2']);
		expect(outcomes).toEqual(['noResponse', 'notResent']);
		expect(sent).toBe(1);
	});

	it('send the request again if nothing was created', async () => {
		const { outcomes, sent } = await callTwice([new VideoError('moderated'), 'task_2']);
		expect(outcomes).toEqual(['moderated', 'task_2']);
		expect(sent).toBe(2);
	});
});
