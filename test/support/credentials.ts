import type {
	IAuthenticate,
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	ICredentialType,
	IHttpRequestOptions,
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
		authenticate: async (credentials, _typeName, options) => {
			const authenticate = type.authenticate as Exclude<IAuthenticate, IAuthenticateGeneric>;
			return await authenticate(credentials, options as IHttpRequestOptions);
		},
		getCredentials: notNeeded,
		updateCredentials: notNeeded,
		updateCredentialsOauthTokenData: notNeeded,
	};
}
