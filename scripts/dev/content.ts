import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CREDENTIAL_TYPE } from '../../nodes/Veo/transport/credential';
import type { CredentialRef, N8nRest, WorkflowToCreate } from '../n8n/rest';
import { manualTrigger, VEO, veo, workflowOf } from '../n8n/workflow';

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

/** The smallest workflow with the node. */
const startHere = (credential: CredentialRef): WorkflowToCreate =>
	workflowOf('Start here', [
		{ name: 'When clicking ‘Execute workflow’', type: manualTrigger.type },
		veo(credential, {
			name: 'Create video and wait',
			parameters: { prompt: 'A paper kite floats above a field at sunrise' },
		}),
	]);

const readExamples = (credential: CredentialRef) =>
	readdirSync(EXAMPLES)
		.filter((name) => name.endsWith('.json'))
		.map((file) => {
			const text = readFileSync(join(EXAMPLES, file), 'utf8');
			// without the ID that the file has for imports by n8n's CLI
			const { name, nodes, connections, settings } = JSON.parse(text) as WorkflowToCreate;
			for (const node of nodes) {
				if (node.type.startsWith(VEO)) node.credentials = { [CREDENTIAL_TYPE]: credential };
			}
			return { name, nodes, connections, settings };
		});

/**
 * Imports all examples and a workflow to start with, and resets those from an earlier start.
 * @returns the ID of the workflow to start with
 */
export async function putWorkflows(rest: N8nRest, credential: CredentialRef): Promise<string> {
	const known = await rest.call<Listed[]>('GET', '/workflows');
	const put = async (workflow: WorkflowToCreate) => {
		const found = known.find(({ name, isArchived }) => name === workflow.name && !isArchived);
		if (!found) return (await rest.createWorkflow(workflow)).id;
		await rest.call('PATCH', `/workflows/${found.id}`, workflow);
		return found.id;
	};
	for (const example of readExamples(credential)) await put(example);
	// last, so that it is first in n8n's list
	return await put(startHere(credential));
}
