import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type {
	INodeExecutionData,
	INodeTypeDescription,
	IRunExecutionData,
	IWorkflowBase,
} from 'n8n-workflow';

export type WorkflowToCreate = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections' | 'settings'>;
export type Workflow = WorkflowToCreate & Record<'id' | 'versionId', string>;
export type CredentialRef = Record<'id' | 'name', string>;
export type ListedExecution = Record<'id' | 'status' | 'mode', string>;

type Settings = { userManagement: { showSetupOnFirstLoad?: boolean } };
type StoredExecution = Record<'status' | 'startedAt' | 'stoppedAt' | 'data', string>;

export interface Execution {
	id: string;
	status: string;
	startedAtMs: number;
	stoppedAtMs: number;
	error?: { message: string; description?: string | null };
	/** The items of a node's first output, over all of its runs. */
	itemsOf: (node: string) => INodeExecutionData[];
	/** The hints n8n shows above a node's output. */
	hintsOf: (node: string) => string[];
}

export const OWNER = { email: 'owner@example.com', password: 'Passw0rd!' };

export const hasEnded = (status = 'new') => !['new', 'running', 'waiting'].includes(status);

/** A client for the REST API that n8n's editor uses, signed in as the owner. */
export class N8nRest {
	private cookie = '';

	private constructor(private readonly url: string) {}

	/** Signs in. On a new n8n, it first creates the owner. */
	static async signIn(url: string): Promise<N8nRest> {
		const rest = new N8nRest(url);
		const { userManagement } = await rest.call<Settings>('GET', '/settings');
		if (userManagement.showSetupOnFirstLoad) {
			await rest.call('POST', '/owner/setup', { ...OWNER, firstName: 'Test', lastName: 'Owner' });
		}
		const { email: emailOrLdapLoginId, password } = OWNER;
		await rest.call('POST', '/login', { emailOrLdapLoginId, password });
		return rest;
	}

	async createCredential(type: string, data: object, name = type): Promise<CredentialRef> {
		const { id } = await this.call<CredentialRef>('POST', '/credentials', { name, type, data });
		return { id, name };
	}

	/** Works like the test that n8n runs when a credential is saved. */
	async testCredential(credentials: CredentialRef & { type: string; data: object }) {
		const path = '/credentials/test';
		return await this.call<{ status: string; message: string }>('POST', path, { credentials });
	}

	async createWorkflow(workflow: WorkflowToCreate): Promise<Workflow> {
		const settings = { executionOrder: 'v1', ...workflow.settings };
		// without `pinData`, n8n cannot run a single node after others; n8n 1.x needs `active`
		const defaults = { active: false, pinData: {} };
		return await this.call('POST', '/workflows', { ...workflow, ...defaults, settings });
	}

	/** Works like "Execute workflow". @returns the execution's id */
	async run(workflow: Workflow, trigger: string): Promise<string> {
		const body = { workflowData: workflow, triggerToStartFrom: { name: trigger } };
		const path = `/workflows/${workflow.id}/run`;
		return (await this.call<{ executionId: string }>('POST', path, body)).executionId;
	}

	/**
	 * Works like the Retry button of the execution list, with the original workflow or with the
	 * currently saved one.
	 *
	 * @returns the new execution's id
	 */
	async retry(executionId: string, workflow: 'original' | 'saved' = 'original'): Promise<string> {
		const path = `/executions/${executionId}/retry`;
		const body = { loadWorkflow: workflow === 'saved' };
		return (await this.call<{ id: string }>('POST', path, body)).id;
	}

	/** Publishes the workflow, which activates its triggers. */
	async activate({ id, versionId }: Workflow): Promise<void> {
		await this.call('POST', `/workflows/${id}/activate`, { versionId, name: '', description: '' });
	}

	async deactivate({ id }: Workflow): Promise<void> {
		await this.call('POST', `/workflows/${id}/deactivate`, {});
	}

	/** The latest 50 executions of a workflow, newest first. */
	async executionsOf({ id: workflowId }: Pick<Workflow, 'id'>): Promise<ListedExecution[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const path = `/executions?limit=50&filter=${filter}`;
		return (await this.call<{ results: ListedExecution[] }>('GET', path)).results;
	}

	/** Reads the list, which takes n8n less work than an execution with all its data. */
	async status(workflowId: string, executionId: string): Promise<string | undefined> {
		const executions = await this.executionsOf({ id: workflowId });
		return executions.find(({ id }) => `${id}` === `${executionId}`)?.status;
	}

	async untilEnded(workflowId: string, executionId: string, everyMs = 200): Promise<void> {
		while (!hasEnded(await this.status(workflowId, executionId))) await sleep(everyMs);
	}

	/** Runs a workflow to its end. */
	async runToEnd(workflow: Workflow, trigger: string): Promise<Execution> {
		return await this.ended(workflow, await this.run(workflow, trigger));
	}

	async ended({ id: workflowId }: Pick<Workflow, 'id'>, executionId: string): Promise<Execution> {
		await this.untilEnded(workflowId, executionId);
		return await this.execution(executionId);
	}

	async execution(id: string): Promise<Execution> {
		const stored = await this.call<StoredExecution>('GET', `/executions/${id}`);
		const { error, runData } = (parse(stored.data) as IRunExecutionData).resultData;
		const runsOf = (node: string) => runData[node] ?? [];
		return {
			id,
			status: stored.status,
			startedAtMs: Date.parse(stored.startedAt),
			stoppedAtMs: Date.parse(stored.stoppedAt),
			error,
			itemsOf: (node) => runsOf(node).flatMap((run) => run.data?.main?.[0] ?? []),
			hintsOf: (node) => runsOf(node).flatMap(({ hints }) => (hints ?? []).map((h) => h.message)),
		};
	}

	/** The descriptions of all nodes, in all versions. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		return JSON.parse((await this.fetch('GET', '/types/nodes.json')).toString());
	}

	/** @throws Error with n8n's response, unless it is a success */
	async call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const text = (await this.fetch(method, `/rest${path}`, body)).toString();
		return (text ? JSON.parse(text).data : undefined) as T;
	}

	async fetch(method: string, path: string, body?: unknown): Promise<Buffer> {
		const headers = {
			'content-type': 'application/json',
			// n8n ties a session to the browser that opened it
			'browser-id': 'n8n-nodes-cometapi-veo',
			cookie: this.cookie,
			// a busy n8n may close an idle connection just when it is used again
			connection: 'close',
		};
		// `undefined` stays `undefined`, so there is no body
		const response = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) });
		const bytes = Buffer.from(await response.arrayBuffer());
		if (!response.ok) throw new Error(`n8n: ${method} ${path}: ${response.status} ${bytes}`);
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		return bytes;
	}
}
