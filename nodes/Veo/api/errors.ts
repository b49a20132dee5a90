import { Fault, sentences } from './fault';
import type { FaultOptions } from './fault';
import { isObject } from './task';

/** An answer as it came, its body as text. */
export interface Reply {
	status: number;
	headers: Record<string, unknown>;
	text: string;
}

/** Which of the calls was answered: the same status can mean different things. */
export type Call = 'create' | 'retrieve' | 'download';

const BASE_URL_ADVICE =
	"Check 'Base URL' in the CometAPI credential: CometAPI is at https://api.cometapi.com";

const KEY_ADVICE = 'Check the CometAPI credential, then run again';

const LOST_ADVICE =
	'It was not sent again, as that could be paid for twice. Look at the usage log of the CometAPI console; to send it again, run Retry on this execution';

const quote = ({ message }: Said) => message && `CometAPI says: ${message}`;

type Row = [message: string, options: FaultOptions];

/** What each status means to the user. CometAPI's table: "Error codes and handling". */
function statusRow(call: Call, status: number, said: Said): Row {
	const badRequest: Row = [
		'CometAPI did not accept the request',
		{ advice: "Check 'Prompt', 'Model', 'Size', the images and the extra fields" },
	];
	const outOfMoney: Row = [
		'The balance or quota of the CometAPI account is used up',
		{
			advice: 'Top up the account in the CometAPI console, then run again',
			details: { retryable: true },
		},
	];
	if ((status === 403 || status === 429) && /quota|balance|credit/i.test(said.message)) {
		return outOfMoney;
	}
	if (status === 500 && said.code === 'invalid_request') return badRequest;
	switch (status) {
		case 400:
		case 422:
			return call === 'create'
				? badRequest
				: ['CometAPI did not accept the request', { advice: "Check 'Task ID'" }];
		case 401:
			return ['CometAPI refused the API key', { advice: KEY_ADVICE }];
		case 403:
			return [
				'CometAPI does not allow this request',
				{ advice: "Check in the CometAPI console that the key may use this 'Model'" },
			];
		case 404:
			return call === 'create'
				? ['CometAPI was not found at the Base URL', { advice: BASE_URL_ADVICE }]
				: [
						'CometAPI does not know this task',
						{ advice: "Check 'Task ID', and that the key belongs to the account that made it" },
					];
		case 413:
			return ['The images are too large for CometAPI', { advice: 'Use smaller images' }];
		case 429:
			return [
				'CometAPI receives too many requests',
				{ advice: "Lower 'Max Concurrent Videos' or try again later", passing: true },
			];
		default:
			return status >= 500
				? unanswered(call)
				: [`CometAPI answered with status ${status}`, { advice: 'Try again later' }];
	}
}

/** The answer never came, or says nothing about what became of the request. */
function unanswered(call: Call): Row {
	if (call !== 'create') {
		return ['CometAPI could not be reached', { advice: 'Try again later', passing: true }];
	}
	return [
		"CometAPI's answer was lost: the video may have been created and billed",
		{ advice: LOST_ADVICE, details: { mayHaveBeenCreated: true } },
	];
}

interface Said {
	code: string;
	message: string;
}

function readError(body: unknown): Said {
	const given = isObject(body) ? (body.error ?? body) : {};
	const error = isObject(given) ? given : { code: '', message: given };
	const of = (value: unknown) =>
		typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return { code: of(error.code), message: of(error.message) };
}

export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** What to make of an answer that is not the one asked for. */
export function replyFault(call: Call, reply: Reply, now: number): Fault {
	const said = readError(parseJson(reply.text));
	const isPage = /^\s*</.test(reply.text);
	const httpCode = reply.status;
	const details = { httpCode, ...(said.code && { code: said.code }) };
	if (httpCode >= 300 && httpCode < 400) {
		return new Fault('The Base URL leads to another address', { advice: BASE_URL_ADVICE, details });
	}
	const [message, options] = statusRow(call, httpCode < 300 ? 502 : httpCode, said);
	return new Fault(message, {
		...options,
		advice: sentences(
			options.advice,
			isPage && httpCode < 500 && options.advice !== BASE_URL_ADVICE ? BASE_URL_ADVICE : '',
			quote(said),
		),
		details: { ...details, ...options.details },
		retryAfterMs: parseRetryAfter(reply.headers['retry-after'], now),
	});
}

/** Another call of this run has met a refused key: this one would, too. */
export const notSentFault = () =>
	new Fault('CometAPI refused the API key, so nothing more was sent', {
		advice: KEY_ADVICE,
		details: { retryable: true },
	});

/** The file was not to be had at one of the places where it may lie. */
export function downloadFault(reply: Reply, now: number): Fault {
	const { status: httpCode, headers } = reply;
	const said = readError(parseJson(reply.text));
	const what = httpCode < 300 ? 'something else than a video' : `status ${httpCode}`;
	return new Fault(`The video could not be downloaded: the server answered with ${what}`, {
		advice: quote(said),
		passing: httpCode !== 401,
		retryAfterMs: parseRetryAfter(headers['retry-after'], now),
		details: { httpCode, ...(said.code && { code: said.code }) },
	});
}

/** The file began to arrive and did not arrive whole. */
export const brokenFileFault = (reason: string) =>
	new Fault(`The video could not be downloaded: ${reason}`, { advice: '', passing: true });

/** Node's codes for a connection that never came about: nothing was sent, so nothing was made. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** As NEVER_SENT, but waiting does not help. */
const NEVER_SENT_FOR_GOOD = /^ERR_INVALID_URL$|CERT|^ERR_TLS|SELF_SIGNED|^UNABLE_TO_VERIFY/;

/** n8n's request helpers threw: there was no answer. */
export function networkFault(call: Call, error: unknown): Fault {
	if (error instanceof Fault) return error;
	const code = networkCode(error);
	const details = code ? { code } : {};
	if (call === 'download') {
		return new Fault('The video could not be downloaded: the connection failed', {
			advice: code ? `The network says ${code}` : '',
			passing: true,
			details,
		});
	}
	const neverSent = NEVER_SENT.has(code);
	if (neverSent || NEVER_SENT_FOR_GOOD.test(code)) {
		return new Fault('CometAPI could not be reached', {
			advice: `${BASE_URL_ADVICE}, and n8n must be able to reach it. Nothing was sent (${code})`,
			passing: neverSent,
			details: { ...details, retryable: true },
		});
	}
	const [message, options] = unanswered(call);
	return new Fault(message, {
		...options,
		// Not in the message: n8n would put a text of its own in its place.
		advice: code ? `${options.advice} (${code})` : options.advice,
		details: { ...details, ...options.details },
	});
}

/**
 * Node's code. n8n wraps the client's error, in some versions more than once; 2.0 keeps only the code,
 * where it has the HTTP status otherwise.
 */
function networkCode(error: unknown): string {
	for (let level = error, depth = 0; level instanceof Error && depth < 5; depth++) {
		const { code, httpCode } = level as { code?: unknown; httpCode?: unknown };
		if (typeof code === 'string') return code;
		if (typeof httpCode === 'string' && /^[A-Z][A-Z_\d]+$/.test(httpCode)) return httpCode;
		level = level.cause;
	}
	return '';
}

/** `Retry-After` as seconds or as a date (RFC 9110, 10.2.3), in ms from now. */
export function parseRetryAfter(header: unknown, now: number): number {
	if (typeof header !== 'string' || !header.trim()) return 0;
	const seconds = Number(header);
	const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
	return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
