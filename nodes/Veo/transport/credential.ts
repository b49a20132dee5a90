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

/** Without what is easily copied along with a key: blanks, line breaks, "Bearer". */
export const normalizeApiKey = (apiKey: unknown) =>
	String(apiKey ?? '')
		.trim()
		.replace(/^Bearer\s+/i, '')
		.trim();

/** A shorter one would hide ordinary words. */
const SHORTEST_KEY = 8;

/** @returns a function that blots out the key, in every form in which a server may repeat it */
export function keyHider(apiKey: unknown): (text: string) => string {
	const key = normalizeApiKey(apiKey);
	if (key.length < SHORTEST_KEY) return (text) => text;
	const forms = [
		key,
		encodeURIComponent(key),
		JSON.stringify(key).slice(1, -1),
		Buffer.from(key).toString('base64'),
		Buffer.from(`Bearer ${key}`).toString('base64'),
	];
	return (text) => forms.reduce((hidden, form) => hidden.replaceAll(form, '***'), text);
}
