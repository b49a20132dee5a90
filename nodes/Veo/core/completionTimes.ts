import { limits } from '../limits';

/** How long the finished videos of a batch took, an estimate for the others. */
export class CompletionTimes {
	private shortestMs = Infinity;

	private readonly listeners = new Set<() => void>();

	/** Notes the age at which a video was finished. */
	add(tookMs: number): void {
		if (tookMs >= this.shortestMs) return;
		this.shortestMs = tookMs;
		for (const listener of this.listeners) listener();
	}

	/** The age at which a video is likely to end; Infinity if it is unknown or long past. */
	likelyMs(ageMs: number): number {
		return ageMs > limits.likelyEndSpread * this.shortestMs ? Infinity : this.shortestMs;
	}

	/** Calls the listener when a video finishes sooner than all others. @returns a function that stops it */
	onShorter(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}
}
