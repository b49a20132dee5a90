import { sleep } from 'n8n-workflow';

/** The clock of the package, so that tests can set it; only requests and bodies have n8n's and Node's own timers. Times are milliseconds. */
export const clock = {
	/** For durations and deadlines: it never jumps, whatever happens to the machine's clock. */
	now: () => performance.now(),
	/** Since 1970, for times that are saved with an execution and outlive the process. */
	date: () => Date.now(),
	/** @throws the signal's reason when it is aborted */
	async sleep(ms: number, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		let onAbort = () => {};
		const aborted = new Promise<never>((_, reject) => {
			onAbort = () => reject(signal.reason as Error);
		});
		signal.addEventListener('abort', onAbort);
		try {
			// n8n's own takes the signal in some versions only, and then ends its timer with it
			await Promise.race([sleep(ms, signal), aborted]);
		} finally {
			signal.removeEventListener('abort', onAbort);
		}
	},
};

/** A time of `clock.now` for a saved one. */
export const fromDate = (date: number) => clock.now() + (date - clock.date());

/** A time to save for one of `clock.now`. */
export const toDate = (time: number) => clock.date() + (time - clock.now());
