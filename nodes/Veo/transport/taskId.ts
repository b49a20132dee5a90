import { limits } from '../limits';

/**
 * Whether a text can name a task in a URL. An ID is opaque otherwise: it is one segment of the path,
 * in which only `.` and `..` would lead to another address.
 */
export const isTaskId = (id: string): boolean =>
	id.trim() !== '' &&
	id.length <= limits.maxTaskIdLength &&
	id !== '.' &&
	id !== '..' &&
	encoded(id) !== undefined;

/** @param id that `isTaskId` */
export const taskPath = (videosPath: string, id: string) => `${videosPath}/${encoded(id)}`;

function encoded(id: string): string | undefined {
	try {
		return encodeURIComponent(id);
	} catch {
		// half of a character
		return undefined;
	}
}
