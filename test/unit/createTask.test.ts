import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ItemContext } from '../../nodes/Veo/core/context';
import { createTask } from '../../nodes/Veo/core/createTask';
import { Ledger } from '../../nodes/Veo/core/ledger';
import type { PaidTask } from '../../nodes/Veo/core/ledger';
import { VideoError } from '../../nodes/Veo/errors';

type Use = (ledger: Ledger, paid: PaidTask) => void | Promise<void>;

/** Calls that an AI Agent makes at once: runs of the node that share its saved memory. */
function start(
	calls: number,
	responses: Array<string | VideoError>,
	use: Use = (ledger, paid) => ledger.delivered(paid),
) {
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
		const create = async () =>
			await createTask(ctx as unknown as ItemContext, {
				job: { itemIndexes: [0], copy: 0 },
				key: '0:kite',
				load: async () => ({}) as never,
				deadline: Infinity,
			});
		const paid = await ctx.ledger.inTurn('0:kite', create);
		return await ctx.ledger.using(paid, async () => {
			await use(ctx.ledger, paid);
			return paid.id;
		});
	};
	const all = Promise.allSettled(Array.from({ length: calls }, call));
	const ended = all.then((outcomes) => ({
		outcomes: outcomes.map((outcome) =>
			outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as VideoError).kind,
		),
		sent,
	}));
	return { call, ended };
}

const callAtOnce = async (calls: number, responses: Array<string | VideoError>) =>
	await start(calls, responses).ended;

describe('identical calls at once', () => {
	it.each([2, 3, 5])('create one video, which all %s return', async (calls) => {
		const { outcomes, sent } = await callAtOnce(calls, ['task_1', 'task_2', 'task_3']);
		expect(outcomes).toEqual(Array.from({ length: calls }, () => 'task_1'));
		expect(sent).toBe(1);
	});

	it('create another video when they are made again', async () => {
		const { call, ended } = start(3, ['task_1', 'task_2']);
		await ended;
		expect(await call()).toBe('task_2');
	});

	it('keep the video until all have got it, also in a further call', async () => {
		let uses = 0;
		let fail!: (error: Error) => void;
		const slow = new Promise<void>((_, reject) => (fail = reject));
		const { call, ended } = start(2, ['task_1', 'task_2'], async (ledger, paid) => {
			if (++uses === 2) await slow;
			ledger.delivered(paid);
		});
		await new Promise(setImmediate);
		await new Promise(setImmediate);
		expect(uses).toBe(2);
		expect(await call()).toBe('task_1');
		fail(new VideoError('timedOut'));
		expect((await ended).outcomes).toEqual(['task_1', 'timedOut']);
		expect(await call()).toBe('task_1');
		expect(await call()).toBe('task_2');
	});

	it('drop only the task that they had', async () => {
		const { ended } = start(1, ['task_1'], (ledger) => {
			ledger.drop('0:kite', 'task_0');
			expect(ledger.taskIds()).toEqual(['task_1']);
			ledger.sending('0:kite');
			ledger.drop('0:kite', 'task_1');
			expect(ledger.wasLost('0:kite')).toBe(true);
		});
		expect((await ended).outcomes).toEqual(['task_1']);
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
