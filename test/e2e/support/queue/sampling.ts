import { readFileSync } from 'node:fs';
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

/** Resident memory of a process. */
export function residentMb(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / 1024;
}

export function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
