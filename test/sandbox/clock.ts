import { setTimeout as pause } from 'node:timers/promises';

/** Time as the sandbox sees it, in milliseconds; a test may bring its own. */
export interface Clock {
	now(): number;
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms, signal) => await pause(ms, undefined, { signal }),
};
