import { setTimeout as pause } from 'node:timers/promises';
import type {
	IBinaryData,
	IConnections,
	ICredentialType,
	INode,
	INodeExecutionData,
	INodeTypeDescription,
	IWorkflowSettings,
} from 'n8n-workflow';

import { unflatten } from './flatted';

export interface WorkflowToCreate {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface Workflow extends WorkflowToCreate {
	id: string;
	versionId: string;
}

export interface CredentialRef {
	id: string;
	name: string;
}

export interface ListedExecution {
	id: string;
	status: string;
	mode: string;
}

export interface Execution {
	id: string;
	status: string;
	startedAtMs: number;
	stoppedAtMs: number;
	/** What went wrong, where something did. */
	error?: { message: string; description?: string };
	/** The items that left a node by its first output, over all of its runs. */
	itemsOf: (node: string) => INodeExecutionData[];
	/** What a node says above its output. */
	hintsOf: (node: string) => string[];
}

interface StoredRun {
	resultData: {
		error?: { message: string; description?: string };
		runData: Record<string, StoredNodeRun[]>;
	};
}

interface StoredNodeRun {
	data?: { main?: Array<INodeExecutionData[] | null> };
	hints?: Array<{ message: string }>;
}

export const OWNER = { email: 'owner@example.com', password: 'Passw0rd!' };
const UNFINISHED = ['new', 'running', 'waiting'];

export const hasEnded = (status?: string) => !!status && !UNFINISHED.includes(status);

/** n8n's own REST API, as its editor uses it, for the owner of an n8n that nobody else uses. */
export class N8nRest {
	private cookie = '';

	private constructor(private readonly url: string) {}

	/** Signs in, and sets the owner up first where the n8n is new. */
	static async signIn(url: string): Promise<N8nRest> {
		const rest = new N8nRest(url);
		const { userManagement } = await rest.call<{
			userManagement: { showSetupOnFirstLoad?: boolean };
		}>('GET', '/settings');
		if (userManagement.showSetupOnFirstLoad) {
			await rest.call('POST', '/owner/setup', { ...OWNER, firstName: 'Test', lastName: 'Owner' });
		}
		const { email: emailOrLdapLoginId, password } = OWNER;
		await rest.call('POST', '/login', { emailOrLdapLoginId, password });
		return rest;
	}

	async createCredential(
		type: string,
		data: Record<string, unknown>,
		name = type,
	): Promise<CredentialRef> {
		const { id } = await this.call<CredentialRef>('POST', '/credentials', { name, type, data });
		return { id, name };
	}

	async createWorkflow(workflow: WorkflowToCreate): Promise<Workflow> {
		return await this.call('POST', '/workflows', {
			...workflow,
			// as the editor sends it: without it, n8n can't run one step after others have run
			pinData: {},
			settings: { executionOrder: 'v1', ...workflow.settings },
		});
	}

	/** As "Execute workflow" does. @returns the id of the execution */
	async run(workflow: Workflow, trigger: string): Promise<string> {
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name: trigger } },
		);
		return executionId;
	}

	/** As the Retry button of the executions list does. @returns the id of the new execution */
	async retry(executionId: string): Promise<string> {
		const { id } = await this.call<{ id: string }>('POST', `/executions/${executionId}/retry`, {
			loadWorkflow: false,
		});
		return id;
	}

	/** Looks in the list, which costs n8n less than an execution with all of its data. */
	async status(workflowId: string, executionId: string): Promise<string | undefined> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.call<{ results: Array<{ id: string; status: string }> }>(
			'GET',
			`/executions?limit=10&filter=${filter}`,
		);
		return results.find(({ id }) => String(id) === String(executionId))?.status;
	}

	async untilEnded(workflowId: string, executionId: string, everyMs = 500): Promise<void> {
		while (!hasEnded(await this.status(workflowId, executionId))) await pause(everyMs);
	}

	async execution(id: string): Promise<Execution> {
		const { status, startedAt, stoppedAt, data } = await this.call<{
			status: string;
			startedAt: string;
			stoppedAt: string;
			data: string;
		}>('GET', `/executions/${id}`);
		const { error, runData } = (unflatten(data) as StoredRun).resultData;
		return {
			id,
			status,
			startedAtMs: Date.parse(startedAt),
			stoppedAtMs: Date.parse(stoppedAt),
			error,
			itemsOf: (node) => (runData[node] ?? []).flatMap((run) => run.data?.main?.[0] ?? []),
			hintsOf: (node) =>
				(runData[node] ?? []).flatMap(({ hints = [] }) => hints.map(({ message }) => message)),
		};
	}

	async deleteExecution(id: string): Promise<void> {
		await this.call('POST', '/executions/delete', { ids: [id] });
	}

	/** @throws Error with what n8n said, where it did not do as asked */
	async call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const text = (await this.fetch(method, `/rest${path}`, body)).toString();
		return (text ? JSON.parse(text).data : undefined) as T;
	}

	/** From here on the triggers of the workflow are live. */
	async activate({ id, versionId }: Workflow): Promise<void> {
		const body = { versionId, name: '', description: '' };
		await this.call('POST', `/workflows/${id}/activate`, body);
	}

	async deactivate({ id }: Workflow): Promise<void> {
		await this.call('POST', `/workflows/${id}/deactivate`, {});
	}

	/** The latest first. */
	async executionsOf({ id: workflowId }: Pick<Workflow, 'id'>): Promise<ListedExecution[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const path = `/executions?limit=50&filter=${filter}`;
		return (await this.call<{ results: ListedExecution[] }>('GET', path)).results;
	}

	/** The bytes of a file, as the editor's download button gets them. */
	async download({ id, mimeType }: IBinaryData): Promise<Buffer> {
		const query = new URLSearchParams({ id: `${id}`, action: 'download', mimeType });
		return await this.fetch('GET', `/rest/binary-data?${query}`);
	}

	/** Every node in every version, as the editor knows them. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		return JSON.parse((await this.fetch('GET', '/types/nodes.json')).toString());
	}

	/** Every credential type of every package. */
	async credentialTypes(): Promise<ICredentialType[]> {
		return JSON.parse((await this.fetch('GET', '/types/credentials.json')).toString());
	}

	private async fetch(method: string, path: string, body?: unknown): Promise<Buffer> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				// n8n ties a session to the browser it was opened in
				'browser-id': 'n8n-nodes-cometapi-veo',
				cookie: this.cookie,
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const bytes = Buffer.from(await response.arrayBuffer());
		if (!response.ok) {
			throw new Error(`n8n: ${method} ${path}: ${response.status} ${bytes.toString()}`);
		}
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		return bytes;
	}
}
