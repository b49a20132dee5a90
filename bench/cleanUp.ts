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
	let isEnding = false;
	for (const [signal, number] of SIGNALS) {
		// a signal comes twice where a parent that got it too passes it on
		process.on(signal, () => {
			if (isEnding) return;
			isEnding = true;
			void cleanUp().finally(() => process.exit(128 + number));
		});
	}
}

const SIGNALS = [
	['SIGHUP', 1],
	['SIGINT', 2],
	['SIGTERM', 15],
] as const;
