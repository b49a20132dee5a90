import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CREDENTIAL_TYPE } from '../../nodes/Veo/transport/credential';
import type { CredentialRef, N8nRest, WorkflowToCreate } from '../n8n/rest';
import { VEO } from '../n8n/workflow';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

type Listed = CredentialRef & { type?: string; isArchived?: boolean };

/** Creates a credential for the sandbox, or updates the one from an earlier start. */
export async function putCredential(rest: N8nRest, data: object): Promise<CredentialRef> {
	const name = 'CometAPI Sandbox';
	const credentials = await rest.call<Listed[]>('GET', '/credentials');
	const found = credentials.find((each) => each.name === name && each.type === CREDENTIAL_TYPE);
	if (!found) return await rest.createCredential(CREDENTIAL_TYPE, data, name);
	await rest.call('PATCH', `/credentials/${found.id}`, { name, type: CREDENTIAL_TYPE, data });
	return { id: found.id, name };
}

/** Imports all examples, and resets those from an earlier start. */
export async function putExamples(rest: N8nRest, credential: CredentialRef): Promise<void> {
	const workflows = await rest.call<Listed[]>('GET', '/workflows');
	for (const file of readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'))) {
		const text = readFileSync(join(EXAMPLES, file), 'utf8');
		const { id: _, ...workflow } = JSON.parse(text) as WorkflowToCreate & { id: string };
		for (const node of workflow.nodes) {
			if (node.type.startsWith(VEO)) node.credentials = { [CREDENTIAL_TYPE]: credential };
		}
		const found = workflows.find(({ name, isArchived }) => name === workflow.name && !isArchived);
		if (found) await rest.call('PATCH', `/workflows/${found.id}`, workflow);
		else await rest.createWorkflow(workflow);
	}
}
