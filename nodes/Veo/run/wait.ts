import type { Fault } from '../api/fault';
import { clock } from '../clock';
import { limits } from '../limits';
import { jitter } from './pace';

export interface WaitOptions<T> {
	ask: () => Promise<T>;
	isFinished: (answer: T) => boolean;
	/** @returns the pause until the next question, in ms; looked up anew while it lasts */
	pauseAfter: (answer: T) => () => number;
	/** On the clock, in ms; asked for the last time then. */
	deadline: number;
	/** A fault that passes by itself and may be waited out; undefined for any other error. */
	asPassing: (error: unknown) => Fault | undefined;
	/** So many faults in a row end the wait before the deadline does. */
	maxFaults?: (fault: Fault) => number;
	signal: AbortSignal;
}

/**
 * Asks until the answer is the final one, and asks before it sleeps.
 * @returns the last answer, which is not the final one where the deadline came first
 * @throws the last error where it may not be waited out, or where the deadline came without an answer
 */
export async function wait<T>(options: WaitOptions<T>): Promise<T> {
	const { ask, isFinished, deadline, asPassing, signal } = options;
	let answer: T | undefined;
	let faults = 0;
	for (;;) {
		signal.throwIfAborted();
		const isLast = clock.now() >= deadline;
		const [outcome] = await Promise.allSettled([ask()]);
		let pauseMs: () => number;
		if (outcome.status === 'fulfilled') {
			answer = outcome.value;
			faults = 0;
			if (isLast || isFinished(answer)) return answer;
			pauseMs = options.pauseAfter(answer);
		} else {
			const fault = asPassing(outcome.reason);
			faults++;
			if (!fault || faults >= (options.maxFaults?.(fault) ?? Infinity)) throw outcome.reason;
			if (isLast && answer === undefined) throw outcome.reason;
			if (isLast) return answer as T;
			const ms = Math.max(backoff(faults), Math.min(fault.retryAfterMs, limits.maxRetryAfterMs));
			pauseMs = () => ms;
		}
		await pause(pauseMs, deadline, signal);
	}
}

async function pause(pauseMs: () => number, deadline: number, signal: AbortSignal): Promise<void> {
	const since = clock.now();
	for (;;) {
		const leftMs = Math.min(since + pauseMs(), deadline) - clock.now();
		if (leftMs <= 0) return;
		await clock.sleep(Math.min(leftMs, limits.lookUpMs), signal);
	}
}

/** Doubles from fault to fault. */
const backoff = (faults: number) =>
	jitter(Math.min(limits.backoffMs.first * 2 ** (faults - 1), limits.backoffMs.max));
