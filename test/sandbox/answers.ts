import type { Video } from './video';

export type JsonObject = Record<string, unknown>;

/** What a call is answered with when no fault comes in between. */
export type Answer =
	| { type: 'json'; status: number; json: JsonObject }
	| { type: 'text'; status: number; text: string; contentType: string; headers?: Headers }
	| { type: 'video'; video: Video; link: string };

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

export const webPage = (status: number): Answer =>
	text(status, PAGES[status] ?? page('CometAPI'), 'text/html; charset=utf-8');

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
