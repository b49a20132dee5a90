import { asText, isObject } from '../utils';
import { parseBody, parseJson } from './json';

/** A response that was read to its end, without the key, which a server can repeat anywhere. */
export interface Reply {
	status: number;
	headers: Record<string, unknown>;
	text: string;
	/** The JSON in the text; undefined if it is none. */
	body: unknown;
}

type Hide = (text: string) => string;

export const toReply = (
	{ status, headers, text }: Omit<Reply, 'body'>,
	hideKey: Hide = (shown) => shown,
): Reply => ({
	status,
	headers: headersWithoutKey(headers, hideKey),
	text: hideKey(text),
	// JSON can escape any character of the key
	body: withoutKey(parseBody(text), hideKey),
});

/** @param depth of quoting */
function withoutKey(value: unknown, hideKey: Hide, depth = 0): unknown {
	const inner = (one: unknown) => withoutKey(one, hideKey, depth);
	if (Array.isArray(value)) return value.map(inner);
	if (!isObject(value)) {
		const text = String(value);
		const quoted = depth < MAX_DEPTH ? parseQuoted(text) : undefined;
		const without = quoted && JSON.stringify(withoutKey(quoted, hideKey, depth + 1));
		const shown = hideKey(without === JSON.stringify(quoted) ? text : (without as string));
		return shown === text ? value : shown;
	}
	const fields = Object.entries(value).map(([key, field]) => [hideKey(key), inner(field)]);
	return Object.fromEntries(fields) as unknown;
}

/** A gateway may embed the provider's response as text. */
function parseQuoted(text: string): unknown {
	const trimmed = text.trim();
	return /^[{[]/.test(trimmed) ? parseJson(trimmed) : undefined;
}

export const headersWithoutKey = <Value>(
	headers: Record<string, Value>,
	hideKey: Hide,
): Record<string, Value | string> =>
	Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name,
			typeof value === 'string' ? hideKey(value) : value,
		]),
	);

/** A server's explanation: CometAPI's code, and its own words with the request ID. */
export interface Reason {
	code: string;
	message: string;
}

/** A reason with the codes of all its levels, the innermost first: a gateway embeds a provider's response. */
export interface FullReason extends Reason {
	codes: string[];
	/** The header's, if there are no words to add it to. */
	requestId?: string;
}

const MAX_LENGTH = 500;
/** Of a code and of a request ID. */
const MAX_ID_LENGTH = 100;
const MAX_DEPTH = 4;
/** Of a list of errors. */
const MAX_ERRORS = 10;

/** Keys of an error. CometAPI's documentation: `error`; validation errors of other services: the others. */
const CONTAINERS = ['error', 'errors', 'failure', 'detail', 'details', 'cause'];
/** Keys of a whole response in another one. */
const WRAPPERS = ['data', 'result', 'response'];
/** Names of words for people, e.g. `message`, `error_msg`, `fail_reason`, `errorDescription`. */
const WORDS = /(?:message|msg|reason|description|explanation)$/i;
const CODE_KEYS = ['code', 'error_code', 'statusCode', 'status_code'];
const REQUEST_ID_KEYS = ['request_id', 'requestId'];
/** CometAPI's, and those of gateways of the new-api family. */
const REQUEST_ID_HEADERS = ['x-cometapi-request-id', 'x-request-id', 'x-oneapi-request-id'];

/** Codes and words that report no error. */
const SUCCESS = /^(success|ok|0|200)?$/i;

/** The request ID is at the end of CometAPI's words. */
function shorten(text: string): string {
	if (text.length <= MAX_LENGTH) return text;
	const end = text.slice(-2 * MAX_ID_LENGTH);
	const [requestId = ''] = /\(request id: [^)]{1,100}\)$/i.exec(end) ?? [];
	return `${text.slice(0, MAX_LENGTH)}… ${requestId}`.trim();
}

const firstId = (keys: string[], body: Record<string, unknown>) =>
	keys.map((key) => asText(body[key]).slice(0, MAX_ID_LENGTH)).find(Boolean) ?? '';

/** The words of an error, wherever in a JSON body they are. */
export function readReason(body: unknown): Reason {
	const { code, message } = fullReason(body);
	return { code, message };
}

function fullReason(body: unknown): FullReason {
	const { codes, texts } = read(body, 0);
	const known = codes.filter((code) => !SUCCESS.test(code));
	return { code: known[0] ?? '', codes: known, message: best(texts) };
}

