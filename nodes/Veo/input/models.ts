import { clock } from '../clock';
import type { ItemContext, RunContext } from '../core/context';
import { limits } from '../limits';
import { findModel, videoModels } from '../transport/catalogue';
import type { CheckedRequest } from './request';

/** Begins to look up whether CometAPI has the models. No payment waits for it: a model may work although it is not listed. */
export function lookUpModels(run: RunContext, requests: CheckedRequest[]): void {
	run.modelsLookedUp = inTime(addUnlisted(run, requests), run.context.getExecutionCancelSignal());
}

/** The result, or undefined if it fails, is canceled, or takes longer from now than a hint is worth. */
async function inTime<T>(lookup: Promise<T>, canceled?: AbortSignal): Promise<T | undefined> {
	const isOver = new AbortController();
	const signals = [isOver.signal, canceled ?? []].flat();
	const late = clock.sleep(limits.modelLookupMs, AbortSignal.any(signals)).catch(() => {});
	try {
		return (await Promise.race([lookup, late])) ?? undefined;
	} catch {
		return undefined;
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
	{ catalogues, client, signal }: ItemContext,
	model: string,
): Promise<string[]> {
	const listed = (await inTime(catalogues.of(client), signal)) ?? [];
	const models = videoModels(listed).map(({ id }) => id);
	return models.filter((id) => id !== model).slice(0, limits.suggestedModels);
}
