import { limits } from '../limits';

/** Responses in a row that would end the wait for a task that is paid for. Times in ms, by one clock. */
export interface OddResponses {
	count: number;
	sinceMs: number;
}

/**
 * A task that was there before may be there again: a gateway can be wrong for a moment, with any
 * status. So no single response ends it.
 */
export const withOddResponse = (before: OddResponses | undefined, nowMs: number): OddResponses => ({
	count: (before?.count ?? 0) + 1,
	sinceMs: before?.sinceMs ?? nowMs,
});

export function isGivenUp({ count, sinceMs }: OddResponses, nowMs: number): boolean {
	const { count: most, overMs } = limits.oddResponses;
	return count >= most && nowMs - sinceMs >= overMs;
}
