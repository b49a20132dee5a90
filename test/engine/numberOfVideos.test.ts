import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { recordSubExecutions } from '../support/paused';
import { images, prompts, setUp } from '../support/setUp';

const two = { options: { numberOfVideos: 2 } };

const pairs = (items: INodeExecutionData[]) => items.map(({ pairedItem }) => pairedItem);

describe('Number of Videos', () => {
	it.each(['create', 'createAndWait'])(
		'creates several videos per item, each a separate output item: %s',
		async (operation) => {
			const { run, sandbox } = await setUp();
			const { items } = await run({
				items: prompts('a', 'b'),
				parameters: { operation, options: { numberOfVideos: 3, maxConcurrent: 1 } },
			});
			expect(pairs(items)).toEqual([0, 0, 0, 1, 1, 1].map((item) => ({ item })));
			expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
			expect(items.map(({ json }) => json.id)).toEqual(sandbox.tasks.map(({ id }) => id));
		},
	);

	it('delivers the file of each video', async () => {
		const { run, sandbox } = await setUp();
		const { items } = await run({ items: prompts('a', 'b'), parameters: two });
		expect(items).toHaveLength(4);
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 4, delivered: 4 });
	});

	it('may differ from item to item', async () => {
		const { run } = await setUp();
		const { items } = await run({
			items: [1, 3, 2].map((count) => ({ json: { count } })),
			parameters: { options: { numberOfVideos: '={{ $json.count }}' } },
		});
		expect(pairs(items)).toEqual([0, 1, 1, 1, 2, 2].map((item) => ({ item })));
	});

	it.each([1, 4, '={{ "2" }}', undefined])('accepts %j', async (numberOfVideos) => {
		const { run } = await setUp();
		const options = numberOfVideos === undefined ? {} : { numberOfVideos };
		const { items } = await run({ parameters: { operation: 'create', options } });
		expect(items).toHaveLength(numberOfVideos === '={{ "2" }}' ? 2 : Number(numberOfVideos ?? 1));
	});

	it.each([0, 5, -1, 1.5, '={{ "many" }}', '={{ "" }}', '={{ NaN }}', '={{ {} }}', '={{ [2] }}'])(
		'rejects %j and creates nothing',
		async (numberOfVideos) => {
			const { run, sandbox } = await setUp();
			const { error } = await run({
				items: prompts('a', 'b'),
				parameters: { options: { numberOfVideos } },
			});
			expect(error?.message).toMatch(
				/^'Number of Videos' must be a whole number between 1 and 4, but is '.*' \[item 0\]$/,
			);
			expect(error?.description).toBe(
				"Change it in 'Options', or remove it to use the default (1)",
			);
			expect(sandbox.requests).toEqual([]);
		},
	);

	it('fails only the item whose expression cannot be read', async () => {
		const { run, sandbox } = await setUp();
		const { items } = await run({
			items: prompts('a', 'b'),
			parameters: { options: { numberOfVideos: '={{ $json.prompt === "a" ? 9 : 2 }}' } },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(pairs(items)).toEqual([0, 1, 1].map((item) => ({ item })));
		expect(items[0].json.error).toMatch(/'Number of Videos'/);
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['b', 'b']);
	});

	it('creates several videos of the images of all items', async () => {
		const { run, sandbox } = await setUp();
		const { items } = await run({
			items: [{ files: { data: images.png } }, { files: { data: images.jpeg } }],
			parameters: { imageInput: 'items', ...two },
		});
		expect(pairs(items)).toEqual(Array(2).fill([{ item: 0 }, { item: 1 }]));
		expect(sandbox.tasks).toHaveLength(2);
	});

	it('is counted by Max Videos per Run', async () => {
		const { run, sandbox } = await setUp();
		const { error } = await run({
			items: prompts('a', 'b'),
			parameters: { options: { numberOfVideos: 2, maxVideos: 3 } },
		});
		expect(error?.message).toMatch(/asks for 4 videos, but 'Max Videos per Run' is 3/);
		expect(sandbox.requests).toEqual([]);
		const { items } = await run({
			items: prompts('a', 'b'),
			parameters: { options: { numberOfVideos: 2, maxVideos: 4 } },
		});
		expect(items).toHaveLength(4);
	});
});

describe('a retry of several videos of one item', () => {
	const options: INodeParameters = { numberOfVideos: 3, maxConcurrent: 1 };

	it('pays only for the one that failed', async () => {
		const { run, sandbox } = await setUp({
			outcome: (index) => (index === 1 ? { error: { code: 'x', message: 'No' } } : 'completed'),
		});
		const first = await run({ items: prompts('a'), parameters: { options } });
		expect(first.error?.message).toMatch(/could not generate the video/);
		const second = await first.retry();
		expect(second.items).toHaveLength(3);
		expect(pairs(second.items)).toEqual(Array(3).fill({ item: 0 }));
		// the first is reused, the failed one is created again, the third had not been sent
		expect(sandbox.tasks).toHaveLength(4);
		const [a, , b, c] = sandbox.tasks.map(({ id }) => id);
		expect(second.items.map(({ json }) => json.id)).toEqual([a, b, c]);
		await expectOwnFiles(sandbox, second.items);
	});

	it('sends only the refused one again with Retry On Fail', async () => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', task: 1, times: 1, fault: replies.badRequest }],
		});
		const { items } = await run({
			items: prompts('a'),
			parameters: { operation: 'create', options },
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		});
		expect(items).toHaveLength(3);
		expect(sandbox.tasks).toHaveLength(3);
		expect(new Set(items.map(({ json }) => json.id)).size).toBe(3);
	});

	it('does not send a request again after its response was lost', async () => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', task: 1, times: 1, fault: { kind: 'reply', status: 502 } }],
		});
		const { items } = await run({
			items: prompts('a'),
			parameters: { operation: 'create', options },
			settings: {
				onError: 'continueRegularOutput',
				retryOnFail: true,
				maxTries: 2,
				waitBetweenTries: 0,
			},
		});
		expect(sandbox.counts().creates).toBe(3);
		expect(items.map(({ json }) => json.details ?? 'created')).toEqual([
			'created',
			expect.objectContaining({ mayHaveBeenCreated: true }),
			'created',
		]);
	});
});

describe('several videos of one item while the execution is paused', () => {
	it('are all waited for, in order (n8n ≥ 2.41)', async () => {
		const setup = await setUp();
		const { run, sandbox } = setup;
		const { started, executeWorkflow } = recordSubExecutions(setup);
		await run({
			items: prompts('a', '', 'b'),
			parameters: { options: { numberOfVideos: 2, maxConcurrent: 1, waitMode: 'durable' } },
			settings: { onError: 'continueRegularOutput' },
			executeWorkflow,
		});
		const [a, otherA, b, otherB] = sandbox.tasks.map(({ id }) => id);
		const failed = "'Prompt' is empty";
		const outputs = started[0].items.map(({ json }) => json.output as IDataObject);
		expect(outputs.map(({ error, id }) => error ?? id)).toEqual([
			...[a, otherA, failed, failed, b, otherB],
		]);
	});
});
