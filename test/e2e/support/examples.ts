import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { NodeHelpers } from 'n8n-workflow';
import type { INode, INodeParameters, INodeTypeDescription } from 'n8n-workflow';

import type { CredentialRef, Workflow, WorkflowToCreate } from '../../../scripts/n8n/rest';
import { VEO } from '../../../scripts/n8n/workflow';
import type { Stage } from './setUp';

const FOLDER = join(__dirname, '../../../examples');
const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

export const exampleNames = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => basename(file, '.json'));

export const exampleText = (name: string) => readFileSync(join(FOLDER, `${name}.json`), 'utf8');

export const readExample = (name: string) => JSON.parse(exampleText(name)) as WorkflowToCreate;

export const notesOf = ({ nodes }: WorkflowToCreate) =>
	nodes
		.filter(({ type }) => type === STICKY_NOTE)
		.map(({ parameters }) => parameters.content as string);

interface Preparation {
	/** By credential type. */
	credentials: Record<string, CredentialRef>;
	/** Where everything at https://example.com is to be found. */
	outsideUrl?: string;
	/** Parameters to be changed, by the name of the node. */
	edits?: Record<string, INodeParameters>;
}

/** Imports an example and does what its user has to do before the first run, with short waits. */
export async function prepareExample(
	{ rest }: Stage,
	name: string,
	{ credentials, outsideUrl, edits = {} }: Preparation,
): Promise<Workflow> {
	const text = exampleText(name).replaceAll('https://example.com', outsideUrl ?? 'no such place');
	const workflow = JSON.parse(text) as WorkflowToCreate;
	for (const node of workflow.nodes) {
		const { operation, options } = node.parameters;
		if (node.type.startsWith(VEO) && operation === 'createAndWait') {
			node.parameters.options = { ...(options as object), pollInterval: 1 };
		}
		Object.assign(node.parameters, edits[node.name]);
		const wanted = Object.entries(credentials).filter(([type]) => USERS[type]?.test(node.type));
		if (wanted.length > 0) node.credentials = Object.fromEntries(wanted);
	}
	return await rest.createWorkflow(workflow);
}

/** Which nodes want which credential. */
const USERS: Record<string, RegExp> = {
	cometApi: /\.veo(Tool)?$/,
	openAiApi: /\.lmChatOpenAi$/,
};

export interface NodeReport {
	name: string;
	/** As the editor would show them in red. */
	issues: object | null;
	/** What the node's description does not know, or would not show. */
	unknown: string[];
	/** Types of the credentials it cannot do without. */
	credentials: string[];
}

/** What the editor would have to say about a node. @throws Error where it does not know its type */
export function inspectNode(types: INodeTypeDescription[], node: INode): NodeReport {
	const description = types.find(
		({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
	);
	if (!description) throw new Error(`n8n has no ${node.type} ${node.typeVersion}`);
	const { properties } = description;
	const shown = NodeHelpers.getNodeParameters(
		properties,
		node.parameters,
		true,
		false,
		node,
		description,
	);
	const parameters = shown ?? {};
	return {
		name: node.name,
		issues: NodeHelpers.getNodeParametersIssues(properties, { ...node, parameters }, description),
		unknown: missing(node.parameters, parameters),
		credentials: (description.credentials ?? [])
			.filter((credential) =>
				NodeHelpers.displayParameter(parameters, credential, node, description),
			)
			.map(({ name }) => name),
	};
}

/** The paths of all that is in one value and not in the other. */
function missing(given: unknown, known: unknown, path = ''): string[] {
	if (typeof given !== 'object' || given === null) return given === known ? [] : [path];
	return Object.entries(given).flatMap(([key, value]) =>
		missing(value, (known as Record<string, unknown> | undefined)?.[key], `${path}.${key}`),
	);
}
