import { sleep, sleepWithAbort } from 'n8n-workflow';

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

declare module 'n8n-workflow' {
	/** Up to 2.8 the abortable sleep; since then `sleep` takes the signal. */
	export const sleepWithAbort: Sleep | undefined;
}

/** The only clock of the package, so that tests can set it. Times are milliseconds. */
export const clock = {
	now: () => Date.now(),
	/** @throws the signal's reason, as soon as it is aborted */
	sleep: (sleepWithAbort ?? sleep) as Sleep,
};
