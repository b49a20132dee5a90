import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { catalogueRows, CATALOGUE, replies } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import type { RunOptions } from '../support/engine';
import { recordSubExecutions } from '../support/paused';
import { images, prompts, setUp } from '../support/setUp';

const model = (value: string) => ({ __rl: true, mode: 'id', value });

const list = "The estimate comes from CometAPI's price list; the actual charge can differ";

/** Runs three items, unless others are given, with a limit. */
async function run(
	maxCost: unknown,
	{ options, ...parameters }: INodeParameters = {},
	more: Partial<RunOptions> & { sandbox?: SandboxOptions } = {},
) {
	const stage = await setUp({
		catalogue: [...CATALOGUE, ...Object.values(catalogueRows)],
		...more.sandbox,
	});
	const finished = await stage.run({
		items: prompts('a', 'b', 'c'),
		...more,
		parameters: {
			operation: 'create',
			...parameters,
			options: { ...(options as INodeParameters), maxCost } as INodeParameters,
		},
	});
	return { ...stage, ...finished };
}

const costs = (items: INodeExecutionData[]) => items.map(({ json }) => json.estimated_cost_usd);

/** By how much a model and a size raise the listed price. */
async function factorOf(id: string, size: string) {
	const [listed] = CATALOGUE.filter((row) => row.id === 'veo3.1-fast');
	const { items } = await run(
		100,
		{ model: model(id), size: `={{ "${size}" }}` },
		{ sandbox: { catalogue: [{ ...listed, id }] } },
	);
	return Number(items[0].json.estimated_cost_usd) / 0.512;
}

