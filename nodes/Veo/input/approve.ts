import type { RunContext } from '../core/context';
import { VideoError } from '../errors';
import { limits } from '../limits';
import { inputError } from '../messages/inputErrors';
import { formatText } from '../messages/phrases';
import { findModel } from '../transport/catalogue';
import type { CatalogueModel, CatalogueServer } from '../transport/catalogue';
import { sizeOf } from '../transport/videoForm';
import { isTooShort, priceFactor } from '../transport/videoSize';
import { maxCost } from '../parameters/options';
import { lookUpModels } from './models';
import { readNumberOption } from './options';
import type { CheckedRequest } from './request';

/** Once before the first payment of a run. @throws VideoError if none of the videos may be created */
export async function approve(run: RunContext, requests: CheckedRequest[]): Promise<void> {
	lookUpModels(run, requests);
	for (const request of requests) {
		const size = sizeOf(request);
		const isKnown = run.hints.shortDuration.includes(size);
		if (isTooShort(request, size) && !isKnown) run.hints.shortDuration.push(size);
	}
	await checkMaxCost(run, requests);
}

/**
 * Estimates the cost of the videos, if the user has set a limit for it.
 * @throws VideoError if they would cost more, or if a price is not known
 */
async function checkMaxCost(run: RunContext, requests: CheckedRequest[]): Promise<void> {
	const mostUsd = readNumberOption(run.context, 0, maxCost, limits.maxCost);
	if (mostUsd === 0) return;
	let usd = 0;
	for (const request of requests) {
		const client = await run.clients.of(request.itemIndexes[0]);
		request.estimatedCostUsd = estimate(request, await readPriceList(run, client));
		usd += request.estimatedCostUsd;
	}
	const formats = [...new Set(requests.map(formatOf))];
	run.estimate = { videos: requests.length, usd: rounded(usd), formats };
	if (run.estimate.usd > mostUsd) {
		throw inputError.tooExpensive(run.estimate, mostUsd);
	}
}

async function readPriceList({ context, catalogues }: RunContext, server: CatalogueServer) {
	try {
		return await catalogues.of(server);
	} catch (error) {
		context.logger.warn(`CometAPI's price list could not be loaded: ${(error as Error).message}`);
		throw noPrices();
	}
}

const noPrices = () => new VideoError('unavailable', { detail: 'priceList' });

const secondsOf = ({ duration }: CheckedRequest) => duration ?? limits.estimatedDurationS;

const formatOf = (request: CheckedRequest) => formatText(sizeOf(request), secondsOf(request));

function estimate(request: CheckedRequest, models: CatalogueModel[]) {
	const { model, itemIndexes } = request;
	const { price } = findModel(models, model) ?? {};
	if (price?.currency !== 'USD') throw inputError.priceUnknown(model, itemIndexes[0]);
	const amount = price.amount * priceFactor(model, sizeOf(request));
	return rounded(price.per === 'second' ? amount * secondsOf(request) : amount);
}

/** Sums of fractions of a cent are not exact. */
const rounded = (usd: number) => Number(usd.toFixed(6));
