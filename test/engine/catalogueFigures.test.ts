import { CATALOGUE } from '../sandbox/server';
import type { CatalogueRow } from '../sandbox/server';
import { setUp } from '../support/setUp';

/** A run with a limit of one dollar, of a model with this price. */
async function run(pricing: unknown) {
	const row = { ...CATALOGUE[0], id: 'veo9', pricing } as CatalogueRow;
	const stage = await setUp({ catalogue: [row] });
	const model = { __rl: true, mode: 'id', value: 'veo9' };
	const { items, error } = await stage.run({
		parameters: { operation: 'create', model, options: { maxCost: 1 } },
	});
	const posts = stage.sandbox.requests.filter(({ call }) => call === 'create').length;
	return { cost: items[0]?.json.estimated_cost_usd, error, posts };
}

it.each<[name: string, pricing: unknown]>([
	['negative', { per_request: -5 }],
	['negative per second', { per_second: -0.1 }],
	['a negative ratio', { per_request: 0.5, ratio: -1 }],
	['two negative figures', { per_request: -0.5, ratio: -1 }],
	['a ratio of 0', { per_request: 0.5, ratio: 0 }],
	['too small to tell', { per_request: 5e-324, ratio: 0.1 }],
	['not finite', { per_request: '1e999' }],
	['infinite with its ratio', { per_request: 1e308, ratio: 1e308 }],
	['Infinity', { per_request: 'Infinity' }],
	['NaN', { per_request: 'NaN' }],
	['a word', { per_request: 'free' }],
	['true', { per_request: true }],
	['a list', { per_request: [0.1] }],
	['an object', { per_request: { valueOf: 1, toString: 1 } }],
	['a ratio that is a word', { per_request: 0.5, ratio: 'x' }],
	['a text per second, beside a low one per video', { per_second: '$0.32', per_request: 0.02 }],
	['negative per second, beside one per video', { per_second: -1, per_request: 0.02 }],
	['an object per second, beside one per video', { per_second: { usd: 1 }, per_request: 0.02 }],
	['in a currency that is an object', { per_second: 0.01, currency: { code: 'KWD' } }],
	['in a currency that is a list', { per_second: 0.01, currency: ['CNY'] }],
	['in another currency', { per_request: 0.5, currency: 'CNY' }],
	['in a currency that is a text', { per_request: 0.5, currency: 'USD per year' }],
	['0', { per_request: 0, per_second: 0 }],
	['a text', 'cheap'],
])('stops a run with Max Cost if the price is %s', async (_name, pricing) => {
	const { error, posts } = await run(pricing);
	expect(error?.message).toBe(
		"The cost can't be estimated: CometAPI's price list has no price in USD for 'veo9' [item 0]",
	);
	expect(posts).toBe(0);
});

it.each<[pricing: unknown, cost: number]>([
	[{ per_request: 0.5 }, 0.5],
	[{ per_request: '0.5', ratio: '0.8' }, 0.4],
	[{ per_second: 0.1, per_request: 9 }, 0.8],
	[{ per_second: null, per_request: 0.5, ratio: null }, 0.5],
])('estimates the cost if the price is a positive number: %j', async (pricing, cost) => {
	expect(await run(pricing)).toMatchObject({ cost, posts: 1, error: undefined });
});
