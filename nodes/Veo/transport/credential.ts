import { DEFAULT_BASE_URL } from '../limits';

/** What a credential of this type holds, as the user typed it. */
export interface CredentialData {
	apiKey?: string;
	baseUrl?: string;
}

export const CREDENTIAL_TYPE = 'cometApiVeoApi';

/** Without a trailing `/` or `/v1`, with which many copy it from the documentation. */
export const normalizeBaseUrl = (baseUrl = '') =>
	baseUrl.trim().replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '') || DEFAULT_BASE_URL;

/** The same as an expression, because n8n tests a credential without running its code. */
export const BASE_URL_EXPRESSION = `={{ ($credentials.baseUrl || "").trim().replace(/\\/+$/, "").replace(/\\/v1$/, "").replace(/\\/+$/, "") || "${DEFAULT_BASE_URL}" }}`;

/** Without what is easily copied along with a key: blanks, line breaks, quotes, the header. */
export const normalizeApiKey = (apiKey: unknown) =>
	String(apiKey ?? '')
		.replace(/^[\s"'`]*(authorization\s*:\s*)?(bearer\s+)?/i, '')
		.replace(/[\s"'`]+$/, '')
		.replace(/[\s\p{Cf}]+/gu, '');

/** A shorter one would hide ordinary words. */
const SHORTEST_KEY = 8;

/** @returns a function that blots out the key, in every form in which a server may repeat it */
export function keyHider(apiKey: unknown): (text: string) => string {
	const key = normalizeApiKey(apiKey);
	if (key.length < SHORTEST_KEY) return (text) => text;
	const pattern = new RegExp([key, ...base64Forms(key)].map(patternOf).join('|'), 'gi');
	return (text) => text.replace(pattern, '***');
}

/** Each character may be there as it is, or escaped as in JSON or in a URL. */
function patternOf(text: string): string {
	const characters = [...text].map((char) => {
		const hex = char.charCodeAt(0).toString(16).padStart(2, '0');
		const literal = char.replace(/\W/, '\\$&');
		return `(?:\\\\*${literal}|\\\\+u00${hex}|%${hex})`;
	});
	return characters.join('');
}

/** Base64 of the key with 0, 1 or 2 bytes before it, without the characters that hold other bytes too. */
const base64Forms = (key: string): string[] =>
	['', ' ', '  '].flatMap((before) => {
		const bytes = Buffer.from(before + key);
		const [from, to] = [Math.ceil((before.length * 8) / 6), Math.floor((bytes.length * 8) / 6)];
		return (['base64', 'base64url'] as const).map((form) => bytes.toString(form).slice(from, to));
	});
