import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { normalizeBaseUrl } from './client';
import { isObject } from './task';

/** A model as CometAPI's public catalogue lists it. */
export interface CatalogueModel {
	id: string;
	modelType: string;
	/** What it can do, in CometAPI's words, e.g. `text-to-video`. */
	features: string[];
	price?: { amount: number; currency: string; per: 'second' | 'video' };
	docsUrl?: string;
}

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 1_000;
const MAX_PAGES = 20;

/** `GET /api/models`, which needs no key. @throws Error where it does not answer with models */
export async function readCatalogue(
	context: ILoadOptionsFunctions,
	baseURL: string,
): Promise<CatalogueModel[]> {
	const rows: unknown[] = [];
	for (let page = 1; page <= MAX_PAGES; page++) {
		const body: unknown = await context.helpers.httpRequest({
			baseURL,
			url: '/api/models',
			qs: { page, page_size: PAGE_SIZE },
			json: true,
			timeout: TIMEOUT_MS,
		});
		if (!isObject(body) || !Array.isArray(body.data)) throw new Error('the answer has no models');
		rows.push(...(body.data as unknown[]));
		if (body.data.length === 0 || rows.length >= (Number(body.total) || 0)) break;
	}
	return rows.flatMap((row) => (isObject(row) ? (toModel(row) ?? []) : []));
}

export async function readBaseUrl(context: ILoadOptionsFunctions): Promise<string> {
	const { baseUrl } = await context.getCredentials<{ baseUrl?: string }>('cometApi');
	return normalizeBaseUrl(baseUrl ?? '') || 'https://api.cometapi.com';
}

function toModel(row: Record<string, unknown>): CatalogueModel | undefined {
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	if (!text(row.id)) return undefined;
	return {
		id: text(row.id),
		modelType: text(row.model_type),
		features: Array.isArray(row.features) ? row.features.map(text) : [],
		price: toPrice(row.pricing),
		docsUrl: text(row.api_doc_url) || undefined,
	};
}

/** The figures may be null, or 0 where there is no such price. */
function toPrice(pricing: unknown): CatalogueModel['price'] {
	if (!isObject(pricing)) return undefined;
	const currency = String(pricing.currency || 'USD');
	const [second, video] = [Number(pricing.per_second), Number(pricing.per_request)];
	if (second > 0) return { amount: second, currency, per: 'second' };
	if (video > 0) return { amount: video, currency, per: 'video' };
	return undefined;
}
