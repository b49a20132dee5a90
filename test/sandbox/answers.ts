import type { Video } from './video';

export type JsonObject = Record<string, unknown>;

/** A finished video, as a file server offers it. */
export interface FileAnswer {
	type: 'video';
	video: Video;
	/** The file's URL at the file host. */
	link: string;
	/** Whether `Range` is supported. */
	ranges: boolean;
	etag?: string;
}

/** The response to a call without an injected fault. */
export type Answer =
	| { type: 'json'; status: number; json: JsonObject }
	| { type: 'text'; status: number; text: string; contentType: string; headers?: Headers }
	| FileAnswer;

type Headers = Record<string, string>;

export const json = (status: number, body: JsonObject): Answer => ({
	type: 'json',
	status,
	json: body,
});

export const text = (
	status: number,
	body: string,
	contentType: string,
	headers?: Headers,
): Answer => ({ type: 'text', status, text: body, contentType, headers });

export const webPage = (status: number, contentType = 'text/html; charset=utf-8'): Answer =>
	text(status, PAGES[status] ?? page('CometAPI'), contentType);

export const page = (title: string) =>
	`<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;

const PAGES: Record<number, string> = { 404: page('404 Not Found') };

/** CometAPI's error body. */
export function errorBody(
	message: string,
	requestId: string,
	{ code = '', type = 'comet_api_error' } = {},
): JsonObject {
	return { error: { code, message: `${message} (request id: ${requestId})`, type } };
}

/** The error body of the gateway's task routes. */
export const flatErrorBody = (message: string, code: string): JsonObject => ({
	code,
	message,
	data: null,
});
