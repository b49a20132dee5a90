import type { IDataObject } from 'n8n-workflow';

import { limits } from '../limits';
import { BoxWalk, videoTypeOf } from '../transport/videoFormat';
import { isObject } from '../utils';

const BASE64 = /^data:[^,]*;base64$/i;

export const isDataUrl = (url: unknown): url is string =>
	typeof url === 'string' && /^data:/i.test(url);

/** The bytes of a video inside the JSON. @returns undefined if it is not a complete video */
export function readDataUrl(url: string) {
	const comma = url.indexOf(',');
	if (comma > limits.maxUrlLength || !BASE64.test(url.slice(0, comma))) return undefined;
	const bytes = Buffer.from(url.slice(comma + 1), 'base64');
	const boxes = new BoxWalk();
	boxes.add(bytes);
	const mimeType = boxes.isCut || boxes.isUnfinished ? undefined : videoTypeOf(bytes);
	return mimeType ? { bytes, mimeType, format: boxes.format } : undefined;
}

/** The JSON without the files in it, at any depth. */
export function withoutDataUrls(json: IDataObject): IDataObject {
	const kept = Object.entries(json).filter(([, value]) => !isDataUrl(value));
	return Object.fromEntries(kept.map(([key, value]) => [key, cleaned(value)])) as IDataObject;
}

function cleaned(value: unknown): unknown {
	if (Array.isArray(value)) return value.filter((entry) => !isDataUrl(entry)).map(cleaned);
	return isObject(value) ? withoutDataUrls(value) : value;
}
