/** The progress of a task at a check; 0 percent when the task was created. */
export interface SeenProgress {
	atMs: number;
	percent: number;
}

/**
 * Estimates the end of a task from how its progress moved between two checks.
 * @returns the time from `now` in ms, negative if the end is overdue; undefined if nothing moved
 */
export function remainingMs(from: SeenProgress, to: SeenProgress, now: number): number | undefined {
	const moved = to.percent - from.percent;
	if (moved <= 0) return undefined;
	return to.atMs + ((100 - to.percent) * (to.atMs - from.atMs)) / moved - now;
}
