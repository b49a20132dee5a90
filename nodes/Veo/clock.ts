import { sleep } from 'n8n-workflow';

/** The only clock of the package, so that tests can set it. Times are milliseconds. */
export const clock = {
	now: () => Date.now(),
	/** @throws the signal's reason, as soon as it is aborted */
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