describe('Max Cost per Run', () => {
	it.each<[string, INodeParameters, number, string]>([
		['per video, times the ratio', {}, 0.32, '16x9, 8 seconds'],
		['per second, for 8 seconds', { model: model('veo3.1-fast') }, 0.512, '1280x720, 8 seconds'],
		[
			'per second, for the duration',
			{ model: model('veo3.1'), options: { duration: 4 } },
			1.024,
			'1280x720, 4 seconds',
		],
		[
			'for a duration by expression',
			{ model: model('veo3.1'), options: { duration: '={{ "6 s" }}' } },
			1.536,
			'1280x720, 6 seconds',
		],
		['in any letter case', { model: model('VEO3.1-Fast') }, 0.512, '1280x720, 8 seconds'],
		['without a ratio', { model: model('veo3.1-plain') }, 4, '1280x720, 8 seconds'],
		['for 4K', { model: model('veo3.1-fast'), size: '3840x2160' }, 1.536, '3840x2160, 8 seconds'],
		[
			'for a size by expression',
			{ model: model('VEO3.1-FAST'), size: '={{ "1080X1920" }}' },
			0.6144,
			'1080X1920, 8 seconds',
		],
		[
			'with the highest factor of the model for a size that is not known',
			{ model: model('veo3.1'), size: '={{ "ultra" }}' },
			3.072,
			'ultra, 8 seconds',
		],
		[
			'with the highest factor of the size for a model that is not known',
			{ size: '3840x2160' },
			0.96,
			'3840x2160, 8 seconds',
		],
	])('adds the estimate to each item: %s', async (_name, parameters, usd, format) => {
		const { items, hints, sandbox } = await run(100, parameters);
		expect(costs(items)).toEqual([usd, usd, usd]);
		const sum = (3 * usd).toFixed(4).replace(/0{1,2}$/, '');
		expect(hints[0]).toBe(`Estimated cost of 3 videos (${format}): $${sum}. ${list}`);
		expect(sandbox.tasks).toHaveLength(3);
	});

	it.each([
		['720p', 1],
		['1080p', 1.2],
		['1080P', 1.2],
		['4K', 3],
		['2K', 3],
		['2160p', 3],
		['1920x1080', 1.2],
	])('counts with the resolution in the ID of a model: %s', async (name, factor) => {
		expect(await factorOf(`veo9-${name}`, '16x9')).toBeCloseTo(factor);
	});

	it.each([
		['veo9-720p', '3840x2160', 3],
		['veo9-720p', '1080p', 1.2],
		['veo9-4k', '1280x720', 3],
		['veo9_720p_1080P', '', 1.2],
		['veo3.1-fast-1080p', '3840x2160', 3],
		['veo9-1080p', '7680x4320', 3],
		['veo9-1080p', 'ultra', 3],
	])('counts with the higher resolution of %s and the size %j', async (id, size, factor) => {
		expect(await factorOf(id, size)).toBeCloseTo(factor);
	});

	it('reads the price list once, without the key, before anything is created', async () => {
		const { sandbox } = await run(100);
		const [catalogue, ...others] = sandbox.catalogueRequests;
		expect(others).toEqual([]);
		expect(catalogue.headers).not.toHaveProperty('authorization');
		expect(Number(catalogue.requestId.slice(7))).toBe(1);
	});

	it.each([0, undefined, '={{ 0 }}'])('estimates nothing when it is %j', async (maxCost) => {
		const { items, hints } = await run(maxCost, { model: model('veo3.1-free') });
		expect(costs(items)).toEqual([undefined, undefined, undefined]);
		expect(hints).toEqual([]);
	});

	it('allows a run whose estimate equals the limit', async () => {
		const { items } = await run(0.96);
		expect(items).toHaveLength(3);
	});

	it.each(['create', 'createAndWait'])('stops a more expensive run: %s', async (operation) => {
		const { error, sandbox, items } = await run(0.95, { operation });
		expect(error?.message).toBe(
			"The estimated cost of 3 videos (16x9, 8 seconds) is $0.96, but 'Max Cost per Run (USD)' is $0.95 [item 0]",
		);
		expect(error?.description).toBe(
			`Nothing was created. Pass fewer items, reduce 'Number of Videos', choose another 'Model', 'Aspect Ratio' or 'Duration (Seconds)', or increase the limit. ${list}`,
		);
		expect(error?.context.details).toMatchObject({ kind: 'invalidInput', retryable: false });
		expect(items).toEqual([]);
		expect(sandbox.counts().creates).toBe(0);
	});

	it('counts each video of an item', async () => {
		const { error, sandbox } = await run(1, { options: { numberOfVideos: 2 } });
		expect(error?.message).toMatch(/^The estimated cost of 6 videos .* is \$1\.92/);
		expect(sandbox.counts().creates).toBe(0);
	});

	it('counts one video made from several items once', async () => {
		const files = { data: images.png };
		const { items } = await run(0.32, { imageInput: 'items' }, { items: [{ files }, { files }] });
		expect(costs(items)).toEqual([0.32]);
	});

	it('adds up models with different prices', async () => {
		const { items, hints } = await run(
			2,
			{ model: model('={{ $json.model }}') },
			{ items: ['veo3-fast', 'veo3.1-fast'].map((id) => ({ json: { model: id } })) },
		);
		expect(costs(items)).toEqual([0.32, 0.512]);
		expect(hints[0]).toMatch(/2 videos \(16x9, 8 seconds; 1280x720, 8 seconds\): \$0\.832\./);
	});

	it.each(['veo3-pro', 'veo3.1-free', 'no-such-model', 'veo3.1-pro'])(
		'stops when %s has no price',
		async (id) => {
			const items = [{}, { json: { model: id } }];
			const { error, sandbox } = await run(
				100,
				{ model: model('={{ $json.model ?? "veo3-fast" }}') },
				{ items },
			);
			expect(error?.message).toBe(
				`The cost can't be estimated: CometAPI's price list has no price in USD for '${id}' [item 1]`,
			);
			expect(error?.description).toMatch(/^Nothing was created\. Choose a 'Model' with a price/);
			expect(sandbox.counts().creates).toBe(0);
		},
	);

	it('stops when the price is in another currency', async () => {
		const [first] = CATALOGUE.filter(({ id }) => id === 'veo3-fast');
		const pricing = { ...(first.pricing as object), currency: 'CNY' };
		const { error } = await run(100, {}, { sandbox: { catalogue: [{ ...first, pricing }] } });
		expect(error?.message).toMatch(/no price in USD for 'veo3-fast'/);
	});

	it.each<[string, Fault]>([
		['500', { kind: 'reply', status: 500 }],
		['a web page', { kind: 'reply', status: 200, body: '<html>' }],
		['an error with status 200', { kind: 'reply', status: 200, body: { success: false } }],
		['a reset', { kind: 'resetAfterBody' }],
	])('stops when the price list cannot be read: %s', async (_name, fault) => {
		const { error, sandbox } = await run(
			100,
			{},
			{ sandbox: { faults: [{ call: 'catalogue', fault }] } },
		);
		expect(error?.message).toBe(
			"The cost can't be estimated: CometAPI's price list could not be loaded [item 0]",
		);
		expect(error?.description).toBe(
			"Nothing was created. Try again later, or remove 'Max Cost per Run (USD)'",
		);
		expect(error?.context.details).toMatchObject({ kind: 'unavailable', retryable: true });
		expect(sandbox.counts().creates).toBe(0);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'stops all items when the node continues on errors: %s',
		async (onError) => {
			const { items, errors, sandbox } = await run(0.5, {}, { settings: { onError } });
			const failed = [...items, ...errors];
			expect(costs(failed)).toEqual(Array(3).fill(undefined));
			for (const { json } of failed) expect(json.error).toMatch(/estimated cost of 3 videos/);
			expect(sandbox.counts().creates).toBe(0);
		},
	);

	it('does not count items that fail their check', async () => {
		const settings = { onError: 'continueRegularOutput' } as const;
		const { items } = await run(0.64, {}, { items: prompts('a', '', 'c'), settings });
		expect(costs(items)).toEqual([0.32, undefined, 0.32]);
		expect(Object.keys(items[1].json)).toEqual(['error', 'message', 'details']);
	});

	it.each([-1, '={{ "cheap" }}', '={{ "" }}', '={{ NaN }}', '={{ {} }}'])(
		'rejects %j and creates nothing',
		async (maxCost) => {
			const { error, sandbox } = await run(maxCost);
			expect(error?.message).toMatch(
				/^'Max Cost per Run \(USD\)' must be a number of at least 0, but is '.*' \[item 0\]$/,
			);
			expect(sandbox.requests).toEqual([]);
		},
	);

	it('adds the estimate to a finished video with its file', async () => {
		const { items } = await run(1, { operation: 'createAndWait' });
		expect(items[0]).toMatchObject({
			json: { status: 'completed', estimated_cost_usd: 0.32 },
			binary: { data: {} },
		});
	});

	it('reuses a paid video in a retry', async () => {
		const fault = { call: 'create', prompt: 'b', times: 1, fault: replies.badRequest } as const;
		const options = { maxConcurrent: 1 };
		const first = await run(1, { options }, { sandbox: { faults: [fault] } });
		const second = await first.retry();
		expect(costs(second.items)).toEqual([0.32, 0.32, 0.32]);
		expect(first.sandbox.tasks).toHaveLength(3);
	});

	it('keeps the estimate of a video that the execution is paused for (n8n ≥ 2.41)', async () => {
		const setup = await setUp();
		const { started, executeWorkflow } = recordSubExecutions(setup);
		await setup.run({
			parameters: { options: { waitMode: 'durable', maxCost: 1 } },
			executeWorkflow,
		});
		expect(started[0].items[0].json).toMatchObject({ asked: { estimatedCostUsd: 0.32 } });
	});
});
