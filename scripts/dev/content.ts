import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CredentialRef, N8nRest, WorkflowToCreate } from '../n8n/rest';
import { VEO } from '../n8n/workflow';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const CREDENTIAL = 'CometAPI Sandbox';
const CREDENTIAL_TYPE = 'cometApiVeoApi';

interface Listed {
	id: string;
	name: string;
	type?: string;
	isArchived?: boolean;
}

/** Makes the sandbox's credential, or leads the one of an earlier start to the sandbox of this one. */
export async function putCredential(
	rest: N8nRest,
	{ apiKey, baseUrl }: { apiKey: string; baseUrl: string },
): Promise<CredentialRef> {
	const data = { apiKey, baseUrl };
	const credentials = await rest.call<Listed[]>('GET', '/credentials');
	const found = credentials.find(
		({ name, type }) => name === CREDENTIAL && type === CREDENTIAL_TYPE,
	);
	if (!found) return await rest.createCredential(CREDENTIAL_TYPE, data, CREDENTIAL);
	const body = { name: CREDENTIAL, type: CREDENTIAL_TYPE, data };
	await rest.call('PATCH', `/credentials/${found.id}`, body);
	return { id: found.id, name: CREDENTIAL };
}

/** Imports all examples; one of an earlier start becomes again what its file says. */
export async function putExamples(rest: N8nRest, cometApiVeoApi: CredentialRef): Promise<number> {
	const workflows = await rest.call<Listed[]>('GET', '/workflows');
	const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
	for (const file of files) {
		const workflow = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as WorkflowToCreate;
		for (const node of workflow.nodes) {
			if (node.type.startsWith(VEO)) node.credentials = { [CREDENTIAL_TYPE]: cometApiVeoApi };
		}
		const found = workflows.find(({ name, isArchived }) => name === workflow.name && !isArchived);
		if (found) await rest.call('PATCH', `/workflows/${found.id}`, workflow);
		else await rest.createWorkflow(workflow);
	}
	return files.length;
}
