import { clock } from '../clock';
import { limits } from '../limits';
import type { Task } from '../transport/task';
import { jitter } from '../utils';
import type { CompletionTimes } from './completionTimes';
import { remainingMs } from './progress';
import type { SeenProgress } from './progress';

/**
 * The pauses between the checks of a task, never longer than the interval except for the first one.
 * If the progress moves, the task is checked at the estimated end. If not, the other videos of the
 * batch show when to check more often, including those that finish during the pause.
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

	/** Ends early if another video has finished and this one is likely to end soon. */
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

	/** @returns the length of the whole pause in ms, given how much of it has passed */
	pauseAfter(answer: Task, now = clock.now()): (passedMs: number) => number {
		this.note(answer, now);
		const { first, last } = this;
		const restMs = first && last && remainingMs(first, last, now);
		if (restMs !== undefined) return this.towards(restMs + limits.expectedEndMarginMs);
		// no video is finished within two intervals, so the first pause can spread the checks of a batch
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
		// overdue: wait as long again, so that a task that hangs at 99 % is not polled too often
		const checks = restMs > 0 ? Math.ceil(restMs / intervalMs) : 1;
		const pauseMs = Math.min(Math.max(Math.abs(restMs) / checks, minMs), intervalMs);
		return () => pauseMs;
	}

	/** Shorter if the video reaches, or has, the age at which the first one of the batch was finished. */
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
