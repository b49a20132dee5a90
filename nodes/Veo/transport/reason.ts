import { asText, isObject } from '../utils';
import { parseJson } from './json';

/** A response, its body as text. */
export interface Reply {
	status: number;
	headers: Record<string, unknown>;
	text: string;
}

/** The response without the key, which a server can repeat anywhere. */
export const replyWithoutKey = (
	{ status, headers, text }: Reply,
	hideKey: (text: string) => string,
): Reply => ({
	status,
	headers: Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name,
			typeof value === 'string' ? hideKey(value) : value,
		]),
	),
	text: hideKey(text),
});

/** A server's explanation: CometAPI's code, and its own words with the request ID. */
export interface Reason {
	code: string;
	message: string;
}

const MAX_LENGTH = 500;
/** Of a code and of a request ID. */
const MAX_ID_LENGTH = 100;
const MAX_DEPTH = 4;

/** The keys of a reason. `message`, `code`: CometAPI's documentation; `fail_reason`, `msg`: gateways of the new-api family; `errors`, `detail`, `description`: other services. */
const REASON_KEYS = ['error', 'errors', 'failure', 'detail', 'details'];
const MESSAGE_KEYS = ['message', 'msg', 'fail_reason', 'failure_reason', 'reason', 'description'];
const CODE_KEYS = ['code', 'error_code'];
const REQUEST_ID_KEYS = ['request_id', 'requestId'];

/** Codes that tell of no error. */
const SUCCESS = /^(success|ok|0|200)?$/i;

/** The request ID is at the end of CometAPI's words. */
function shorten(text: string): string {
	if (text.length <= MAX_LENGTH) return text;
	const end = text.slice(-2 * MAX_ID_LENGTH);
	const [requestId = ''] = /\(request id: [^)]{1,100}\)$/i.exec(end) ?? [];
	return `${text.slice(0, MAX_LENGTH)}… ${requestId}`.trim();
}

const first = (keys: string[], body: Record<string, unknown>) =>
	keys.map((key) => asText(body[key])).find(Boolean) ?? '';

const firstId = (keys: string[], body: Record<string, unknown>) =>
	first(keys, body).slice(0, MAX_ID_LENGTH);

/** The words of an error, wherever in a JSON body they are. */
export function readReason(body: unknown): Reason {
	const { code, message } = read(body, 0);
	return { code: SUCCESS.test(code) ? '' : code, message };
}

function read(body: unknown, depth: number): Reason {
	if (depth > MAX_DEPTH) return { code: '', message: '' };
	if (Array.isArray(body)) return read(body[0], depth + 1);
	if (!isObject(body)) return readText(asText(body), depth);
	const own = readText(withoutLink(first(MESSAGE_KEYS, body)), depth);
	const inner = [...REASON_KEYS.map((key) => read(body[key], depth + 1)), own];
	const code = inner.map((reason) => reason.code).find(Boolean) ?? codeOf(body, depth);
	const message = inner.map((reason) => reason.message).find(Boolean) ?? '';
	return { code, message: withRequestId(message, body) };
}

/** A gateway may embed the provider's response as text. */
function readText(text: string, depth: number): Reason {
	const quoted = text.startsWith('{') ? read(parseJson(text), depth + 1) : undefined;
	return quoted?.message ? quoted : { code: '', message: shorten(text) };
}

/** Google's errors have a number as code, and the word as status; of a task it is no code. */
function codeOf(body: Record<string, unknown>, depth: number): string {
	const status = depth > 0 ? asText(body.status) : '';
	const isCode = status.length <= MAX_ID_LENGTH && /^[A-Z]+_[A-Z_]+$/.test(status);
	return isCode ? status : firstId(CODE_KEYS, body);
}

/** In one form of the gateway's, `fail_reason` of a finished task is the link to its video. */
const withoutLink = (text: string) => (/^(https?:|data:)/i.test(text) ? '' : text);

function withRequestId(message: string, body: Record<string, unknown>): string {
	const id = firstId(REQUEST_ID_KEYS, body);
	return id && message && !message.includes(id) ? `${message} (request id: ${id})` : message;
}

export const isWebPage = (text: string) => text.trimStart().startsWith('<');

/** The words of a response: of its JSON, or the text of an error unless it is a web page. */
export function readReply({ status, headers, text }: Reply): Reason {
	const body = parseJson(text);
	const plain = status >= 400 && !isWebPage(text) ? shorten(text.trim()) : '';
	const { code, message } = body === undefined ? { code: '', message: plain } : readReason(body);
	const id = firstId(['x-request-id', 'x-oneapi-request-id'], headers);
	const isTold = !id || !message || /request id/i.test(message);
	return { code, message: isTold ? message : `${message} (request id: ${id})` };
}
