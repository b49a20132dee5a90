import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 60_000;
const EVERY_MS = 100;

export interface Patience {
	deadlineMs?: number;
	/** The time between two calls. */
	everyMs?: number;
}

/** For waits of minutes: fewer calls, because n8n needs CPU time to respond. */
export const MINUTES: Patience = { deadlineMs: 400_000, everyMs: 1_000 };

/** Calls `ask` until it returns a truthy value. @throws Error naming `what` at the deadline */
export async function until<T>(
	what: string,
	ask: () => T | undefined | Promise<T | undefined>,
	{ deadlineMs = DEADLINE_MS, everyMs = EVERY_MS }: Patience = {},
): Promise<NonNullable<T>> {
	const deadline = Date.now() + deadlineMs;
	for (;;) {
		const answer = await ask();
		if (answer) return answer;
		if (Date.now() > deadline)
			throw new Error(`Timed out after ${deadlineMs / 1000} s waiting for ${what}`);
		await pause(everyMs);
	}
}

/** Calls `ask` until its result equals `expected`, and fails with the last result at the deadline. */
export async function untilEqual<T>(ask: () => Promise<T>, expected: T): Promise<void> {
	const deadline = Date.now() + DEADLINE_MS;
	for (;;) {
		const answer = await ask();
		if (Date.now() > deadline) return expect(answer).toEqual(expected);
		try {
			return expect(answer).toEqual(expected);
		} catch {
			await pause(EVERY_MS);
		}
	}
}
