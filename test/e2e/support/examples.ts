import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { NodeHelpers } from 'n8n-workflow';
import type { INode, INodeParameters, INodeTypeDescription } from 'n8n-workflow';

import type { CredentialRef, Workflow, WorkflowToCreate } from '../../../scripts/n8n/rest';
import { VEO } from '../../../scripts/n8n/workflow';
import type { TestContext } from './setUp';

const FOLDER = join(__dirname, '../../../examples');
export const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

export const exampleNames = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => basename(file, '.json'));

export const exampleText = (name: string) => readFileSync(join(FOLDER, `${name}.json`), 'utf8');

export type Example = WorkflowToCreate & { id: string };

export const readExample = (name: string) => JSON.parse(exampleText(name)) as Example;

export const notesOf = ({ nodes }: WorkflowToCreate) =>
	nodes
		.filter(({ type }) => type === STICKY_NOTE)
		.map(({ parameters }) => parameters.content as string);

interface Preparation {
	/** By credential type. */
	credentials: Record<string, CredentialRef>;
	/** Replaces https://example.com. */
	serviceUrl?: string;
	/** Parameters to change, by node name. */
	edits?: Record<string, INodeParameters>;
}

/** Imports an example, makes the changes its sticky notes ask for, and shortens its waits. */
export async function prepareExample(
	{ rest }: TestContext,
	name: string,
	{ credentials, serviceUrl, edits = {} }: Preparation,
): Promise<Workflow> {
	const hosts = /https:\/\/(example\.com|fal\.run|backend\.blotato\.com)/g;
	const text = exampleText(name).replaceAll(hosts, serviceUrl ?? 'no service');
	const workflow = withoutId(JSON.parse(text) as Example);
	for (const node of workflow.nodes) {
		const { operation, options } = node.parameters;
		if (node.type.startsWith(VEO) && operation === 'createAndWait') {
			node.parameters.options = { ...(options as object), pollInterval: 1 };
		}
		Object.assign(node.parameters, edits[node.name]);
		const needed = Object.entries(credentials).filter(([type]) =>
			NODES_BY_CREDENTIAL[type]?.test(node.type),
		);
		if (needed.length > 0) node.credentials = Object.fromEntries(needed);
	}
	return await rest.createWorkflow(workflow);
}

/** Node types that use each credential type. */
const NODES_BY_CREDENTIAL: Record<string, RegExp> = {
	cometApiVeoApi: /\.veo(Tool)?$/,
	openAiApi: /\.lmChatOpenAi$/,
	smtp: /\.emailSend$/,
	httpBearerAuth: /\.mcpTrigger$/,
	httpHeaderAuth: /\.httpRequest$/,
	telegramApi: /\.telegram(Trigger)?$/,
	googleSheetsOAuth2Api: /\.googleSheets$/,
	googleDriveOAuth2Api: /\.googleDrive$/,
};

export interface NodeReport {
	name: string;
	/** Issues that the editor would show in red. */
	issues: object | null;
	/** Parameters that the node's description lacks or would hide. */
	unknown: string[];
	/** Required credential types. */
	credentials: string[];
}

/** Checks a node as the editor does. @throws Error if n8n does not have its type */
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

/** @returns the paths of the given values that are not known */
function missing(given: unknown, known: unknown, path = ''): string[] {
	if (typeof given !== 'object' || given === null) return given === known ? [] : [path];
	return Object.entries(given).flatMap(([key, value]) =>
		missing(value, (known as Record<string, unknown> | undefined)?.[key], `${path}.${key}`),
	);
}

/** The editor's import gives a workflow its ID, too. */
export function withoutId(example: Example): WorkflowToCreate {
	const copy: Partial<Example> = { ...example };
	delete copy.id;
	return copy as WorkflowToCreate;
}
