import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SAMPLE_MS = 50;

let ticksPerSecond: number | undefined;

/** The unit in which Linux counts the time of processors. */
export function ticksToMs(ticks: number): number {
	ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
	return (ticks * 1000) / ticksPerSecond;
}

/** What a process has used of all processors since its start. */
export function cpuMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// the name in parentheses may hold spaces; after it, utime and stime are the 12th and 13th
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return ticksToMs(Number(fields[11]) + Number(fields[12]));
}

export function residentMb(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** @returns how to end the watch and get the largest memory seen, in MB */
export function watchPeakMb(pid: number): () => number {
	let peak = residentMb(pid);
	const look = () => {
		peak = Math.max(peak, residentMb(pid));
	};
	const timer = setInterval(look, SAMPLE_MS);
	return () => {
		clearInterval(timer);
		look();
		return peak;
	};
}
