import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface Watch<T> {
	samples: T[];
	end: () => Promise<void>;
}

const SAMPLE_MS = 500;

/** Takes a sample again and again until it is ended. */
export function watch<T>(take: () => Promise<T>): Watch<T> {
	const samples: T[] = [];
	const over = new AbortController();
	const taking = (async () => {
		while (!over.signal.aborted) {
			samples.push(await take());
			await pause(SAMPLE_MS, undefined, { signal: over.signal }).catch(() => {});
		}
	})();
	const end = async () => {
		over.abort();
		await taking;
	};
	return { samples, end };
}

/** What a process holds of the machine's memory. */
export function residentMb(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / 1024;
}

export function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
