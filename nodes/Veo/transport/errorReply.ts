import { VideoError } from '../errors';
import type { Call, ErrorKind } from '../errors';
import { isObject } from '../utils';
import { codeOf, isWebPage, readReason, readReply } from './reason';
import type { FullReason, Reply } from './reason';
import { isPassing, RATE_LIMITED } from './status';
import { failedTask, hasTask } from './task';

/** Codes that decide whatever the status. */
const CODES: Array<[code: RegExp, kind: ErrorKind]> = [
	// CometAPI's documentation
	[/^task_not_exist$/, 'unknownTask'],
	// new-api gateways, before anything goes to the provider
	[
		/^(model_not_found|get_channel_failed|model_price_error|invalid_api_platform|model_mapping_failed)$/,
		'modelUnavailable',
	],
	// CometAPI's documentation, new-api gateways, Google
	[/^(invalid_request|build_request_failed|INVALID_ARGUMENT)$/, 'rejected'],
	// new-api gateways, OpenAI
	[
		/^(insufficient_user_quota|insufficient_quota|pre_consume_token_quota_failed)$/,
		'insufficientBalance',
	],
	// OpenAI-like services, new-api gateways
	[
		/^(content_policy(_violation)?|sensitive_words_detected|prompt_blocked|moderation_blocked|moderated)$/,
		'moderated',
	],
	// new-api gateways, with a provider that may have accepted the request
	[/^(do_request_failed|read_response_body_failed|upstream_error)$/, 'noResponse'],
];

/** Of new-api gateways: the status and the words are those of the provider, and so is the account. */
const FROM_PROVIDER = 'fail_to_fetch_task';
/** Kinds that are about the account. */
const ACCOUNT: ErrorKind[] = ['unauthorized', 'forbidden', 'insufficientBalance'];
/** Google's words for its account, also with a status of 400. */
const ACCOUNT_WORDS = /api[ _]key|billing|credential|permission|unauthenticated/i;

const MODERATION =
	/content[ _]policy|safety (filter|system|setting|polic)|sensitive (word|content)|moderation|responsible ai/i;

interface TextRule {
	statuses: (status: number) => boolean;
	/** All of them are in the text. */
	texts: RegExp[];
	kind: ErrorKind;
}

/**
 * Statuses that send a POST to another address without having carried it out: 307 and 308 by RFC 9110,
 * 301 as the one of a web page. 302 and 303 may follow a POST that was.
 */
const MOVED = new Set([301, 307, 308]);

/** Statuses after which a POST may have been carried out although they are no 5xx. */
const LOST = new Set([408, 409, 423, 460, 499]);

/** Whether the status alone says that a POST was not carried out. */
const refuses = (status: number) =>
	status < 400 ? MOVED.has(status) : status < 500 && !LOST.has(status);

/** A response of 2xx has words only if it is an error. */
const mayRefuse = (status: number) => status < 300 || refuses(status);

