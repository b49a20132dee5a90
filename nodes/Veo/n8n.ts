import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	ITaskMetadata,
	IWorkflowBase,
	RelatedExecution,
} from 'n8n-workflow';

/*
 * Every call of n8n beyond its documented interface, each with what breaks if n8n changes it.
 * `test/engine/n8n.test.ts` has a test against n8n's engine for each; the words for a deleted credential
 * are in `test/e2e/durable.test.ts`. The running n8n is never judged by an import: another copy
 * of n8n-workflow may be installed beside the node.
 */

/** Fields of n8n's own execution context that its interface for nodes does not have. */
interface Internals {
	additionalData?: { executionTimeoutTimestamp?: number };
	parentNode?: INode;
	runExecutionData?: {
		parentExecution?: RelatedExecution;
		resultData: { error?: Error };
	};
}

const internals = (context: IExecuteFunctions) => context as unknown as Internals;

/** Asks n8n with a sub-execution that does not exist, and lets it change nothing. */
const PROBE = { executionId: 'probe', data: [], waitTill: new Date(0) };

/**
 * Whether the running n8n remembers which sub-execution an execution waits for: only then it resumes
 * the execution after a restart, too (n8n 2.41).
 * Breaks: 'Pause Execution' is refused as on an older n8n.
 */
export async function canResumePaused(context: IExecuteFunctions): Promise<boolean> {
	let metadata: ITaskMetadata | undefined;
	const probe = Object.create(context, {
		additionalData: { value: { executeWorkflow: async () => PROBE } },
		setMetadata: { value: (given: ITaskMetadata) => (metadata = given) },
		putExecutionToWait: { value: async () => undefined },
	}) as IExecuteFunctions;
	await probe.executeWorkflow({});
	return JSON.stringify(metadata ?? '').includes(PROBE.executionId);
}

/**
 * Runs a workflow that is saved nowhere. n8n takes it without an ID.
 * Breaks: a paused execution ends with n8n's message, and its tasks are named.
 */
export async function runUnsaved(
	context: IExecuteFunctions,
	workflow: Pick<IWorkflowBase, 'name' | 'nodes' | 'connections' | 'settings'>,
	items: INodeExecutionData[],
	parentExecution: RelatedExecution,
) {
	const code = workflow as IWorkflowBase;
	return await context.executeWorkflow({ code }, items, undefined, { parentExecution });
}

/**
 * The execution that has started this one as its sub-execution.
 * Breaks: n8n deletes the files of a paused execution with the one that checked it.
 */
export const parentExecutionOf = (context: IExecuteFunctions): RelatedExecution | undefined =>
	internals(context).runExecutionData?.parentExecution;

/**
 * Sets the error with which an execution ends if it is killed while it resumes after its pause.
 * Breaks: n8n returns the last node's output as a success.
 * @param error undefined as soon as the execution has resumed
 */
export function setErrorIfKilled(context: IExecuteFunctions, error: Error | undefined): void {
	const { runExecutionData } = internals(context);
	if (runExecutionData) runExecutionData.resultData.error = error;
}

/**
 * Data that n8n saves with the execution and returns to Retry On Fail and the Retry button.
 * Breaks: a retry pays again.
 */
export const memoryOf = (context: IExecuteFunctions): IDataObject => context.getContext('node');

/** Distinguishes the runs of a loop. Breaks: a retry reuses the tasks of another run. */
export const runIndexOf = (context: IExecuteFunctions) =>
	Number(context.getWorkflowDataProxy(0).$runIndex);

/** Whether a person has retried the execution. Breaks: a retry ends at once, with the old errors. */
export const isRetry = (context: IExecuteFunctions) => context.getMode() === 'retry';

/** Whether another workflow has started it. Breaks: messages advise Retry, which it does not have. */
export const isSubExecution = (context: IExecuteFunctions) => context.getMode() === 'integrated';

