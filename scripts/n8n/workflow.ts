import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import type { CredentialRef, WorkflowToCreate } from './rest';

export interface Step extends Partial<Omit<INode, 'parameters' | 'credentials'>> {
	name: string;
	type: string;
	parameters?: INodeParameters;
	credentials?: Record<string, CredentialRef>;
	/** Where each of its outputs goes; without it, the first goes to the next step. */
	to?: Array<string | string[] | undefined>;
}

export const TRIGGER = 'Start';
export const VEO = 'n8n-nodes-cometapi-veo.veo';

export const manualTrigger: Step = { name: TRIGGER, type: 'n8n-nodes-base.manualTrigger' };

/** An item for each of the given ones, without a task runner in the way. */
export const itemsFrom = (items: object[]): Step[] => [
	{
		name: 'List',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { mode: 'raw', jsonOutput: JSON.stringify({ items }) },
	},
	{
		name: 'Items',
		type: 'n8n-nodes-base.splitOut',
		parameters: { fieldToSplitOut: 'items' },
	},
];

/** This node: makes the video of the item's prompt, unless told otherwise. */
export const veo = (cometApiVeoApi: CredentialRef, given: Partial<Step> = {}): Step => ({
	name: 'Veo',
	type: VEO,
	credentials: { cometApiVeoApi },
	...given,
	parameters: { operation: 'createAndWait', prompt: '={{ $json.prompt }}', ...given.parameters },
});

export function workflowOf(name: string, steps: Step[]): WorkflowToCreate {
	const connections: IConnections = {};
	for (const [index, { name: from, to = [steps[index + 1]?.name] }] of steps.entries()) {
		connections[from] = {
			main: to.map((nodes = []) =>
				[nodes].flat().map((node) => ({ node, type: 'main' as const, index: 0 })),
			),
		};
	}
	return { name, nodes: steps.map(nodeOf), connections };
}

function nodeOf(step: Step, index: number): INode {
	const node = {
		id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
		typeVersion: 1,
		position: [200 * index, 0] as [number, number],
		parameters: {},
		...step,
	};
	delete node.to;
	return node;
}