/** All of the last sentence, not a part of one, e.g. "it is not certain that nothing was created". */
const NOTHING_MADE =
	/(?:^|[.;!] *|, so )(?:nothing|no (?:task|video)) (?:was|has been) (?:created|made|generated)(?=[.! ]*(?:\(request id|$))/i;

/** If the code says nothing, the words do. */
const TEXTS: TextRule[] = [
	{ statuses: () => true, texts: [/task_not_exist/i], kind: 'unknownTask' },
	// new-api gateways, with 503
	{
		statuses: (status) => status === 503 || mayRefuse(status),
		texts: [/^no available channel for model/i],
		kind: 'modelUnavailable',
	},
	{
		statuses: (status) => status === 403 || status === 429,
		texts: [/balance|credit|余额|额度/i],
		kind: 'insufficientBalance',
	},
	// 429 with nothing but "quota" is Google's limit per minute, which passes
	{ statuses: (status) => status === 403, texts: [/quota/i], kind: 'insufficientBalance' },
	{
		statuses: (status) => status < 300 || status === 400,
		texts: [MODERATION],
		kind: 'moderated',
	},
	// with this status, the moderation itself may have failed
	{
		statuses: (status) => status === 500,
		texts: [MODERATION, /\b(block|reject|refus|violat)/i],
		kind: 'moderated',
	},
	// Google and gateways
	{
		statuses: (status) => status !== 401 && mayRefuse(status),
		texts: [
			/no longer available|\b(retired|deprecated|discontinued)\b|not found for api version|\bshut ?down\b/i,
			/model|veo|api version/i,
		],
		kind: 'modelUnavailable',
	},
	{ statuses: (status) => status < 300, texts: [NOTHING_MADE], kind: 'rejected' },
];

/** Statuses that say the same for every call. */
const REFUSALS: Record<number, ErrorKind> = {
	400: 'rejected',
	402: 'insufficientBalance',
	403: 'forbidden',
	413: 'tooLarge',
	422: 'rejected',
	[RATE_LIMITED]: 'rateLimited',
};

/** Statuses that mean the same as a web page, as gateways send them; other pages are another server's. */
const PAGES = new Set([402, 413, 429, 451]);

/** The error of any response that is not the requested one. */
export function errorOf(call: Call, reply: Reply, now: number): VideoError {
	const { status: httpCode, headers, text, body } = reply;
	const isCreate = call === 'create';
	const failed = isCreate && httpCode < 300 ? failedTask(body) : undefined;
	const said = readReply(reply);
	const reason = failed && !said.message ? { ...said, ...readReason(failed) } : said;
	const form = isWebPage(text) ? 'page' : body === undefined ? 'text' : 'json';
	const isRefused = httpCode < 300 ? failed || isError(body) : !hasTask(body);
	const toCreate = isRefused ? createKind(httpCode, reason, form, Boolean(failed)) : 'noResponse';
	const kind = isCreate ? toCreate : taskKind(httpCode, reason, form);
	const words = reason.message || reason.code;
	const isUnreadable = httpCode < 300 && !words;
	return new VideoError(kind, {
		call,
		httpCode,
		...(form === 'page' && { isWebPage: true }),
		...(reason.code && { code: reason.code }),
		...(words && { reason: words }),
		...(reason.requestId && { requestId: reason.requestId }),
		...(isUnreadable && { detail: 'unreadable' }),
		// a person may find the ID of the task in it
		...((isUnreadable || (kind === 'noResponse' && (httpCode < 300 || !isRefused))) && {
			quote: startOf(reply),
		}),
		...(kind === 'cannotConnect' && { detail: 'proxy' }),
		retryAfterMs: parseRetryAfter(headers['retry-after'], now),
	});
}

/**
 * Whether a response of 2xx refuses the request. A code refuses only with a known meaning: others may
 * be those of a success.
 */
function isError(body: unknown): boolean {
	if (!isObject(body) || String(body.success) === 'true') return false;
	const { error, errors } = body;
	const { code, message } = readReason({ error, errors });
	return Boolean(code || message) || String(body.success) === 'false' || isRefusal(codeOf(body));
}

const isRefusal = (code: string) => REFUSAL_CODE.test(code) || kindOfCode(code) !== undefined;

const MAX_QUOTE = 200;

/** The beginning of a response; of a page, without its tags. */
function startOf({ text, body }: Reply): string {
	const isJson = body !== undefined && /^\s{0,100}[[{"]/.test(text);
	const shown = isJson ? JSON.stringify(body) : text.slice(0, 20 * MAX_QUOTE);
	return (isWebPage(shown) ? withoutTags(shown) : shown).trim().slice(0, MAX_QUOTE);
}

const withoutTags = (page: string) =>
	page
		.split('<')
		.map((part) => part.slice(part.indexOf('>') + 1))
		.join(' ');

type Form = 'json' | 'page' | 'text';

/** The kinds that refuse the request say that nothing was created; all else may have been. */
function createKind(
	httpCode: number,
	reason: FullReason,
	form: Form,
	hasFailed: boolean,
): ErrorKind {
	const status = statusOf(httpCode, reason);
	// a failed task is not sent again, whatever passes by itself
	const isFailed = hasFailed && status < 500;
	const kind =
		refusedKind(isFailed ? httpCode : status, reason, form) ??
		(isFailed ? 'rejected' : 'noResponse');
	if (!reason.codes.includes(FROM_PROVIDER) || kind === 'noResponse') return kind;
	const isBadKey = kind === 'rejected' && ACCOUNT_WORDS.test(reason.message);
	return ACCOUNT.includes(kind) || isBadKey ? 'providerRefused' : kind;
}

/** @returns undefined if the response does not say that the request was refused */
function refusedKind(status: number, reason: FullReason, form: Form): ErrorKind | undefined {
	const kind = kindOfWords(status, reason);
	if (kind) return kind;
	if (!refuses(status)) return undefined;
	return status === 404 && form === 'json' ? 'modelUnavailable' : refusalKind(status, form);
}

const REFUSAL_CODE = /^4\d\d$/;

/** Codes can be statuses: those of a provider or a gateway, or the response's own. Of several, the one that leaves most open. */
function statusOf(httpCode: number, { codes }: FullReason): number {
	const lost = codes.find((code) => /^5\d\d$/.test(code) || LOST.has(Number(code)));
	const own = httpCode < 300 ? codes.find((code) => REFUSAL_CODE.test(code)) : undefined;
	return Number(lost ?? own ?? httpCode);
}

/** Of a task that may be paid for: whatever may pass by itself is waited out. */
function taskKind(status: number, reason: FullReason, form: Form): ErrorKind {
	if (reason.codes.includes(FROM_PROVIDER)) return 'unavailable';
	const kind = kindOfWords(status, reason);
	if (kind === 'unknownTask') return kind;
	// Google's word: its provider may not know a task of CometAPI's
	const isGoogles = reason.codes.includes('NOT_FOUND') || /\bNOT_FOUND\b/.test(reason.message);
	if (isGoogles) return 'taskError';
	if (status < 300) return reason.message || reason.code ? 'taskError' : 'unavailable';
	const isAway = isPassing(status) && status !== RATE_LIMITED;
	if (isAway || kind === 'noResponse') return 'unavailable';
	if (status === 403 && form === 'page') return 'unavailable';
	if (kind) return kind === 'insufficientBalance' || kind === 'rejected' ? kind : 'taskError';
	return status === 404 && form === 'json' ? 'unknownTask' : refusalKind(status, form);
}

/** Words of a request that may still be carried out. */
const UNDECIDED = /\btime[ -]?out\b|\btimed out\b|\bpending\b/i;

const kindOfCode = (code: string) => CODES.find(([pattern]) => pattern.test(code))?.[1];

function kindOfWords(status: number, { codes, message }: FullReason): ErrorKind | undefined {
	const kind = codes.map(kindOfCode).find(Boolean);
	if (kind || (status < 300 && UNDECIDED.test(message))) return kind;
	return TEXTS.find(
		({ statuses, texts }) => statuses(status) && texts.every((text) => text.test(message)),
	)?.kind;
}

function refusalKind(status: number, form: Form): ErrorKind {
	if (status === 401) return 'unauthorized';
	if (status === 407) return 'cannotConnect';
	if (status < 400 && status !== 304) return 'redirected';
	if (status === 404 || (form === 'page' && !PAGES.has(status))) return 'wrongBaseUrl';
	return REFUSALS[status] ?? 'unexpectedStatus';
}

/** `Retry-After` as seconds or as a date (RFC 9110, 10.2.3), in ms from now. */
export function parseRetryAfter(header: unknown, now: number): number {
	if (typeof header !== 'string' || !header.trim()) return 0;
	const seconds = Number(header);
	const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
	return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
