import { clock } from '../clock';
import { limits } from '../limits';

/** Responses in a row that would end the wait for a task that is paid for. */
export interface OddResponses {
	count: number;
	/** On the clock, in ms. */
	sinceMs: number;
}

/**
 * A task that was there before may be there again: a gateway can be wrong for a moment, with any
 * status. So no single response ends it.
 */
export const withOddResponse = (before: OddResponses | undefined): OddResponses => ({
	count: (before?.count ?? 0) + 1,
	sinceMs: before?.sinceMs ?? clock.now(),
});

export function isGivenUp(odd: OddResponses | undefined): boolean {
	const { count, overMs } = limits.oddResponses;
	return odd !== undefined && odd.count >= count && clock.now() - odd.sinceMs >= overMs;
}
