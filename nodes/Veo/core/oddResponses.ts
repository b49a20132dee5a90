import { clock } from '../clock';
import type { ErrorKind, VideoError } from '../errors';
import { limits } from '../limits';

/** Responses of the same kind in a row that would end the wait for a task that is paid for. */
export interface OddResponses {
	kind: ErrorKind;
	count: number;
	/** On the clock, in ms. */
	sinceMs: number;
}

/**
 * A task that was there before may be there again: a gateway can be wrong for a moment, with any
 * status. So no single response ends it.
 */
export function withOddResponse(
	before: OddResponses | undefined,
	{ kind }: VideoError,
): OddResponses {
	const { count, sinceMs } = before?.kind === kind ? before : { count: 0, sinceMs: clock.now() };
	return { kind, count: count + 1, sinceMs };
}

export function isGivenUp(odd: OddResponses | undefined): boolean {
	const { count, overMs } = limits.oddResponses;
	return odd !== undefined && odd.count >= count && clock.now() - odd.sinceMs >= overMs;
}
