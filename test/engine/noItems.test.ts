import { Workflow } from 'n8n-workflow';
import type { INodeParameters, INodeTypes } from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { Veo } from '../../nodes/Veo/Veo.node';
import { credentialsHelper } from '../support/credentials';
import { core } from '../support/n8n';
import { setUp } from '../support/setUp';

/** n8n's engine skips a node without input, so its context is built here. */
async function executeWithoutItems(parameters: INodeParameters) {
	const { sandbox, credential } = await setUp();
	const veo = new Veo();
	const nodeTypes = { getByNameAndVersion: () => veo } as unknown as INodeTypes;
	const node = {
		...{ id: '1', name: 'Veo', type: 'veo', typeVersion: 1, position: [0, 0] as [number, number] },
		...{ parameters, credentials: { cometApiVeoApi: { id: '1', name: 'CometAPI' } } },
	};
	const workflow = new Workflow({ active: false, connections: {}, nodeTypes, nodes: [node] });
	const additionalData = { credentialsHelper: credentialsHelper(new CometApiVeoApi(), credential) };
	const input = { main: [[]] };
	const context = new core.ExecuteContext(
		...([workflow, node, additionalData as never, 'manual'] as const),
		{ resultData: { runData: {} } } as never,
		0,
		[],
		input,
		{ node, data: input, source: null },
		[],
	);
	return { output: await veo.execute.call(context), sandbox };
}

it.each<INodeParameters>([
	{ operation: 'create', prompt: 'A kite' },
	{ operation: 'createAndWait', prompt: 'A kite', imageInput: 'items' },
	{ operation: 'retrieve' },
])('does nothing without input items: %j', async (parameters) => {
	const { output, sandbox } = await executeWithoutItems(parameters);
	expect(output).toEqual([[]]);
	expect(sandbox.requests).toHaveLength(0);
});
