import { VideoError } from '../errors';
import { limits } from '../limits';
import { asText } from '../utils';
import { parseBaseUrl } from './baseUrl';
import type { BaseUrlFault } from './baseUrl';

/** What a credential of this type holds, as the user typed it or as an expression gave it. */
export interface CredentialData {
	apiKey?: unknown;
	baseUrl?: unknown;
}

export const CREDENTIAL_TYPE = 'cometApiVeoApi';

/** Why nothing is sent with a credential, as a key of the table `CONNECTION` in `messages/causes.ts`. */
export type CredentialFault = BaseUrlFault | 'key';

/** What requests are made with. */
export interface Access {
	apiKey: string;
	baseUrl: string;
	fault?: CredentialFault;
}

export function readAccess(data: CredentialData): Access {
	const apiKey = normalizeApiKey(data.apiKey);
	const { url: baseUrl, fault } = parseBaseUrl(data.baseUrl);
	return { apiKey, baseUrl, fault: fault ?? (isKey(apiKey) ? undefined : 'key') };
}

export const accessError = (fault: CredentialFault) =>
	new VideoError(fault === 'key' ? 'unauthorized' : 'cannotConnect', { detail: fault });

/** A word that a header can carry, and no pasted document. */
const isKey = (text: string) => text.length <= limits.maxKeyLength && /^[\x21-\x7e]+$/.test(text);

/** Without what is easily copied along with a key: blanks, line breaks, quotes, the header. */
export function normalizeApiKey(apiKey: unknown): string {
	const text = asText(apiKey);
	if (text.length > limits.maxPastedKeyLength) return text;
	return text
		.replace(/^[\s"'`]*(?:authorization\s*:\s*)?(?:bearer\s+)?/i, '')
		.replace(/[\s\p{Cf}]+/gu, '')
		.replace(/(?<!["'`])["'`]+$/, '');
}
