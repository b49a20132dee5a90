import type {
	IAuthenticate,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { DEFAULT_BASE_URL } from '../nodes/Veo/limits';
import { credentialText } from '../nodes/Veo/messages/credentialTexts';
import { BASE_URL_EXPRESSION, normalizeApiKey } from '../nodes/Veo/transport/credential';

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

	/** No expression: n8n 2.41 cannot resolve it in a workflow that keeps its files in the JSON. */
	authenticate: IAuthenticate = async ({ apiKey }, options) => ({
		...options,
		headers: { ...options.headers, Authorization: `Bearer ${normalizeApiKey(apiKey)}` },
	});

	/** Listing the models needs a valid key and costs nothing. */
	test: ICredentialTestRequest = {
		request: { baseURL: BASE_URL_EXPRESSION, url: '/v1/models' },
		// n8n goes through rules of both kinds, and its type knows lists of one kind only.
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: credentialText.wrongKey } },
			{ type: 'responseCode', properties: { value: 404, message: credentialText.wrongBaseUrl } },
			{
				// A web page has no such field; CometAPI's list of models says 'list'.
				type: 'responseSuccessBody',
				properties: { key: 'object', value: undefined, message: credentialText.wrongBaseUrl },
			},
		] as ICredentialTestRequest['rules'],
	};
}
