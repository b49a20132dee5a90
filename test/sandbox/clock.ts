import { setTimeout as pause } from 'node:timers/promises';

/** The sandbox's time in milliseconds; a test can pass its own. */
export interface Clock {
	now(): number;
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms, signal) => await pause(ms, undefined, { signal }),
};
