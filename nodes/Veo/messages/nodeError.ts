import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, JsonObject } from 'n8n-workflow';

import { asVideoError, detailsOf } from '../errors';
import { cancelText, errorText, paidTasksText } from './errorTexts';
import type { MessageContext } from './errorTexts';
import { joinSentences } from './phrases';
import { failedItem, isAgentTool, isPastTimeLimit, isSubExecution, toolCaller } from '../n8n';

/** For the part of a message that is not about the error itself. */
export interface Consequences {
	/** The tasks that are paid for. */
	taskIds: string[];
	/** Whether Retry reuses them. */
	canRetry: boolean;
}

/** The error that ends the node. */
export function nodeErrorOf(
	context: IExecuteFunctions,
	caught: unknown,
	itemIndex: number,
	consequences: Consequences,
) {
	const error = asVideoError(caught);
	const details = detailsOf(error);
	const text = errorText(error, messageContext(context, consequences.canRetry));
	const others = consequences.taskIds.filter((id) => id !== details.taskId);
	const description = joinSentences(text.description, paidTasks(context, consequences, others));
	// a model that calls the node as a tool sees only the message
	const message = isAgentTool(context)
		? joinSentences(text.message, description)
		: `${text.message} [item ${itemIndex}]`;
	const options = { message, description, itemIndex };
	const { httpCode } = details;
	const node = context.getNode();
	const nodeError = httpCode
		? new NodeApiError(node, { message } as JsonObject, { ...options, httpCode: `${httpCode}` })
		: new NodeOperationError(node, message, options);
	nodeError.context.details = details;
	return nodeError;
}

/** The error that ends a node that was canceled: n8n has no retry for its execution. */
export function canceledErrorOf(context: IExecuteFunctions, taskIds: string[]) {
	const tasks = paidTasks(context, { taskIds, canRetry: false }, taskIds);
	const { message, description } = cancelText(isPastTimeLimit(context), tasks);
	return new NodeOperationError(context.getNode(), message, { description });
}

/** The item of a node that continues on errors. */
export function errorItemOf(context: IExecuteFunctions, caught: unknown): INodeExecutionData {
	const error = asVideoError(caught);
	const { message, description } = errorText(error, messageContext(context, false));
	const json = { error: message, message: description, details: { ...detailsOf(error) } };
	return context.getNode().onError === 'continueErrorOutput' ? failedItem(json) : { json };
}

const paidTasks = (context: IExecuteFunctions, consequences: Consequences, ids: string[]) =>
	ids.length > 0 ? paidTasksText(ids, messageContext(context, consequences.canRetry)) : '';

const messageContext = (context: IExecuteFunctions, canRetry: boolean): MessageContext => ({
	canRetry: canRetry && !isAgentTool(context),
	calledBy: toolCaller(context),
	isSubExecution: isSubExecution(context),
	executionId: context.getExecutionId(),
});
