import { clock } from '../clock';
import { limits } from '../limits';
import type { Task } from '../transport/task';
import { jitter } from '../utils';
import type { CompletionTimes } from './completionTimes';
import { remainingMs } from './progress';
import type { SeenProgress } from './progress';

/**
 * How long to leave a task alone, never longer than the interval but for the first time. Where its
 * progress moves, the end is estimated and the task checked just then; where it stands still, the
 * other videos of the batch tell when to check more often, also those finished during the pause.
 */
export class PollSchedule {
	private isFirst = true;

	private first?: SeenProgress;

	private last?: SeenProgress;

	constructor(
		private readonly intervalMs: number,
		private readonly createdAt: number,
		private readonly completionTimes: CompletionTimes,
	) {}

	/** Resolves when it is time for the next check. @throws the signal's reason when it is aborted */
	async pause(answer: Task, deadline: number, signal: AbortSignal): Promise<void> {
		const startedAt = clock.now();
		const pauseMs = this.pauseAfter(answer, startedAt);
		let wakeAt = Math.min(startedAt + pauseMs(0), deadline);
		const sooner = () => Math.min(wakeAt, startedAt + pauseMs(clock.now() - startedAt));
		while (clock.now() < wakeAt) {
			await this.sleepUntil(wakeAt, () => sooner() < wakeAt, signal);
			if (clock.now() < wakeAt) wakeAt = sooner();
		}
	}

	/** Ends early where another video was finished, and this one is likely to end sooner than thought. */
	private async sleepUntil(
		wakeAt: number,
		isSooner: () => boolean,
		signal: AbortSignal,
	): Promise<void> {
		const wake = new AbortController();
		const stopListening = this.completionTimes.onShorter(() => {
			if (isSooner()) wake.abort();
		});
		try {
			await clock.sleep(wakeAt - clock.now(), AbortSignal.any([signal, wake.signal]));
		} catch {
			// only the listener may end it early without ending the wait
			signal.throwIfAborted();
		} finally {
			stopListening();
		}
	}

	/** @returns the whole pause in ms, as it is when so much of it has passed */
	pauseAfter(answer: Task, now = clock.now()): (passedMs: number) => number {
		this.note(answer, now);
		const { first, last } = this;
		const restMs = first && last && remainingMs(first, last, now);
		if (restMs !== undefined) return this.towards(restMs + limits.expectedEndMarginMs);
		// No video is finished within two intervals, so the first pause takes the batch well out of step.
		const { intervalMs } = this;
		const pauseMs = this.isFirst ? intervalMs * (1 + Math.random()) : jitter(intervalMs);
		this.isFirst = false;
		return this.orUntilLikely(pauseMs, now - this.createdAt);
	}

	private get minMs(): number {
		return Math.min(limits.pollIntervalS.min * 1000, this.intervalMs);
	}

	private towards(restMs: number): () => number {
		const { intervalMs, minMs } = this;
		// Overdue: wait as long again, so that a task that hangs at 99 % is not checked all the time.
		const checks = restMs > 0 ? Math.ceil(restMs / intervalMs) : 1;
		const pauseMs = Math.min(Math.max(Math.abs(restMs) / checks, minMs), intervalMs);
		return () => pauseMs;
	}

	/** Less than the pause where the video gets, or is, as old as the first finished one was. */
	private orUntilLikely(pauseMs: number, ageMs: number): (passedMs: number) => number {
		const { intervalMs, minMs, completionTimes } = this;
		const spreadMs = minMs * Math.random();
		const leastMs = Math.max(jitter(limits.likelyEndShare * intervalMs), minMs);
		return (passedMs) => {
			const likelyMs = Math.max(completionTimes.likelyMs(ageMs) - ageMs, passedMs);
			return Math.min(pauseMs, Math.max(likelyMs + spreadMs, leastMs));
		};
	}

	private note({ progress = 0 }: Task, now: number): void {
		if (progress <= (this.last?.percent ?? 0)) return;
		this.last = { atMs: now, percent: progress };
		this.first ??= this.last;
	}
}