/** Whether an AI Agent or an MCP client calls the node as a tool. Breaks: a repeated call pays again. */
export const isAgentTool = (context: IExecuteFunctions) => context.getNode().type.endsWith('Tool');

/**
 * Who calls the node as a tool. Each call of an MCP client is a separate execution.
 * Breaks: an MCP client is advised to call again, which pays again.
 */
export function toolCaller(context: IExecuteFunctions): 'agent' | 'mcp' | undefined {
	if (!isAgentTool(context)) return undefined;
	return internals(context).parentNode?.type.endsWith('.mcpTrigger') ? 'mcp' : 'agent';
}

/** Whether n8n's own time limit has canceled the execution. Breaks: the message names a person. */
export const isPastTimeLimit = (context: IExecuteFunctions) =>
	Date.now() >= (internals(context).additionalData?.executionTimeoutTimestamp ?? Infinity);

/**
 * The item of a failed job, for the error output. n8n before 2.36 knows one with `details` by its error
 * alone, and puts the message in place of the JSON of an item that has it as a copied field.
 * Breaks: failed items leave by the first output, or without their details.
 */
export const failedItem = (json: IDataObject & { error: string }): INodeExecutionData =>
	Object.defineProperty({ json }, 'error', {
		value: new Error(json.error),
		writable: true,
		configurable: true,
	});

/** The same context with another signal. Breaks: requests of a stopped item go on to their end. */
export const withSignal = (context: IExecuteFunctions, signal?: AbortSignal): IExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => signal } });

/**
 * A credential for requests that was read before: n8n would ask its database for each. It uses the data alone.
 * Breaks: requests are refused for want of a key.
 */
export const readBefore = (type: string, data: object) => ({
	credentialsDecrypted: { id: '', name: type, type, data: { ...data } },
});

/** A parameter before n8n resolves its expression. Breaks: `{{ $binary.data }}` of a file in memory. */
export const unresolved = (context: IExecuteFunctions, parameter: string): string =>
	String(context.getNode().parameters[parameter]);

/** Node's class of a stream, which a verified node may not import. Breaks: no file is stored. */
export const readableClassOf = (stream: import('stream').Readable) =>
	stream.constructor as typeof import('stream').Readable;

/**
 * The code of a failed connection, which n8n also has as HTTP code, and 2.0 there alone.
 * Breaks: a server that was never reached counts as a lost response.
 */
export function networkCodeOf(error: object): string {
	const { httpCode } = error as { httpCode?: unknown };
	return typeof httpCode === 'string' && /^[A-Z][A-Z_\d]+$/.test(httpCode) ? httpCode : '';
}

/** n8n's words for an address that its own rules block. Breaks: it is reported as a lost connection. */
export const isBlocked = ({ name, message }: Pick<Error, 'name' | 'message'>) =>
	/^SsrfBlocked/.test(name) || /request was blocked because/i.test(message);

/** n8n's words for a credential that is gone. Breaks: it is waited for until the timeout. */
export const isDeletedCredential = (message: string) => /does not exist/.test(message);

/**
 * Whether a request ended during its TLS handshake, before any of it was sent. n8n has axios' error as a
 * cause, axios the request, and Node the socket, which is `secureConnecting` until it has accepted
 * the certificate. Undefined without TLS, and if any of that changes.
 * Breaks: `transport/networkError.ts` goes by the words of the error, as with n8n 2.0.
 */
export const isInHandshake = (error: object): boolean | undefined =>
	(error as { request?: { socket?: { secureConnecting?: boolean } } }).request?.socket
		?.secureConnecting;

/** The words of an error, a line each: its own, and those that n8n has replaced. */
export const wordsOf = (error: { message?: unknown; messages?: unknown }): string =>
	[error.message, error.messages].flat().map(String).join('\n');

/** n8n's words for an execution that was stopped. Breaks: a stopped check is started again. */
export const isCanceled = (message: string) => /cancell?ed/i.test(message);
