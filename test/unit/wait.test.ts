import { Fault } from '../../nodes/Veo/api/fault';
import { clock } from '../../nodes/Veo/clock';
import { limits } from '../../nodes/Veo/limits';
import { wait } from '../../nodes/Veo/run/wait';
import type { WaitOptions } from '../../nodes/Veo/run/wait';

const passing = (retryAfterMs = 0) =>
	new Fault('Busy', { advice: '', passing: true, retryAfterMs });
const final = new Fault('No', { advice: '' });

/** A clock that leaps over every sleep and keeps how long each was up to the next question. */
function leapingClock() {
	let nowMs = 0;
	const sleeps: number[] = [];
	let isAsked = true;
	jest.spyOn(clock, 'now').mockImplementation(() => nowMs);
	jest.spyOn(clock, 'sleep').mockImplementation(async (ms, signal) => {
		signal.throwIfAborted();
		if (isAsked) sleeps.push(0);
		isAsked = false;
		sleeps[sleeps.length - 1] += ms;
		nowMs += ms;
	});
	const asked = () => {
		isAsked = true;
	};
	return { sleeps, asked };
}

/** Waits for answers that are given one after the other, the last one again and again. */
async function waitFor(answers: Array<string | Error>, options: Partial<WaitOptions<string>> = {}) {
	const { sleeps, asked } = leapingClock();
	const askedAt: number[] = [];
	const waiting = wait({
		ask: async () => {
			const answer = answers[Math.min(askedAt.length, answers.length - 1)];
			askedAt.push(clock.now());
			asked();
			if (typeof answer !== 'string') throw answer;
			return answer;
		},
		isFinished: (answer) => answer === 'done',
		pauseAfter: () => () => 10_000,
		deadline: 1_000_000,
		asPassing: (error) => (error instanceof Fault && error.passing ? error : undefined),
		signal: new AbortController().signal,
		...options,
	});
	const [outcome] = await Promise.allSettled([waiting]);
	return {
		answer: outcome.status === 'fulfilled' ? outcome.value : undefined,
		error: outcome.status === 'rejected' ? (outcome.reason as unknown) : undefined,
		sleeps,
		askedAt,
	};
}

it('should ask before it sleeps, and not sleep after the end', async () => {
	const { answer, sleeps, askedAt } = await waitFor(['done']);
	expect(answer).toBe('done');
	expect(askedAt).toEqual([0]);
	expect(sleeps).toEqual([]);
});

it('should sleep for as long as each answer says', async () => {
	const { answer, askedAt } = await waitFor(['3', '500', '20', 'done'], {
		pauseAfter: (answer) => () => Number(answer),
	});
	expect(answer).toBe('done');
	expect(askedAt).toEqual([0, 3, 503, 523]);
});

it('should ask sooner where the pause gets shorter while it lasts', async () => {
	const { askedAt } = await waitFor(['going on', 'done'], {
		pauseAfter: () => () => (clock.now() < 7_000 ? 60_000 : 9_000),
	});
	expect(askedAt).toEqual([0, 9_000]);
});

describe('the deadline', () => {
	it('should be slept up to and not past, and asked at for the last time', async () => {
		const { answer, askedAt } = await waitFor(['going on'], { deadline: 25_000 });
		expect(answer).toBe('going on');
		expect(askedAt).toEqual([0, 10_000, 20_000, 25_000]);
	});

	it('should leave one question where it has passed already', async () => {
		const { answer, sleeps, askedAt } = await waitFor(['going on'], { deadline: -1 });
		expect({ answer, sleeps, askedAt }).toEqual({ answer: 'going on', sleeps: [], askedAt: [0] });
	});

	it('should cut the time a server asks for', async () => {
		const { askedAt } = await waitFor([passing(60_000), 'done'], { deadline: 25_000 });
		expect(askedAt).toEqual([0, 25_000]);
	});

	it('should give the last answer there was, where faults came after it', async () => {
		const { answer, error } = await waitFor(['going on', passing()], { deadline: 25_000 });
		expect({ answer, error }).toEqual({ answer: 'going on', error: undefined });
	});

	it('should give the fault where there was no answer at all', async () => {
		const busy = passing();
		const { error } = await waitFor([busy], { deadline: 25_000 });
		expect(error).toBe(busy);
	});
});

describe('a fault that passes', () => {
	it('should be waited out with pauses that double up to a limit', async () => {
		const { answer, sleeps } = await waitFor([...Array<Error>(9).fill(passing()), 'done']);
		expect(answer).toBe('done');
		const { first, max } = limits.backoffMs;
		sleeps.forEach((sleep, index) => {
			const expected = Math.min(first * 2 ** index, max);
			expect(sleep).toBeGreaterThanOrEqual(0.9 * expected);
			expect(sleep).toBeLessThanOrEqual(1.1 * expected);
		});
		expect(sleeps).toHaveLength(9);
	});

	it('should be waited out from the first pause again after an answer', async () => {
		const faults = Array<Error>(5).fill(passing());
		const { sleeps } = await waitFor([...faults, 'going on', passing(), 'done']);
		expect(sleeps[4]).toBeGreaterThan(10 * limits.backoffMs.first);
		expect(sleeps[6]).toBeLessThanOrEqual(1.1 * limits.backoffMs.first);
	});

	it('should be waited out for as long as the server asks', async () => {
		const { sleeps } = await waitFor([passing(47_000), 'done']);
		expect(sleeps).toHaveLength(1);
		expect(sleeps[0]).toBeGreaterThanOrEqual(47_000);
	});

	it('should not be waited out for days, whatever the server asks', async () => {
		const { sleeps } = await waitFor([passing(864_000_000), 'done'], { deadline: Infinity });
		expect(sleeps).toEqual([limits.maxRetryAfterMs]);
	});

	it('should not be waited out for less than the pause where the server asks for nothing', async () => {
		const { sleeps } = await waitFor([passing(1), 'done']);
		expect(sleeps[0]).toBeGreaterThanOrEqual(0.9 * limits.backoffMs.first);
	});

	it('should end the wait where it comes too often in a row', async () => {
		const busy = passing();
		const { error, askedAt } = await waitFor([busy], { maxFaults: () => 4 });
		expect(error).toBe(busy);
		expect(askedAt).toHaveLength(4);
	});

	it('should not be counted over an answer in between', async () => {
		const answers = [passing(), passing(), 'going on', passing(), passing(), 'done'];
		const { answer } = await waitFor(answers, { maxFaults: () => 3 });
		expect(answer).toBe('done');
	});
});

it('should end at once with a fault that does not pass', async () => {
	const { error, sleeps, askedAt } = await waitFor(['going on', final]);
	expect(error).toBe(final);
	expect(askedAt).toHaveLength(2);
	expect(sleeps).toHaveLength(1);
});

describe('a signal', () => {
	it('should end the wait before anything is asked', async () => {
		const reason = new Error('Cancelled');
		const { error, askedAt } = await waitFor(['going on'], { signal: AbortSignal.abort(reason) });
		expect(error).toBe(reason);
		expect(askedAt).toEqual([]);
	});

	it('should end a sleep on the real clock at once', async () => {
		const stop = new AbortController();
		const startedAt = Date.now();
		const waiting = wait({
			ask: async () => 'going on',
			isFinished: () => false,
			pauseAfter: () => () => 20_000,
			deadline: Infinity,
			asPassing: () => undefined,
			signal: stop.signal,
		});
		setTimeout(() => stop.abort(), 20);
		await expect(waiting).rejects.toThrow();
		expect(Date.now() - startedAt).toBeLessThan(1_000);
	});
});
