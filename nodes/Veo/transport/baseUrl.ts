import { DEFAULT_BASE_URL, limits } from '../limits';
import { isHttp, parseUrl } from '../utils';

/** Why a text can't be a Base URL, as a key of the table `CONNECTION` in `messages/causes.ts`. */
export type BaseUrlFault = 'url' | 'urlLogin' | 'urlQuery';

export interface BaseUrl {
	/** Canonical, without a slash at its end. */
	url: string;
	fault?: BaseUrlFault;
}

/** The Base URL of a credential. Not set is the default; an expression that returns nothing is a fault. */
export const baseUrlOf = (credential: object): BaseUrl =>
	parseBaseUrl('baseUrl' in credential ? credential.baseUrl : '');

/** The first part of a path after `/v1`, in the documentation of CometAPI and similar APIs. */
const ENDPOINTS = new Set(
	'audio chat completions embeddings files images messages models responses video videos'.split(
		' ',
	),
);

/** Reads what the user has entered; an endpoint of the API stands for the API. */
export function parseBaseUrl(given: unknown): BaseUrl {
	if (typeof given !== 'string') return { url: '', fault: 'url' };
	const text = given.trim();
	if (/^\/*$/.test(text)) return { url: DEFAULT_BASE_URL };
	const url = text.length <= limits.maxUrlLength ? parseUrl(text) : undefined;
	if (!url || !isHttp(url)) return { url: text, fault: 'url' };
	if (url.username || url.password) return { url: text, fault: 'urlLogin' };
	if (url.search || url.hash) return { url: text, fault: 'urlQuery' };
	return { url: [url.origin, ...withoutEndpoint(url.pathname)].join('/') };
}

/** A proxy may have another `v1`: it is the API's if nothing or an endpoint follows. */
function withoutEndpoint(path: string): string[] {
	const segments = path.split('/').filter(Boolean);
	const end = segments.findIndex((segment, index) => {
		const next = segments[index + 1];
		if (segment === 'api') return next === 'models' && index + 2 === segments.length;
		return segment === 'v1' && (next === undefined || ENDPOINTS.has(next));
	});
	return end < 0 ? segments : segments.slice(0, end);
}

/**
 * Whether a URL is under the Base URL, for every server that may be asked for it: one may decode a
 * path before it resolves its dots.
 */
export function isUnder(baseUrl: string, text: string): boolean {
	const [base, url] = [new URL(baseUrl), parseUrl(text)];
	if (!url || url.origin !== base.origin || url.username || url.password) return false;
	if (base.pathname === '/') return true;
	const isInside = `${url.pathname}/`.startsWith(`${base.pathname}/`);
	return isInside && !hasHiddenDots(url.pathname);
}

/** More often than any server decodes a path. */
const MAX_ROUNDS = 8;

/** Whether a part of the path may be `.` or `..` for a server, however it decodes it. */
function hasHiddenDots(path: string): boolean {
	let decoded = path;
	for (let round = 0; round < MAX_ROUNDS; round++) {
		const before = decoded;
		// another server may read what is no valid UTF-8
		if (round === 0 && decode(before) === undefined) return true;
		decoded = before.replace(/(?:%[0-9a-f]{2})+/gi, (run) => decode(run) ?? run);
		if (decoded === before) return segmentsOf(decoded).some(isDots);
	}
	return true;
}

/** @returns undefined if it is no encoded UTF-8 */
function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

const segmentsOf = (path: string) => path.replaceAll('\\', '/').split('/');

/** One or two dots, alone or before a sign with which a server may end a name. */
const isDots = (part: string) => /^\.{1,2}(?:[^\w.-]|$)/.test(part.replace(/\p{C}/gu, ''));
