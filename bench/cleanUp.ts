type Step = () => void | Promise<void>;

const steps: Step[] = [];

/** To be done when the benchmark ends, in whatever way; the last one given comes first. */
export function atEnd(step: Step): void {
	steps.push(step);
}

export async function cleanUp(): Promise<void> {
	for (let step = steps.pop(); step; step = steps.pop()) await step();
}

/** Ctrl+C leaves nothing behind. */
export function cleanUpOnSignals(): void {
	for (const [signal, number] of [
		['SIGINT', 2],
		['SIGTERM', 15],
		['SIGHUP', 1],
	] as const) {
		process.once(signal, () => void cleanUp().finally(() => process.exit(128 + number)));
	}
}
