import type { IExecuteFunctions } from 'n8n-workflow';

import { createClient } from './client';
import type { CometApiClient } from './client';
import { CREDENTIAL_TYPE } from './credential';
import type { CredentialData } from './credential';

/** The clients of a run, one for each credential: an expression can give every item a different key. */
export class Clients {
	private readonly known = new Map<string, CometApiClient>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** @throws n8n's error if the credential can't be read */
	async of(itemIndex: number): Promise<CometApiClient> {
		const data = await this.context.getCredentials<CredentialData>(CREDENTIAL_TYPE, itemIndex);
		const key = JSON.stringify([data.apiKey, data.baseUrl]);
		const client = this.known.get(key) ?? createClient(this.context, data);
		this.known.set(key, client);
		return client;
	}
}
