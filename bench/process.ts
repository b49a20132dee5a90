import { readFileSync, writeFileSync } from 'node:fs';

/** Linux reports CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

/** CPU time that a process has used since its start. */
export function cpuMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// user and system time are the 12th and 13th field after the name, which can contain spaces
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return MS_PER_TICK * (Number(fields[11]) + Number(fields[12]));
}

/** Lets the kernel measure the peak from now on. */
export const resetPeakMemory = (pid: number) => writeFileSync(`/proc/${pid}/clear_refs`, '5');

export function peakMemoryMb(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]) / 1024;
}
