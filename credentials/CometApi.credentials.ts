import type {
	IAuthenticate,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

const SERVICE_NAME = 'CometAPI';

const WRONG_KEY =
	'CometAPI does not accept this API key. Check it, or make a new one in the CometAPI console.';

const WRONG_BASE_URL =
	'The Base URL does not lead to CometAPI. It is https://api.cometapi.com unless you use a proxy.';

export class CometApi implements ICredentialType {
	name = 'cometApi';

	displayName = SERVICE_NAME;

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
			description: 'The key from the API keys page of the CometAPI console',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.cometapi.com',
			placeholder: 'e.g. https://api.cometapi.com',
			description: 'Where CometAPI is reached; change it only for a proxy or a test server',
		},
	];

	/** No expression: n8n 2.41 cannot resolve it in a workflow that keeps its files in the JSON. */
	authenticate: IAuthenticate = async ({ apiKey }, options) => ({
		...options,
		headers: { ...options.headers, Authorization: `Bearer ${String(apiKey)}` },
	});

	/** Listing the models needs a valid key and costs nothing. */
	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ ($credentials.baseUrl || "").trim().replace(/\\/+$/, "").replace(/\\/v1$/, "").replace(/\\/+$/, "") || "https://api.cometapi.com" }}',
			url: '/v1/models',
		},
		// n8n goes through rules of both kinds, and its type knows lists of one kind only.
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: WRONG_KEY } },
			{ type: 'responseCode', properties: { value: 404, message: WRONG_BASE_URL } },
			{
				// A web page has no such field; CometAPI's list of models says 'list'.
				type: 'responseSuccessBody',
				properties: { key: 'object', value: undefined, message: WRONG_BASE_URL },
			},
		] as ICredentialTestRequest['rules'],
	};
}
