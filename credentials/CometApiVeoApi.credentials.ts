import type {
	IAuthenticate,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { DEFAULT_BASE_URL } from '../nodes/Veo/limits';
import { credentialText, faultText } from '../nodes/Veo/messages/credentialTexts';
import { isUnder } from '../nodes/Veo/transport/baseUrl';
import { readAccess } from '../nodes/Veo/transport/credential';

export class CometApiVeoApi implements ICredentialType {
	name = 'cometApiVeoApi';

	displayName = 'CometAPI Veo API';

	icon: Icon = { light: 'file:../icons/cometapi.svg', dark: 'file:../icons/cometapi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-cometapi-veo/n8n-nodes-cometapi-veo#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. sk-…',
			description: 'Your API key, from the API Keys page of the CometAPI console',
			hint: 'CometAPI shows a key only once. Set a spending limit for it there: it is the best protection against unexpected costs.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: DEFAULT_BASE_URL,
			placeholder: 'e.g. https://api.cometapi.com',
			description: 'URL of the API. Change it only for a proxy or a test server.',
		},
	];

	/**
	 * The key goes only to URLs under the Base URL, for the node, the test of the key and n8n's HTTP
	 * Request node alike. No expression: n8n 2.41 cannot resolve it in a workflow that keeps its files
	 * in the JSON.
	 */
	authenticate: IAuthenticate = async (credentials, options) => {
		const { apiKey, baseUrl, fault } = readAccess(credentials);
		if (fault) throw new Error(faultText(fault));
		const request = underBaseUrl(baseUrl, options);
		return { ...request, headers: { ...options.headers, Authorization: `Bearer ${apiKey}` } };
	};

	/**
	 * Listing the models needs a valid key and costs nothing. `authenticate` corrects the Base URL. For
	 * a failed connection, n8n shows its code: only a test function of the node could say more. But n8n
	 * gives that function no other request than `helpers.request`, which its own scanner refuses.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl || "" }}',
			url: '/v1/models',
			disableFollowRedirect: true,
		},
		// n8n goes through rules of both kinds, and its type knows lists of one kind only.
		rules: [
			responseCode(401, credentialText.wrongKey),
			responseCode(403, credentialText.refused),
			responseCode(404, credentialText.wrongBaseUrl),
			responseCode(429, credentialText.tooMany),
			...hundredFrom(300, credentialText.redirected),
			...hundredFrom(500, credentialText.unavailable),
			{
				// A web page has no such field; CometAPI's list of models says 'list'.
				type: 'responseSuccessBody',
				properties: { key: 'object', value: undefined, message: credentialText.wrongBaseUrl },
			},
		] as ICredentialTestRequest['rules'],
	};
}

const responseCode = (value: number, message: string) => ({
	type: 'responseCode',
	properties: { value, message },
});

const hundredFrom = (first: number, message: string) =>
	Array.from({ length: 100 }, (_, index) => responseCode(first + index, message));

/** n8n's HTTP Request node has its own names for the fields of a request, and its tool for some. */
interface AnyRequest extends IHttpRequestOptions {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
}

const NO_REDIRECTS = {
	disableFollowRedirect: true,
	followRedirect: false,
	followAllRedirects: false,
};

/** The same request, to the very URL that was judged. @throws Error unless that is under the Base URL */
function underBaseUrl(baseUrl: string, options: AnyRequest): AnyRequest {
	const request = { ...options, ...NO_REDIRECTS };
	if (request.baseURL !== undefined) request.baseURL = baseUrl;
	const fields = (['url', 'uri'] as const).filter((field) => options[field] !== undefined);
	if (fields.length === 0) throw new Error(credentialText.notUnderBaseUrl);
	for (const field of fields) {
		const target = options[field]!;
		const isPath = /^(?:\/(?![/\\])|$)/.test(target);
		const judged = isPath ? `${baseUrl}${target}` : target;
		if (!isUnder(baseUrl, judged)) throw new Error(credentialText.notUnderBaseUrl);
		if (!isPath) request[field] = new URL(judged).href;
	}
	return request;
}
