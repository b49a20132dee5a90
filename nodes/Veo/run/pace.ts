import type { Task } from '../api/task';
import { clock } from '../clock';
import { limits } from '../limits';

interface Progress {
	atMs: number;
	percent: number;
}

/**
 * How long to leave a task alone. Where its progress moves, the end is foreseen and asked for just
 * then, by waits that are never longer than the interval; where it stands still, the interval holds.
 */
export class Pace {
	private wasAsked = false;

	private first?: Progress;

	private last?: Progress;

	constructor(private readonly intervalMs: number) {}

	nextInMs({ progress = 0 }: Task): number {
		if (progress > (this.last?.percent ?? 0)) {
			this.last = { atMs: clock.now(), percent: progress };
			this.first ??= this.last;
		}
		const leftMs = this.leftMs();
		if (leftMs === undefined) return this.blindMs();
		const minMs = Math.min(limits.pollIntervalS.min * 1000, this.intervalMs);
		// Overdue: wait as long again, so that a task that hangs at 99 % is not asked in haste.
		const waits = leftMs > 0 ? Math.ceil(leftMs / this.intervalMs) : 1;
		return Math.min(Math.max(Math.abs(leftMs) / waits, minMs), this.intervalMs);
	}

	/** No video is made within two intervals, so the first wait takes the batch well out of step. */
	private blindMs(): number {
		if (this.wasAsked) return jitter(this.intervalMs);
		this.wasAsked = true;
		return this.intervalMs * (1 + Math.random());
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
