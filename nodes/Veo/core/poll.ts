import { clock } from '../clock';

export interface PollOptions<T> {
	check: () => Promise<T>;
	isFinal: (answer: T) => boolean;
	/** Waits for the time of the next check, and no longer than the deadline. */
	pause: (answer: T) => Promise<void>;
	/** On the clock, in ms; checked for the last time then. */
	deadline: number;
}

/**
 * Checks until the answer is final, and checks before it pauses.
 * @returns the last answer, which is not final where the deadline came first
 */
export async function poll<T>({ check, isFinal, pause, deadline }: PollOptions<T>): Promise<T> {
	for (;;) {
		const answer = await check();
		if (isFinal(answer) || clock.now() >= deadline) return answer;
		await pause(answer);
	}
}
