import { sleep, sleepWithAbort } from 'n8n-workflow';

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

declare module 'n8n-workflow' {
	/** Up to 2.8 the abortable sleep; since then `sleep` takes the signal. */
	export const sleepWithAbort: Sleep | undefined;
}

/** The only clock of the package, so that tests can set it. Times are milliseconds. */
export const clock = {
	/** For durations and deadlines: it never jumps, whatever happens to the machine's clock. */
	now: () => performance.now(),
	/** Since 1970, for times that are saved with an execution and outlive the process. */
	date: () => Date.now(),
	/** @throws the signal's reason when it is aborted */
	sleep: (sleepWithAbort ?? sleep) as Sleep,
};

/** A time of `clock.now` for a saved one. */
export const fromDate = (date: number) => clock.now() + (date - clock.date());

/** A time to save for one of `clock.now`. */
export const toDate = (time: number) => clock.date() + (time - clock.now());
