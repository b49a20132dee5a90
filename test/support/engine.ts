import { randomUUID } from 'node:crypto';
import type {
	IBinaryData,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	NodeApiError,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { credentialsHelper } from './credentials';
import type { CredentialOfItem } from './credentials';
import { binaryData, core, logger, runFrom, statusOf } from './n8n';

export interface InputFile {
	bytes: Buffer;
	fileName?: string;
	mimeType: string;
}

export interface InputItem {
	json?: IDataObject;
	files?: Record<string, InputFile>;
}

export interface RunOptions {
	parameters: INodeParameters;
	/** The output of the previous node; default: one empty item. */
	items?: InputItem[];
	/** Settings of the node: `onError`, `retryOnFail`, … */
	settings?: Partial<INode>;
	workflowSettings?: IWorkflowSettings;
	credential?: CredentialOfItem;
	onLog?: (metadata: IDataObject) => void;
	/** Called when the node starts a sub-execution, in place of n8n. */
	executeWorkflow?: IWorkflowExecuteAdditionalData['executeWorkflow'];
	/** How often the node runs in the execution, like in a loop; default 1. */
	rounds?: number;
	/** How the execution was started; `integrated` means by another workflow. Default `manual`. */
	mode?: WorkflowExecuteMode;
	/** The address that n8n takes for its own; default `http://127.0.0.1:5678`. */
	address?: string;
	/** When n8n cancels the execution, on the real clock in ms. */
	timeLimit?: number;
}

export interface Finished {
	executionId: string;
	status: IRun['status'];
	/** The node's first output. */
	items: INodeExecutionData[];
	/** The node's error output. */
	errors: INodeExecutionData[];
	error?: NodeApiError;
	hints: string[];
	/** All messages that n8n logged meanwhile, from level debug up. */
	logs: Array<{ level: string; message: string }>;
	/** The execution as n8n stores it. */
	stored: string;
	/** Works like the Retry button of the execution list: a new execution with the stored data. */
	retry: (changed?: Partial<RunOptions>, stored?: string) => Promise<Finished>;
}

export interface Running {
	executionId: string;
	finished: Promise<Finished>;
	cancel: () => void;
}

const FEED = 'Feed';
/** n8n's own nodes that the node needs when it pauses; they never run here. */
const KNOWN_TYPES = {
	'n8n-nodes-base.executeWorkflowTrigger': {},
	'n8n-nodes-base.if': {},
};
export const VEO = 'CometAPI Veo';
const SUCCESS = 'Success';
const FAILED = 'Failed';

/** Runs workflows with the node on n8n's own engine, in this process. */
export class Engine {
	constructor(
		private readonly node: INodeType,
		private readonly credentialType: ICredentialType,
	) {}

	async run(options: RunOptions): Promise<Finished> {
		return await (
			await this.start(options)
		).finished;
	}

	async start(options: RunOptions): Promise<Running> {
		return await this.execute(options, options.mode ?? 'manual');
	}

	private async execute(
		options: RunOptions,
		mode: WorkflowExecuteMode,
		stored?: string,
	): Promise<Running> {
		await binaryData.init();
		const executionId = randomUUID();
		const workflow = this.workflow(options);
		const data = stored && (JSON.parse(stored) as IRunExecutionData);
		if (data) prepareRetry(data, workflow);

		const logs: Finished['logs'] = [];
		const stopLogging = captureLogs(logs, options.onLog);
		const additionalData = this.additionalData(options, workflow, mode, executionId);
		const execution = data
			? new core.WorkflowExecute(additionalData, mode, data).processRunExecutionData(workflow)
			: runFrom(new core.WorkflowExecute(additionalData, mode), workflow, workflow.getNode(FEED)!);
		const finished = execution.then((run) => {
			stopLogging();
			return {
				...outcome(run),
				executionId,
				logs,
				retry: async (changed: Partial<RunOptions> = {}, data = JSON.stringify(run.data)) => {
					const all = { ...options, ...changed };
					return await (
						await this.execute(all, 'retry', data)
					).finished;
				},
			};
		});
		return { executionId, finished, cancel: () => execution.cancel() };
	}

	private workflow({ parameters, settings, items, rounds, workflowSettings }: RunOptions) {
		const node = (name: string, type: string, rest: Partial<INode> = {}): INode => ({
			id: name,
			name,
			type,
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			...rest,
		});
		const to = (...names: string[]) =>
			names.map((name) => ({ node: name, type: 'main' as const, index: 0 }));
		return new Workflow({
			id: 'workflow',
			active: false,
			nodeTypes: this.nodeTypes(items ?? [{}]),
			nodes: [
				node(FEED, 'test.feed'),
				node(VEO, 'n8n-nodes-cometapi-veo.veo', {
					parameters,
					credentials: { cometApiVeoApi: { id: '1', name: 'CometAPI' } },
					...settings,
				}),
				node(SUCCESS, 'test.pass'),
				node(FAILED, 'test.pass'),
			],
			connections: {
				[FEED]: { main: [to(...Array.from({ length: rounds ?? 1 }, () => VEO))] },
				[VEO]: { main: [to(SUCCESS), to(FAILED)] },
			},
			settings: workflowSettings,
		});
	}

	private nodeTypes(items: InputItem[]): INodeTypes {
		const types: Record<string, INodeType> = {
			'test.feed': feedNode(items),
			'test.pass': passNode(),
			'n8n-nodes-cometapi-veo.veo': this.node,
		};
		return {
			getByName: (name) => types[name],
			getByNameAndVersion: (name) => types[name],
			getKnownTypes: () => KNOWN_TYPES,
		};
	}

	private additionalData(
		{ address, credential = {}, parameters, executeWorkflow, timeLimit }: RunOptions,
		workflow: Workflow,
		mode: WorkflowExecuteMode,
		executionId: string,
	): IWorkflowExecuteAdditionalData {
		const base = `${address ?? 'http://127.0.0.1:5678'}/`;
		return {
			credentialsHelper: credentialsHelper(this.credentialType, credential),
			executionId,
			currentNodeExecutionIndex: 0,
			currentNodeParameters: parameters,
			hooks: new core.ExecutionLifecycleHooks(mode, executionId, {
				id: workflow.id,
				name: 'test',
				active: false,
				nodes: [],
				connections: {},
			} as never),
			variables: {},
			restApiUrl: `${base}rest`,
			instanceBaseUrl: base,
			formWaitingBaseUrl: base,
			webhookBaseUrl: base,
			webhookWaitingBaseUrl: base,
			webhookTestBaseUrl: base,
			setExecutionStatus: () => undefined,
			executeWorkflow,
			executionTimeoutTimestamp: timeLimit,
		} as unknown as IWorkflowExecuteAdditionalData;
	}
}

/** Works like n8n's Retry with the saved workflow: drops the failed run, keeps the node on the stack. */
function prepareRetry({ resultData, executionData }: IRunExecutionData, workflow: Workflow) {
	delete resultData.error;
	const runs = resultData.runData[resultData.lastNodeExecuted ?? ''];
	if (runs?.at(-1)?.error) runs.pop();
	for (const entry of executionData?.nodeExecutionStack ?? []) {
		entry.node = workflow.getNode(entry.node.name)!;
	}
}

function outcome(
	run: IRun,
): Pick<Finished, 'status' | 'items' | 'errors' | 'error' | 'hints' | 'stored'> {
	const { runData, error } = run.data.resultData;
	const outputs = (runData[VEO] ?? []).map((task) => task.data?.main ?? []);
	return {
		status: statusOf(run),
		items: outputs.flatMap((main) => main[0] ?? []),
		errors: outputs.flatMap((main) => main[1] ?? []),
		error: error as NodeApiError | undefined,
		hints: (runData[VEO] ?? []).flatMap((task) => (task.hints ?? []).map(({ message }) => message)),
		stored: JSON.stringify(run.data),
	};
}

function captureLogs(logs: Finished['logs'], onLog: RunOptions['onLog']): () => void {
	const levels = ['error', 'warn', 'info', 'debug'] as const;
	const originals = levels.map((level) => [level, logger[level]] as const);
	for (const level of levels) {
		logger[level] = (message, metadata) => {
			onLog?.((metadata ?? {}) as IDataObject);
			logs.push({ level, message: `${message} ${JSON.stringify(metadata ?? '')}` });
		};
	}
	return () => originals.forEach(([level, method]) => (logger[level] = method));
}

function feedNode(items: InputItem[]): INodeType {
	return testNode('feed', async function () {
		const fed = items.map(async ({ json = {}, files = {} }): Promise<INodeExecutionData> => {
			const binary: Record<string, IBinaryData> = {};
			for (const [field, { bytes, fileName, mimeType }] of Object.entries(files)) {
				binary[field] = await this.helpers.prepareBinaryData(bytes, fileName, mimeType);
			}
			return { json, ...(Object.keys(binary).length > 0 && { binary }) };
		});
		return [await Promise.all(fed)];
	});
}

const passNode = () =>
	testNode('pass', async function () {
		return [this.getInputData()];
	});

function testNode(
	name: string,
	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name },
			inputs: ['main'],
			outputs: ['main'],
			properties: [],
		},
		execute,
	};
}

/** The stored bytes of an output file. */
export async function fileOf(item: INodeExecutionData, field = 'data'): Promise<Buffer> {
	return await binaryData.getAsBuffer(item.binary![field]);
}
