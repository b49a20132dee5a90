import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 60_000;

/** Asks until there is something to get. @throws Error naming what never came */
export async function until<T>(
	what: string,
	ask: () => T | undefined | Promise<T | undefined>,
	deadlineMs = DEADLINE_MS,
): Promise<NonNullable<T>> {
	const deadline = Date.now() + deadlineMs;
	for (;;) {
		const answer = await ask();
		if (answer) return answer;
		if (Date.now() > deadline) throw new Error(`Waited ${deadlineMs / 1000} s in vain for ${what}`);
		await pause(100);
	}
}

/** Asks until the answer is the expected one, and fails with the last one where it never is. */
export async function untilEqual<T>(ask: () => Promise<T>, expected: T): Promise<void> {
	const deadline = Date.now() + DEADLINE_MS;
	for (;;) {
		const answer = await ask();
		if (Date.now() > deadline) return expect(answer).toEqual(expected);
		try {
			return expect(answer).toEqual(expected);
		} catch {
			await pause(100);
		}
	}
}
