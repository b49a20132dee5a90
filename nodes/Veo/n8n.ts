import { WAIT_FOR_SUB_EXECUTION } from 'n8n-workflow';
import type { IExecuteFunctions, INode, RelatedExecution } from 'n8n-workflow';

/*
 * Every use of n8n beyond its documented interface, each with what breaks if n8n changes it.
 * `test/engine/n8n.test.ts` has a test against n8n's engine for each.
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

/**
 * Whether n8n's engine resumes a paused execution once its sub-execution has ended, also after a
 * restart (n8n 2.41). Versions of n8n don't tell their number; this constant came with it.
 */
export const canResumePaused = () => (WAIT_FOR_SUB_EXECUTION as unknown) !== undefined;

/** Whether an AI Agent or an MCP client calls the node as a tool. */
export const isAgentTool = (context: IExecuteFunctions) => context.getNode().type.endsWith('Tool');

/** Who calls the node as a tool. Each call of an MCP client is an execution of its own. */
export function toolCaller(context: IExecuteFunctions): 'agent' | 'mcp' | undefined {
	if (!isAgentTool(context)) return undefined;
	return internals(context).parentNode?.type.endsWith('.mcpTrigger') ? 'mcp' : 'agent';
}

/** The execution that has started this one as its sub-execution. */
export const parentExecutionOf = (context: IExecuteFunctions): RelatedExecution | undefined =>
	internals(context).runExecutionData?.parentExecution;

/**
 * Sets the error with which an execution ends if it is killed while it resumes after its pause.
 * Otherwise n8n would return the last node's output as a success.
 * @param error undefined as soon as the execution has resumed
 */
export function setErrorIfKilled(context: IExecuteFunctions, error: Error | undefined): void {
	const { runExecutionData } = internals(context);
	if (runExecutionData) runExecutionData.resultData.error = error;
}

/** Whether n8n's time limit for the execution has passed; it cancels the execution as a person does. */
export const isPastTimeLimit = (context: IExecuteFunctions) =>
	Date.now() >= (internals(context).additionalData?.executionTimeoutTimestamp ?? Infinity);

/** The same context with another signal: n8n's request helper takes the signal from its context. */
export const withSignal = (context: IExecuteFunctions, signal?: AbortSignal): IExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => signal } });

/** Whether n8n's error for a credential says that it was deleted. */
export const isDeletedCredential = (message: string) => /does not exist/.test(message);

/** Whether n8n's error for a sub-execution says that a person or a time limit has stopped it. */
export const isCanceled = (message: string) => /cancell?ed/i.test(message);

/** Whether n8n's own rules for addresses have blocked a request. */
export const isBlocked = ({ name, message }: Error) =>
	/^SsrfBlocked/.test(name) || /request was blocked because/i.test(message);

/**
 * Whether a request ended during its TLS handshake, before any of it was sent. n8n has axios' error as a
 * cause, axios the request, and Node the socket, which is `secureConnecting` until it has accepted
 * the certificate. Undefined without TLS, and if any of that changes: `transport/networkError.ts`
 * then goes by the words of the error, as with n8n 2.0.
 */
export const isInHandshake = (error: object): boolean | undefined =>
	(error as { request?: { socket?: { secureConnecting?: boolean } } }).request?.socket
		?.secureConnecting;

/** The words of an error, a line each: its own, and those that n8n has replaced by words of its own. */
export const wordsOf = (error: { message?: unknown; messages?: unknown }): string =>
	[error.message, error.messages].flat().map(String).join('\n');

type ReadableClass = typeof import('stream').Readable;

/** Node's class of a stream that n8n returned: a verified node may not import it. */
export const readableClassOf = (stream: import('stream').Readable) =>
	stream.constructor as ReadableClass;
