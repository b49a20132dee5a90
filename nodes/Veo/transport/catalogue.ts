import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { limits } from '../limits';
import { asText, isHttp, isObject, parseUrl } from '../utils';
import { endWith, readText } from './body';
import type { Readable } from './body';
import { openCredential } from './client';
import type { CometApiClient } from './client';
import { accessError, CREDENTIAL_TYPE } from './credential';
import { parseJson } from './json';
import { toReply } from './reason';

/** A model as CometAPI's public catalogue lists it. */
export interface CatalogueModel {
	id: string;
	modelType: string;
	/** Its features, in CometAPI's words, e.g. `text-to-video`. */
	features: string[];
	/** CometAPI's charge: the list price times the ratio. */
	price?: { amount: number; currency: string; per: 'second' | 'video' };
	/** In unix seconds; 0 if it is not known. */
	publishedAt: number;
	/** Whether it can be called, and on this package's route. */
	isAvailable: boolean;
	docsUrl?: string;
}

type CatalogueContext = IExecuteFunctions | ILoadOptionsFunctions;

/** The server of a catalogue. It knows the key from other requests, and may repeat it. */
export type CatalogueServer = Pick<CometApiClient, 'baseURL' | 'fingerprint' | 'hideKey'>;

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 1_000;
const MAX_PAGES = 20;
const MAX_ID_LENGTH = 200;
const ROUTE = '/v1/videos';

/**
 * `GET /api/models`, which needs no key. A gateway may ignore the page, or count pages from 0.
 * @returns each model once
 * @throws Error if the response has no models
 */
export async function readCatalogue(
	context: CatalogueContext,
	server: Omit<CatalogueServer, 'fingerprint'>,
	signal?: AbortSignal,
): Promise<CatalogueModel[]> {
	const models = new Map<string, CatalogueModel>();
	let total = 0;
	const addPage = async (page: number) => {
		const before = models.size;
		const body = await readPage(context, server, page, signal).catch((error) => {
			// the models that are known are better than none
			if (before === 0 || signal?.aborted) throw error as Error;
			return { total, data: [] };
		});
		for (const row of body.data) {
			const model = isObject(row) ? toModel(row) : undefined;
			if (model && !models.has(model.id)) models.set(model.id, model);
		}
		total = Number(asText(body.total)) || 0;
		return models.size > before;
	};
	let page = 1;
	while (page <= MAX_PAGES && (await addPage(page)) && models.size < total) page++;
	if (models.size < total) await addPage(0);
	if (models.size === 0) throw new Error('the response has no models');
	return [...models.values()];
}

async function readPage(
	context: CatalogueContext,
	{ baseURL, hideKey }: Omit<CatalogueServer, 'fingerprint'>,
	page: number,
	signal?: AbortSignal,
) {
	const response = (await context.helpers.httpRequest({
		baseURL,
		url: '/api/models',
		qs: { page, page_size: PAGE_SIZE },
		encoding: 'stream',
		timeout: TIMEOUT_MS,
		disableFollowRedirect: true,
		abortSignal: signal,
	})) as Readable;
	if (signal) endWith(signal, response);
	const text = await readText(response, {
		maxBytes: limits.maxCatalogueBytes,
		timeoutMs: TIMEOUT_MS,
	});
	const { body } = toReply({ status: 200, headers: {}, text }, hideKey);
	if (!isObject(body) || !Array.isArray(body.data)) throw new Error('the response has no models');
	return { total: body.total, data: body.data as unknown[] };
}

/** The catalogues of a run, each read once: items can have different credentials. */
export class Catalogues {
	private readonly known = new Map<string, Promise<CatalogueModel[]>>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** @throws Error if it can't be read, or the execution is canceled */
	async of(server: CatalogueServer): Promise<CatalogueModel[]> {
		const signal = this.context.getExecutionCancelSignal();
		const models =
			this.known.get(server.fingerprint) ?? readCatalogue(this.context, server, signal);
		this.known.set(server.fingerprint, models);
		return await models;
	}
}

export const findModel = (models: CatalogueModel[], wanted: string) =>
	models.find(({ id }) => id.toLowerCase() === wanted.toLowerCase());

/** The video models that can be called on this route: Veo's first, each group with the newest first. */
export const videoModels = (models: CatalogueModel[]): CatalogueModel[] =>
	models
		.filter(({ isAvailable, modelType }) => isAvailable && /^(video|)$/i.test(modelType))
		.filter((model) => model.modelType !== '' || isVeo(model))
		.sort((a, b) => Number(isVeo(b)) - Number(isVeo(a)) || byAge(a, b));

export const isVeo = ({ id }: Pick<CatalogueModel, 'id'>) => /veo/i.test(id);

/** Without a date in the catalogue, by Veo's version in the ID. */
const byAge = (a: CatalogueModel, b: CatalogueModel) =>
	b.publishedAt - a.publishedAt || versionOf(b) - versionOf(a);

const versionOf = ({ id }: CatalogueModel) =>
	Number(/veo[-_]?(\d+(?:[._]\d+)?)/i.exec(id)?.[1].replace('_', '.') ?? 0);

/** @throws VideoError if nothing can be sent to the URL that the user has entered */
export async function readServer(context: CatalogueContext): Promise<CatalogueServer> {
	const { fault, ...server } = openCredential(await context.getCredentials(CREDENTIAL_TYPE));
	// the list needs no key
	if (fault && fault !== 'key') throw accessError(fault);
	return server;
}

function toModel(row: Record<string, unknown>): CatalogueModel | undefined {
	const id = asText(row.id);
	if (!id || id.length > MAX_ID_LENGTH) return undefined;
	return {
		id,
		modelType: asText(row.model_type),
		features: Array.isArray(row.features) ? row.features.map(asText) : [],
		price: toPrice(row.pricing),
		publishedAt: positive(row.published_at) ?? 0,
		isAvailable: row.upcoming !== true && isOnRoute(row.endpoints),
		docsUrl: webUrl(row.api_doc_url),
	};
}

/** Endpoints come as JSON text, an object or an array; a model that names none may be on any route. */
function isOnRoute(endpoints: unknown): boolean {
	const named = typeof endpoints === 'string' ? (parseJson(endpoints) ?? endpoints) : endpoints;
	const text = JSON.stringify(named ?? '');
	return !text.includes('/v') || text.includes(ROUTE);
}

/** The editor opens it with a click. */
function webUrl(value: unknown): string | undefined {
	const text = asText(value);
	const url = text.length <= limits.maxUrlLength ? parseUrl(text) : undefined;
	return url && isHttp(url) ? url.href : undefined;
}

/** @returns undefined for whatever is no positive, finite number */
function positive(value: unknown): number | undefined {
	const number = Number(asText(value));
	return number > 0 && Number.isFinite(number) ? number : undefined;
}

/** None if the figure by second is there, but can't be read: another one may count less. */
function toPrice(pricing: unknown): CatalogueModel['price'] {
	if (!isObject(pricing)) return undefined;
	const second = figure(pricing.per_second);
	const listed = second === 0 ? figure(pricing.per_request) : second;
	const amount = positive(listed * figure(pricing.ratio ?? 1));
	const currency = pricing.currency ? asText(pricing.currency) : 'USD';
	if (!amount || !currency || currency.length > 3) return undefined;
	return { amount, currency, per: second > 0 ? 'second' : 'video' };
}

/** Null or 0 if there is no such price; NaN if it is no price. */
function figure(value: unknown): number {
	const number = Number(asText(value ?? 0) || NaN);
	return number >= 0 ? number : NaN;
}
