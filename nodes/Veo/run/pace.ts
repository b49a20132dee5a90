import type { Task } from '../api/task';
import { clock } from '../clock';
import { limits } from '../limits';

interface Progress {
	atMs: number;
	percent: number;
}

/** How long the finished videos of a batch took; the others are likely to take about as long. */
export class Siblings {
	private shortestMs = Infinity;

	finished(tookMs: number): void {
		this.shortestMs = Math.min(this.shortestMs, tookMs);
	}

	/** The age of the first that was finished; Infinity for a video that is long past it, too. */
	likelyMs(ageMs: number): number {
		return ageMs > limits.siblingSpread * this.shortestMs ? Infinity : this.shortestMs;
	}
}

/**
 * How long to leave a task alone, never longer than the interval but for the first time. Where its
 * progress moves, the end is foreseen and asked for just then; where it stands still, other videos of
 * the batch tell when to look more closely, also those that are finished during the pause.
 */
export class Pace {
	private wasAsked = false;

	private first?: Progress;

	private last?: Progress;

	constructor(
		private readonly intervalMs: number,
		private readonly createdAt: number,
		private readonly siblings: Siblings,
	) {}

	/** @returns the pause until the next question, in ms, as things stand when this is called */
	pauseAfter(answer: Task): () => number {
		const now = clock.now();
		this.note(answer, now);
		const foreseenMs = this.foreseenMs(now);
		if (foreseenMs !== undefined) return this.towards(foreseenMs);
		// No video is made within two intervals, so the first wait takes the batch well out of step.
		const { intervalMs } = this;
		const pauseMs = this.wasAsked ? jitter(intervalMs) : intervalMs * (1 + Math.random());
		this.wasAsked = true;
		return this.orUntilLikely(pauseMs, now - this.createdAt);
	}

	private get minMs(): number {
		return Math.min(limits.pollIntervalS.min * 1000, this.intervalMs);
	}

	private towards(foreseenMs: number): () => number {
		const { intervalMs, minMs } = this;
		// Overdue: wait as long again, so that a task that hangs at 99 % is not asked in haste.
		const waits = foreseenMs > 0 ? Math.ceil(foreseenMs / intervalMs) : 1;
		const pauseMs = Math.min(Math.max(Math.abs(foreseenMs) / waits, minMs), intervalMs);
		return () => pauseMs;
	}

	/** Less than the pause where the video gets, or is, as old as the first finished one was. */
	private orUntilLikely(pauseMs: number, ageMs: number): () => number {
		const { intervalMs, minMs, siblings } = this;
		const spreadMs = minMs * Math.random();
		const leastMs = Math.max(jitter(limits.siblingShare * intervalMs), minMs);
		return () => Math.min(pauseMs, Math.max(siblings.likelyMs(ageMs) - ageMs + spreadMs, leastMs));
	}

	private note({ progress = 0 }: Task, now: number): void {
		if (progress <= (this.last?.percent ?? 0)) return;
		this.last = { atMs: now, percent: progress };
		this.first ??= this.last;
	}

	/** Until the foreseen end; undefined as long as nothing moved. */
	private foreseenMs(now: number): number | undefined {
		const { first, last } = this;
		if (!first || !last || last.percent <= first.percent) return undefined;
		const msPerPercent = (last.atMs - first.atMs) / (last.percent - first.percent);
		return last.atMs + (100 - last.percent) * msPerPercent - now + limits.foreseenLateMs;
	}
}

/** Keeps the items of a batch from asking in step. */
export const jitter = (ms: number) => ms * (0.9 + 0.2 * Math.random());
