import type { IExecuteFunctions } from 'n8n-workflow';

import type { CometApiClient } from '../transport/client';
import { Catalogues } from '../transport/catalogue';
import { Clients } from '../transport/clients';
import { CompletionTimes } from './completionTimes';
import { Ledger } from './ledger';

/** About a video in the output. */
export type VideoHint = 'localLink' | 'unfinished' | 'withoutLink';

/** Each lists the task IDs, models or sizes that it is about. */
export type Hint = VideoHint | 'notListed' | 'reused' | 'shortDuration';

/** Shared by all videos of one run of the node. */
export interface RunContext {
	context: IExecuteFunctions;
	clients: Clients;
	ledger: Ledger;
	completionTimes: CompletionTimes;
	hints: Record<Hint, string[]>;
	catalogues: Catalogues;
	/** Resolves once the hints have the models that the catalogue does not have, it takes too long, or the execution is canceled. */
	modelsLookedUp?: Promise<void>;
	/** The estimated cost of the run; present if the user has set a limit for it. */
	estimate?: Estimate;
}

export interface Estimate {
	videos: number;
	usd: number;
	/** The sizes and durations that it counts with, in words. */
	formats: string[];
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
	hints: {
		localLink: [],
		notListed: [],
		reused: [],
		shortDuration: [],
		unfinished: [],
		withoutLink: [],
	},
	catalogues: new Catalogues(context),
});
