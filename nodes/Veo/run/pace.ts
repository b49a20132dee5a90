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

	/** Until a video of this age is as old as the first that was finished; undefined long after that. */
	leftMs(ageMs: number): number | undefined {
		const isLong = ageMs > limits.siblingSpread * this.shortestMs;
		return isLong ? undefined : this.shortestMs - ageMs;
	}
}

/**
 * How long to leave a task alone, never longer than the interval but for the first time. Where its
 * progress moves, the end is foreseen and asked for just then; where it stands still, other videos of
 * the batch tell when to look more closely.
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

	private get minMs(): number {
		return Math.min(limits.pollIntervalS.min * 1000, this.intervalMs);
	}

	nextInMs({ progress = 0 }: Task): number {
		if (progress > (this.last?.percent ?? 0)) {
			this.last = { atMs: clock.now(), percent: progress };
			this.first ??= this.last;
		}
		const leftMs = this.leftMs();
		if (leftMs === undefined) return this.blindMs();
		// Overdue: wait as long again, so that a task that hangs at 99 % is not asked in haste.
		const waits = leftMs > 0 ? Math.ceil(leftMs / this.intervalMs) : 1;
		return Math.min(Math.max(Math.abs(leftMs) / waits, this.minMs), this.intervalMs);
	}

	/** No video is made within two intervals, so the first wait takes the batch well out of step. */
	private blindMs(): number {
		const { intervalMs, minMs } = this;
		const leftMs = this.siblings.leftMs(clock.now() - this.createdAt) ?? Infinity;
		if (this.wasAsked && leftMs < intervalMs) {
			const spreadMs = leftMs + minMs * Math.random();
			return Math.max(spreadMs, jitter(limits.siblingShare * intervalMs), minMs);
		}
		const isFirst = !this.wasAsked;
		this.wasAsked = true;
		return isFirst ? intervalMs * (1 + Math.random()) : jitter(intervalMs);
	}

	/** Until the foreseen end; undefined as long as nothing moved. */
	private leftMs(): number | undefined {
		const { first, last } = this;
		if (!first || !last || last.percent <= first.percent) return undefined;
		const msPerPercent = (last.atMs - first.atMs) / (last.percent - first.percent);
		return last.atMs + (100 - last.percent) * msPerPercent - clock.now() + limits.foreseenLateMs;
	}
}

/** Keeps the items of a batch from asking in step. */
export const jitter = (ms: number) => ms * (0.9 + 0.2 * Math.random());
