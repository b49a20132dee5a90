import type { IExecuteFunctions } from 'n8n-workflow';

import type { CometApiClient } from '../transport/client';
import { Clients } from '../transport/clients';
import { CompletionTimes } from './completionTimes';
import { Ledger } from './ledger';

/** Shared by all videos of one run of the node. */
export interface RunContext {
	context: IExecuteFunctions;
	clients: Clients;
	ledger: Ledger;
	completionTimes: CompletionTimes;
	/** Task IDs for the hints at the end. */
	hints: { reused: string[]; unfinished: string[]; withoutLink: string[] };
	/** The estimated cost of the run; present if the user has set a limit for it. */
	estimate?: { videos: number; usd: number };
}

export interface ItemContext extends RunContext {
	client: CometApiClient;
	/** Aborted when the execution is canceled or another item has stopped the node. */
	signal: AbortSignal;
}

/** @throws VideoError if a newer version of the package has started the execution */
export const createRunContext = (context: IExecuteFunctions): RunContext => ({
	context,
	clients: new Clients(context),
	ledger: Ledger.open(context),
	completionTimes: new CompletionTimes(),
	hints: { reused: [], unfinished: [], withoutLink: [] },
});
