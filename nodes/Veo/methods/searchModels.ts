import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { clock } from '../clock';
import { DEFAULT_MODEL } from '../limits';
import { modelListText } from '../messages/hints';
import { usdText } from '../messages/phrases';
import { isVeo, readServer, readCatalogue, videoModels } from '../transport/catalogue';
import type { CatalogueModel } from '../transport/catalogue';

/** Long enough for the keystrokes of one search. */
const CACHE_MS = 60_000;

/** The list that was read last. */
let last = { fingerprint: '', models: [] as CatalogueModel[], readAt: 0 };

/**
 * The Veo models of the live catalogue: the default first, then the newest. If it has none, the other
 * video models of the route.
 */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const models = await readModels(this);
	const wanted = filter.toLowerCase();
	const results = models
		.map((model) => ({ name: describe(model), value: model.id, url: model.docsUrl }))
		.filter(({ name }) => name.toLowerCase().includes(wanted));
	return { results };
}

async function readModels(context: ILoadOptionsFunctions): Promise<Listed[]> {
	try {
		const models = videoModels(await readCached(context));
		const veo = models.filter(isVeo);
		const listed = veo.find(({ id }) => id === DEFAULT_MODEL);
		if (listed) return [listed, ...veo.filter((model) => model !== listed)];
		const others = models.map((model) => ({ ...model, note: modelListText.notVeo }));
		const unlisted = { id: DEFAULT_MODEL, note: modelListText.notListed };
		return [...(veo.length > 0 ? veo : others), unlisted];
	} catch (error) {
		context.logger.warn(`CometAPI's model list could not be loaded: ${(error as Error).message}`);
		return [{ id: DEFAULT_MODEL, note: modelListText.notLoaded }];
	}
}

async function readCached(context: ILoadOptionsFunctions): Promise<CatalogueModel[]> {
	const server = await readServer(context);
	const { fingerprint } = server;
	if (last.fingerprint !== fingerprint || clock.now() >= last.readAt + CACHE_MS) {
		const models = await readCatalogue(context, server);
		last = { fingerprint, models, readAt: clock.now() };
	}
	return last.models;
}

type Listed = Partial<CatalogueModel> & { id: string; note?: string };

/** As shown in the list, e.g. "veo3.1 (text, image; $0.32 per second)". */
function describe({ id, features = [], price, note }: Listed): string {
	const inputs = ['text', 'image'].filter((input) =>
		features.some((feature) => feature.startsWith(`${input}-to-video`)),
	);
	const facts = [inputs.join(', '), price && describePrice(price), note].filter(Boolean);
	return facts.length > 0 ? `${id} (${facts.join('; ')})` : id;
}

function describePrice({ amount, currency, per }: NonNullable<CatalogueModel['price']>): string {
	const dollars = usdText(amount);
	return `${currency === 'USD' ? dollars : `${dollars.slice(1)} ${currency}`} per ${per}`;
}
