import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { cpuMs, ticksToMs } from './processStat';

/** What everything on the machine has used of the processors, in ms. */
function machineMs(): number {
	const [, user, nice, system] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 4);
	return ticksToMs(Number(user) + Number(nice) + Number(system));
}

const QUIET = { share: 0.05, forMs: 5_000, patienceMs: 600_000 };

let worst = 0;

/** Waits, but not for ever, until others leave the processors alone. */
export async function untilQuiet(log: (line: string) => void): Promise<void> {
	const deadline = performance.now() + QUIET.patienceMs;
	for (let isToldOf = false; performance.now() < deadline; isToldOf = true) {
		const before = machineMs();
		await pause(QUIET.forMs);
		const share = (machineMs() - before) / QUIET.forMs / cpus().length;
		if (share < QUIET.share) return;
		if (!isToldOf) log('Waiting for other processes to leave the processors alone');
	}
}

/**
 * Watches what processes other than these, and than the benchmark itself, take of the processors.
 * @returns how to end the watch
 */
export function watchStrangers(pids: number[]): () => void {
	const own = [process.pid, ...pids];
	const strangersMs = () => machineMs() - own.reduce((sum, pid) => sum + cpuMs(pid), 0);
	const [startedAt, before] = [performance.now(), strangersMs()];
	return () => {
		const possibleMs = (performance.now() - startedAt) * cpus().length;
		worst = Math.max(worst, (strangersMs() - before) / possibleMs);
	};
}

/** The largest share of all processors that others had in any one watch. */
export const worstShareOfStrangers = () => worst;
