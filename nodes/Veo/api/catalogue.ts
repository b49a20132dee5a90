import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { normalizeBaseUrl } from './client';
import { isObject } from './task';

/** A model as CometAPI's public catalogue lists it. */
export interface CatalogueModel {
	id: string;
	modelType: string;
	docsUrl?: string;
}

const CATALOGUE_TIMEOUT_MS = 10_000;

/** `GET /api/models`, which needs no key. */
export async function readCatalogue(context: ILoadOptionsFunctions): Promise<CatalogueModel[]> {
	return await fetchCatalogue(context, await readBaseUrl(context));
}

async function readBaseUrl(context: ILoadOptionsFunctions): Promise<string> {
	const { baseUrl } = await context.getCredentials<{ baseUrl?: string }>('cometApi');
	return normalizeBaseUrl(baseUrl ?? '') || 'https://api.cometapi.com';
}

async function fetchCatalogue(context: ILoadOptionsFunctions, baseURL: string) {
	const body: unknown = await context.helpers.httpRequest({
		baseURL,
		url: '/api/models',
		json: true,
		timeout: CATALOGUE_TIMEOUT_MS,
	});
	const rows = isObject(body) && Array.isArray(body.data) ? (body.data as unknown[]) : [];
	return rows.flatMap((row) => (isObject(row) ? (toModel(row) ?? []) : []));
}

function toModel(row: Record<string, unknown>): CatalogueModel | undefined {
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	if (!text(row.id)) return undefined;
	return {
		id: text(row.id),
		modelType: text(row.model_type),
		docsUrl: text(row.api_doc_url) || undefined,
	};
}
