import type { Task } from '../transport/task';

/** A progress that was seen; at the latest 0 when the task was created. */
export interface SeenProgress {
	atMs: number;
	percent: number;
}

/**
 * How long the task takes from now on, if it goes on as it did since an earlier look at its progress.
 * @returns undefined where the progress has not moved
 */
export function remainingMs(
	{ progress = 0 }: Task,
	seen: SeenProgress,
	now: number,
): number | undefined {
	const moved = progress - seen.percent;
	if (moved <= 0) return undefined;
	return ((100 - progress) * (now - seen.atMs)) / moved;
}
