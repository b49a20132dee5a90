import { DEFAULT_BASE_URL } from '../limits';

/** The results of n8n's test of the credential. */
export const credentialText = {
	wrongKey:
		'CometAPI rejected this API key. Check it, or create a new one in the CometAPI console.',
	wrongBaseUrl: `No CometAPI found at the Base URL. Use ${DEFAULT_BASE_URL} unless you have a proxy.`,
};
