import { clock } from '../clock';
import { asVideoError, isTransient as isTransientKind } from '../errors';
import type { VideoError } from '../errors';
import { limits } from '../limits';
import { jitter } from '../utils';

export interface RetryOptions {
	/** On the clock, in ms; the time of the last attempt. */
	deadline: number;
	/** Default: by the kind of the error. */
	isTransient?: (error: VideoError) => boolean;
	/** The number of attempts after which it gives up before the deadline. */
	maxAttempts?: (error: VideoError) => number;
	signal: AbortSignal;
}

/**
 * Repeats one request while its error is transient, with pauses that double.
 * @throws the last error
 */
export async function retry<T>(request: () => Promise<T>, options: RetryOptions): Promise<T> {
	const { deadline, isTransient = isTransientKind, maxAttempts = () => Infinity, signal } = options;
	for (let attempt = 1; ; attempt++) {
		signal.throwIfAborted();
		const isLast = clock.now() >= deadline;
		try {
			return await request();
		} catch (caught) {
			const error = asVideoError(caught);
			if (isLast || !isTransient(error) || attempt >= maxAttempts(error)) throw error;
			const pauseMs = Math.max(backoff(attempt), retryAfter(error));
			await clock.sleep(Math.min(pauseMs, deadline - clock.now()), signal);
		}
	}
}

const retryAfter = ({ data }: VideoError) =>
	Math.min(data.retryAfterMs ?? 0, limits.maxRetryAfterMs);

/** Doubles from attempt to attempt. */
const backoff = (attempt: number) =>
	jitter(Math.min(limits.backoffMs.first * 2 ** (attempt - 1), limits.backoffMs.max));
