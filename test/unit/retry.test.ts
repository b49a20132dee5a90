import { clock } from '../../nodes/Veo/clock';
import { retry } from '../../nodes/Veo/core/retry';
import type { RetryOptions } from '../../nodes/Veo/core/retry';
import { VideoError } from '../../nodes/Veo/errors';
import { limits } from '../../nodes/Veo/limits';

const transient = (retryAfterMs = 0) => new VideoError('rateLimited', { retryAfterMs });
const final = new VideoError('rejected');

/** Requests these responses one after the other, then repeats the last one, on a clock that jumps. */
async function retryUntil(
	answers: Array<string | Error>,
	options: Partial<RetryOptions> = {},
	requestMs = 0,
) {
	let nowMs = 0;
	const sleeps: number[] = [];
	const sentAt: number[] = [];
	jest.spyOn(clock, 'now').mockImplementation(() => nowMs);
	jest.spyOn(clock, 'sleep').mockImplementation(async (ms, signal) => {
		signal.throwIfAborted();
		sleeps.push(ms);
		nowMs += ms;
	});
	const request = async () => {
		const answer = answers[Math.min(sentAt.length, answers.length - 1)];
		sentAt.push(nowMs);
		nowMs += requestMs;
		if (typeof answer !== 'string') throw answer;
		return answer;
	};
	const outcome = await retry(request, {
		deadline: 1_000_000,
		signal: new AbortController().signal,
		...options,
	}).then(
		(answer) => ({ answer, error: undefined }),
		(error: unknown) => ({ answer: undefined, error }),
	);
	return { ...outcome, sleeps, sentAt };
}

it('returns a response without delay', async () => {
	const { answer, sleeps, sentAt } = await retryUntil(['done']);
	expect({ answer, sleeps, sentAt }).toEqual({ answer: 'done', sleeps: [], sentAt: [0] });
});

describe('a transient error', () => {
	it('is retried with pauses that double up to a limit', async () => {
		const { answer, sleeps } = await retryUntil([...Array<Error>(9).fill(transient()), 'done']);
		expect(answer).toBe('done');
		const { first, max } = limits.backoffMs;
		sleeps.forEach((sleep, index) => {
			const expected = Math.min(first * 2 ** index, max);
			expect(sleep).toBeGreaterThanOrEqual(0.9 * expected);
			expect(sleep).toBeLessThanOrEqual(1.1 * expected);
		});
		expect(sleeps).toHaveLength(9);
	});

	it('is retried from the first pause again in the next call', async () => {
		await retryUntil([...Array<Error>(5).fill(transient()), 'done']);
		const { sleeps } = await retryUntil([transient(), 'done']);
		expect(sleeps[0]).toBeLessThanOrEqual(1.1 * limits.backoffMs.first);
	});

	it('is retried after the time that the server requests', async () => {
		const { sleeps } = await retryUntil([transient(47_000), 'done']);
		expect(sleeps).toEqual([47_000]);
	});

	it('is retried within minutes although the server requests days', async () => {
		const { sleeps } = await retryUntil([transient(864_000_000), 'done'], { deadline: Infinity });
		expect(sleeps).toEqual([limits.maxRetryAfterMs]);
	});

	it('is retried no sooner than after the first pause when the server requests less', async () => {
		const { sleeps } = await retryUntil([transient(1), 'done']);
		expect(sleeps[0]).toBeGreaterThanOrEqual(0.9 * limits.backoffMs.first);
	});

	it('is thrown after the maximum number of attempts for it', async () => {
		const busy = transient();
		const maxAttempts = jest.fn(() => 4);
		const { error, sentAt } = await retryUntil([busy], { maxAttempts });
		expect(error).toBe(busy);
		expect(sentAt).toHaveLength(4);
		expect(maxAttempts).toHaveBeenCalledWith(busy);
	});

	it('follows the option isTransient and not its kind', async () => {
		const { answer } = await retryUntil([final, 'done'], { isTransient: (e) => e === final });
		expect(answer).toBe('done');
		const { error } = await retryUntil([transient(), 'done'], { isTransient: () => false });
		expect(error).toMatchObject({ kind: 'rateLimited' });
	});
});

describe('the deadline', () => {
	it('is when the request is sent for the last time', async () => {
		const busy = transient();
		const { error, sentAt } = await retryUntil([busy], { deadline: 25_000 });
		expect(error).toBe(busy);
		expect(sentAt.at(-1)).toBe(25_000);
	});

	it('allows one request if it has already passed', async () => {
		const busy = transient();
		const { error, sleeps, sentAt } = await retryUntil([busy], { deadline: -1 });
		expect({ error, sleeps, sentAt }).toEqual({ error: busy, sleeps: [], sentAt: [0] });
	});

	it('shortens the time that a server requests', async () => {
		const { sentAt } = await retryUntil([transient(60_000), 'done'], { deadline: 25_000 });
		expect(sentAt).toEqual([0, 25_000]);
	});

	it('causes no sleep when a request has lasted longer', async () => {
		const { sleeps, sentAt } = await retryUntil([transient(), 'done'], { deadline: 500 }, 1_000);
		expect(sentAt).toHaveLength(2);
		expect(sleeps.every((ms) => ms <= 0)).toBe(true);
	});
});

it('throws an error that is not transient immediately', async () => {
	const { error, sleeps, sentAt } = await retryUntil([transient(), final]);
	expect(error).toBe(final);
	expect(sentAt).toHaveLength(2);
	expect(sleeps).toHaveLength(1);
});

it('converts an unknown error and throws it without another attempt', async () => {
	const { error, sentAt } = await retryUntil([new Error('Broken')]);
	expect(error).toMatchObject({ kind: 'unexpected', message: 'Broken' });
	expect(sentAt).toHaveLength(1);
});

describe('a signal', () => {
	it('ends the retries before anything is sent', async () => {
		const reason = new Error('Canceled');
		const { error, sentAt } = await retryUntil(['done'], { signal: AbortSignal.abort(reason) });
		expect(error).toBe(reason);
		expect(sentAt).toEqual([]);
	});

	it('ends a sleep although the clock stands still', async () => {
		jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
		try {
			const reason = new Error('Canceled');
			const stop = new AbortController();
			const waiting = retry(
				async () => {
					throw transient(20_000);
				},
				{ deadline: Infinity, signal: stop.signal },
			);
			await jest.advanceTimersByTimeAsync(0);
			expect(jest.getTimerCount()).toBe(1);
			stop.abort(reason);
			await expect(waiting).rejects.toBe(reason);
		} finally {
			jest.useRealTimers();
		}
	});
});
