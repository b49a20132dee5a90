import { clock } from '../clock';
import type { ItemContext, RunContext } from '../core/context';
import { limits } from '../limits';
import { findModel, videoModels } from '../transport/catalogue';
import type { CheckedRequest } from './request';

/** Begins to look up whether CometAPI has the models. No payment waits for it: a model may work although it is not listed. */
export function lookUpModels(run: RunContext, requests: CheckedRequest[]): void {
	const lookup = addUnlisted(run, requests).catch(() => {});
	run.modelsLookedUp = async () => {
		await inTime(lookup);
	};
}

/** The result, or undefined if it takes longer than a hint is worth. */
async function inTime<T>(lookup: Promise<T>): Promise<T | undefined> {
	const isOver = new AbortController();
	const late = clock.sleep(limits.modelLookupMs, isOver.signal).catch(() => {});
	try {
		return (await Promise.race([lookup, late])) ?? undefined;
	} finally {
		isOver.abort();
	}
}

async function addUnlisted({ catalogues, clients, hints }: RunContext, requests: CheckedRequest[]) {
	for (const { model, itemIndexes } of requests) {
		const listed = await catalogues.of(await clients.of(itemIndexes[0]));
		const isListed = findModel(listed, model);
		if (!isListed && !hints.notListed.includes(model)) hints.notListed.push(model);
	}
}

/** Models to use in place of one that is not available; none if that can't be found out. */
export async function otherModels(
	{ catalogues, client }: ItemContext,
	model: string,
): Promise<string[]> {
	try {
		const listed = (await inTime(catalogues.of(client))) ?? [];
		const models = videoModels(listed).map(({ id }) => id);
		return models.filter((id) => id !== model).slice(0, limits.suggestedModels);
	} catch {
		return [];
	}
}
