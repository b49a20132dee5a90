import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../nodes/Veo/transport/credential';
import type { CredentialRef, WorkflowToCreate } from './rest';

export interface Step extends Partial<Omit<INode, 'parameters' | 'credentials'>> {
	name: string;
	type: string;
	parameters?: INodeParameters;
	credentials?: Record<string, CredentialRef>;
	/** The nodes that each output leads to; default: the first output leads to the next step. */
	to?: Array<string | string[] | undefined>;
}

export const TRIGGER = 'Start';
export const VEO = 'n8n-nodes-cometapi-veo.veo';

export const manualTrigger: Step = { name: TRIGGER, type: 'n8n-nodes-base.manualTrigger' };

/** Outputs the given items; unlike a Code node, without a task runner. */
export const itemsFrom = (items: object[]): Step[] => [
	{
		name: 'List',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { mode: 'raw', jsonOutput: JSON.stringify({ items }) },
	},
	{ name: 'Items', type: 'n8n-nodes-base.splitOut', parameters: { fieldToSplitOut: 'items' } },
];

/** An item for each prompt. */
export const fromPrompts = (...prompts: string[]): Step[] =>
	itemsFrom(prompts.map((prompt) => ({ prompt })));

/** The end of a branch. */
export const end = (name: string): Step => ({ name, type: 'n8n-nodes-base.noOp', to: [] });

/** This node; by default it creates a video from the item's prompt and waits for it. */
export const veo = (credential: CredentialRef, given: Partial<Step> = {}): Step => ({
	name: 'Veo',
	type: VEO,
	credentials: { [CREDENTIAL_TYPE]: credential },
	...given,
	parameters: { operation: 'createAndWait', prompt: '={{ $json.prompt }}', ...given.parameters },
});

export function workflowOf(name: string, steps: Step[]): WorkflowToCreate {
	const connections: IConnections = {};
	const nodes = steps.map(({ to, ...step }, index): INode => {
		const outputs = to ?? [steps[index + 1]?.name];
		const main = outputs.map((names = []) =>
			[names].flat().map((node) => ({ node, type: 'main' as const, index: 0 })),
		);
		connections[step.name] = { main };
		const id = `00000000-0000-4000-8000-${`${index}`.padStart(12, '0')}`;
		return { id, typeVersion: 1, position: [200 * index, 0], parameters: {}, ...step };
	});
	return { name, nodes, connections };
}
