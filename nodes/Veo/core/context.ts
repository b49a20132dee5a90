import type { IExecuteFunctions } from 'n8n-workflow';

import type { CometApiClient } from '../transport/client';
import { CompletionTimes } from './completionTimes';
import { Ledger } from './ledger';

/** What all videos of one run of the node share. */
export interface RunContext {
	context: IExecuteFunctions;
	client: CometApiClient;
	ledger: Ledger;
	completionTimes: CompletionTimes;
	/** Task IDs that are worth a hint to the user at the end. */
	hints: { reused: string[]; unfinished: string[]; withoutLink: string[] };
	/** What the run is likely to cost, where the user has set a limit for it. */
	estimate?: { videos: number; usd: number };
}

export interface ItemContext extends RunContext {
	/** Aborted when the execution is canceled or another item has stopped the node. */
	signal: AbortSignal;
}

export const createRunContext = (
	context: IExecuteFunctions,
	client: CometApiClient,
): RunContext => ({
	context,
	client,
	ledger: Ledger.open(context),
	completionTimes: new CompletionTimes(),
	hints: { reused: [], unfinished: [], withoutLink: [] },
});
