import { DEFAULT_BASE_URL } from '../limits';
import type { CredentialFault } from '../transport/credential';
import { CONNECTION, UNUSABLE_KEY } from './causes';
import { joinSentences } from './phrases';

/** The results of n8n's test of the credential. */
export const credentialText = {
	wrongKey:
		'CometAPI rejected this API key. Check it, or create a new one in the CometAPI console.',
	refused:
		'The server refused the request (status 403). Check the API key in the CometAPI console, and the Base URL.',
	tooMany: 'CometAPI is receiving too many requests. Try again later.',
	unavailable: 'CometAPI is not available at the moment. Try again later.',
	notUnderBaseUrl: 'The API key is sent only to URLs under the Base URL of the credential.',
	redirected: `The Base URL redirects to another address. Use ${DEFAULT_BASE_URL} unless you have a proxy.`,
	wrongBaseUrl: `No CometAPI found at the Base URL. Use ${DEFAULT_BASE_URL} unless you have a proxy.`,
};

/** Why a credential can't be used. */
export function faultText(fault: CredentialFault): string {
	const { message, description } = fault === 'key' ? UNUSABLE_KEY : CONNECTION[fault];
	return `${joinSentences(message, description)}.`;
}
