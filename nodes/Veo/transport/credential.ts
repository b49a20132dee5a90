import { VideoError } from '../errors';
import { limits } from '../limits';
import { asText } from '../utils';
import { baseUrlOf } from './baseUrl';
import type { BaseUrlFault } from './baseUrl';

/** The fields of a credential, typed by the user or given by an expression. */
export interface CredentialData {
	apiKey?: unknown;
	baseUrl?: unknown;
}

export const CREDENTIAL_TYPE = 'cometApiVeoApi';

/** Why nothing is sent with a credential, as a key of the table `CONNECTION` in `messages/causes.ts`. */
export type CredentialFault = BaseUrlFault | 'key';

/** The parts of a credential that requests need. */
export interface Access {
	apiKey: string;
	baseUrl: string;
	fault?: CredentialFault;
}

export function readAccess(data: CredentialData): Access {
	const apiKey = normalizeApiKey(data.apiKey);
	const { url: baseUrl, fault } = baseUrlOf(data);
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
