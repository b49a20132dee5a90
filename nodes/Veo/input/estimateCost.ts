import type { IExecuteFunctions } from 'n8n-workflow';

import type { OutputItem } from '../core/job';
import type { RunContext } from '../core/context';
import { asVideoError, VideoError } from '../errors';
import { limits } from '../limits';
import { inputError } from '../messages/inputErrors';
import { readCatalogue } from '../transport/catalogue';
import type { CatalogueModel } from '../transport/catalogue';
import { maxCost } from '../parameters/options';
import { readNumberOption } from './options';
import type { CheckedRequest } from './request';

/**
 * Estimates the cost of the videos, if the user has set a limit for it.
 * @throws VideoError if they would cost more, or if a price is not known
 */
export async function checkMaxCost(run: RunContext, requests: CheckedRequest[]): Promise<void> {
	const mostUsd = readNumberOption(run.context, 0, maxCost, limits.maxCost);
	if (mostUsd === 0) return;
	const priceLists = new Map<string, CatalogueModel[]>();
	let usd = 0;
	for (const request of requests) {
		const { baseURL } = await run.clients.of(request.itemIndexes[0]);
		const models = priceLists.get(baseURL) ?? (await readPriceList(run.context, baseURL));
		priceLists.set(baseURL, models);
		request.estimatedCostUsd = estimate(request, models);
		usd += request.estimatedCostUsd;
	}
	run.estimate = { videos: requests.length, usd: rounded(usd) };
	if (run.estimate.usd > mostUsd) {
		throw inputError.tooExpensive(requests.length, run.estimate.usd, mostUsd);
	}
}

/** The output item of a video with its estimated cost. */
export const withEstimate = (item: OutputItem, usd: number | undefined): OutputItem =>
	usd === undefined ? item : { ...item, json: { ...item.json, estimated_cost_usd: usd } };

async function readPriceList(
	context: IExecuteFunctions,
	baseURL: string,
): Promise<CatalogueModel[]> {
	try {
		return await readCatalogue(context, baseURL);
	} catch (error) {
		if (error instanceof VideoError) throw asVideoError(error);
		context.logger.warn(`CometAPI's price list could not be loaded: ${(error as Error).message}`);
		throw noPrices();
	}
}

const noPrices = () => new VideoError('unavailable', { detail: 'priceList' });

function estimate({ model, duration, itemIndexes }: CheckedRequest, models: CatalogueModel[]) {
	const wanted = model.toLowerCase();
	const isWanted = ({ id }: CatalogueModel) => id.toLowerCase() === wanted;
	const { price } = models.find(isWanted) ?? {};
	if (price?.currency !== 'USD') throw inputError.priceUnknown(model, itemIndexes[0]);
	const seconds = duration ?? limits.estimatedDurationS;
	return rounded(price.per === 'second' ? price.amount * seconds : price.amount);
}

/** Sums of fractions of a cent are not exact. */
const rounded = (usd: number) => Number(usd.toFixed(6));
