import { VideoError } from '../errors';
import { isObject } from '../utils';

/**
 * The version of everything the node saves with an execution: the ledger, the items and the steps of a
 * paused execution. Increase it when an older version of the package could not read them.
 */
export const SAVED_VERSION = 1;

/** @throws VideoError with the task IDs if a newer version of the package has saved any of it */
export function checkSavedVersion(saved: unknown): void {
	const isNewer = [saved]
		.flat()
		.some((each) => isObject(each) && Number(each.version) > SAVED_VERSION);
	if (isNewer) throw savedByNewer(saved);
}

export const savedByNewer = (saved: unknown) =>
	new VideoError('savedByNewer', { reason: taskIdsIn(saved).join(', ') });

/** Every version keeps the ID of a task under this key. */
function taskIdsIn(saved: unknown): string[] {
	if (typeof saved !== 'object' || saved === null) return [];
	const ids = Object.entries(saved).flatMap(([key, value]) =>
		key === 'taskId' && typeof value === 'string' ? value : taskIdsIn(value),
	);
	return [...new Set(ids)];
}
