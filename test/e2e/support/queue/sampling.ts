import { setTimeout as pause } from 'node:timers/promises';

export interface Sampling<T> {
	samples: T[];
	stop: () => Promise<void>;
}

const SAMPLE_MS = 500;

/** Takes a sample every half second until stopped. */
export function startSampling<T>(take: () => Promise<T>): Sampling<T> {
	const samples: T[] = [];
	const abort = new AbortController();
	const taking = (async () => {
		while (!abort.signal.aborted) {
			samples.push(await take());
			await pause(SAMPLE_MS, undefined, { signal: abort.signal }).catch(() => {});
		}
	})();
	const stop = async () => {
		abort.abort();
		await taking;
	};
	return { samples, stop };
}
