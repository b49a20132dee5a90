/** Runs steps in parallel until all have ended, one stops the others, or n8n cancels the execution. */
export class ParallelRun {
	/** One per step: a shared signal would collect hundreds of listeners. */
	private readonly running = new Set<AbortController>();

	isStopped = false;

	constructor(private readonly canceled?: AbortSignal) {}

	/** @param act is called for at most `most` entries at a time, and for no more once it is stopped */
	async forEach<T>(
		entries: Iterable<T>,
		most: number,
		act: (entry: T, signal: AbortSignal) => Promise<void>,
	): Promise<void> {
		const queue = entries[Symbol.iterator]();
		const worker = async () => {
			for (let next = queue.next(); !next.done && !this.isStopped; next = queue.next()) {
				const own = new AbortController();
				this.running.add(own);
				try {
					await act(next.value, own.signal);
				} finally {
					this.running.delete(own);
				}
			}
		};
		const onCancel = () => this.stop();
		this.canceled?.addEventListener('abort', onCancel, { once: true });
		if (this.canceled?.aborted) onCancel();
		try {
			await Promise.all(Array.from({ length: most }, worker));
		} finally {
			this.canceled?.removeEventListener('abort', onCancel);
		}
	}

	stop(): void {
		this.isStopped = true;
		for (const own of this.running) own.abort();
	}
}
