import type {
	IAuthenticate,
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	ICredentialType,
	IHttpRequestOptions,
} from 'n8n-workflow';

/** The same for all items, or a function like an expression that returns one for each item. */
export type CredentialOfItem =
	ICredentialDataDecryptedObject | ((itemIndex: number) => ICredentialDataDecryptedObject);

/** Replaces n8n's own helper for stored credentials with one for a given credential. */
export function credentialsHelper(
	type: ICredentialType,
	data: CredentialOfItem,
): ICredentialsHelper {
	const notNeeded = () => {
		throw new Error('The engine harness has no stored credentials');
	};
	return {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getDecrypted: async (...[, , , , , , values]) => ({
			...(typeof data === 'function' ? data(values?.itemIndex ?? 0) : data),
		}),
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
