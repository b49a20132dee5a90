import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	ICredentialType,
	IHttpRequestOptions,
	INode,
	Workflow,
} from 'n8n-workflow';

/** What n8n's own helper does with a stored credential, for one that is given. */
export function credentialsHelper(
	type: ICredentialType,
	data: ICredentialDataDecryptedObject,
): ICredentialsHelper {
	const notNeeded = () => {
		throw new Error('The engine harness has no stored credentials');
	};
	return {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getDecrypted: async () => ({ ...data }),
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		getCredentialsProperties: () => type.properties,
		authenticate: async (credentials, _typeName, options, workflow, node) => {
			const { properties } = type.authenticate as IAuthenticateGeneric;
			const request = options as IHttpRequestOptions;
			for (const [name, value] of Object.entries(properties.headers ?? {})) {
				const header = resolve(value as string, credentials, workflow!, node!);
				request.headers = { ...request.headers, [name]: header };
			}
			return request;
		},
		getCredentials: notNeeded,
		updateCredentials: notNeeded,
		updateCredentialsOauthTokenData: notNeeded,
	};
}

function resolve(
	value: string,
	credentials: ICredentialDataDecryptedObject,
	workflow: Workflow,
	node: INode,
): string {
	const keys = { $credentials: credentials as never };
	return String(workflow.expression.getSimpleParameterValue(node, value, 'internal', keys));
}
