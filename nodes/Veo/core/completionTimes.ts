import { limits } from '../limits';

/** How long the finished videos of a batch took; the others are likely to take about as long. */
export class CompletionTimes {
	private shortestMs = Infinity;

	private readonly listeners = new Set<() => void>();

	/** A video was finished at this age. */
	add(tookMs: number): void {
		if (tookMs >= this.shortestMs) return;
		this.shortestMs = tookMs;
		for (const listener of this.listeners) listener();
	}

	/** The age at which an end is likely; Infinity for a video that is long past it, too. */
	likelyMs(ageMs: number): number {
		return ageMs > limits.likelyEndSpread * this.shortestMs ? Infinity : this.shortestMs;
	}

	/** Calls the listener when a video was finished sooner than all before. @returns how to stop it */
	onShorter(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}
}