interface Found {
	codes: string[];
	/** The innermost first. */
	texts: string[];
}

const NOTHING: Found = { codes: [], texts: [] };

function merged(found: Found[]): Found {
	return {
		codes: found.flatMap(({ codes }) => codes),
		texts: found.flatMap(({ texts }) => texts),
	};
}

function read(body: unknown, depth: number): Found {
	if (depth > MAX_DEPTH) return NOTHING;
	if (Array.isArray(body)) {
		return merged(body.slice(0, MAX_ERRORS).map((one) => read(one, depth + 1)));
	}
	if (!isObject(body)) return readWords(asText(body), depth);
	const isNested = (key: string) => typeof body[key] === 'object';
	const inner = CONTAINERS.filter(isNested).map((key) => readContainer(body[key], depth + 1));
	const own = Object.keys(body)
		.filter((key) => WORDS.test(key))
		.map((key) =>
			isNested(key) ? read(body[key], depth + 1) : readWords(withoutLink(asText(body[key])), depth),
		);
	// often no more than a title
	const plain = [...CONTAINERS, 'title']
		.filter((key) => !isNested(key))
		.map((key) => readWords(asText(body[key]), depth));
	const wrapped = WRAPPERS.map((key) =>
		isObject(body[key]) ? read(body[key], depth + 1) : NOTHING,
	);
	const { codes, texts } = merged([...inner, ...own, ...plain, ...wrapped]);
	return {
		codes: [...codes, ...codesOf(body, depth)],
		texts: texts.map((text) => withRequestId(text, body)),
	};
}

/** Validation errors can be lists by the name of the field. */
function readContainer(value: unknown, depth: number): Found {
	if (!isObject(value)) return read(value, depth);
	const lists = Object.entries(value)
		.filter(([key, list]) => Array.isArray(list) && !CONTAINERS.includes(key))
		.flatMap(([, list]) => (list as unknown[]).filter((one) => typeof one === 'string'));
	return merged([read(value, depth), read(lists, depth)]);
}

function readWords(text: string, depth: number): Found {
	const quoted = parseQuoted(text);
	const { codes, texts } = quoted === undefined ? NOTHING : read(quoted, depth + 1);
	if (texts.length > 0) return { codes, texts };
	return { codes, texts: SUCCESS.test(text) ? [] : [shorten(text)] };
}

/** Of languages without blanks between words. */
const LETTERS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** The first text that is more than a title or a code, e.g. "Bad Request"; else the longest. */
function best(texts: string[]): string {
	const isSentence = (text: string) => text.split(' ').length > 3 || LETTERS.test(text);
	const longest = texts.reduce((a, b) => (b.length > a.length ? b : a), '');
	return texts.find(isSentence) ?? longest;
}

/** The response's own code, also that of a success. */
export const codeOf = (body: Record<string, unknown>): string => firstId(CODE_KEYS, body);

/** Google's errors have a number as code, and the word as status; of a task it is no code. */
function codesOf(body: Record<string, unknown>, depth: number): string[] {
	const status = depth > 0 ? asText(body.status) : '';
	const isCode = status.length <= MAX_ID_LENGTH && /^[A-Z]+_[A-Z_]+$/.test(status);
	return [isCode ? status : '', codeOf(body)].filter(Boolean);
}

/** In one form of the gateway's, `fail_reason` of a finished task is the link to its video. */
const withoutLink = (text: string) => (/^(https?:|data:)/i.test(text) ? '' : text);

function withRequestId(message: string, body: Record<string, unknown>): string {
	const id = firstId(REQUEST_ID_KEYS, body);
	return id && !message.includes(id) ? `${message} (request id: ${id})` : message;
}

export const isWebPage = (text: string) => text.trimStart().startsWith('<');

/** The words of a response: of its JSON, or the text of an error unless it is a web page. */
export function readReply({ status, headers, text, body }: Reply): FullReason {
	const plain = status >= 400 && !isWebPage(text) ? shorten(text.trim()) : '';
	const reason = body === undefined ? { code: '', codes: [], message: plain } : fullReason(body);
	const id = firstId(REQUEST_ID_HEADERS, headers);
	if (!id || /request id/i.test(reason.message)) return reason;
	if (!reason.message) return { ...reason, requestId: id };
	return { ...reason, message: `${reason.message} (request id: ${id})` };
}
