import { WAIT_FOR_SUB_EXECUTION } from 'n8n-workflow';
import type { IExecuteFunctions, INode } from 'n8n-workflow';

/**
 * Whether n8n's engine goes on with a paused execution once its sub-execution has ended, also after a
 * restart. Versions of n8n do not tell their number; this constant came with it.
 */
export const canResumePaused = () => (WAIT_FOR_SUB_EXECUTION as unknown) !== undefined;

/** Whether an AI Agent or an MCP client calls the node as a tool. */
export const isAgentTool = (context: IExecuteFunctions) => context.getNode().type.endsWith('Tool');

/** Who calls the node as a tool. Each call of an MCP client is an execution of its own. */
export function toolCaller(context: IExecuteFunctions): 'agent' | 'mcp' | undefined {
	if (!isAgentTool(context)) return undefined;
	// not part of n8n's types; an agent runs its tools without it, or is it itself
	const { parentNode } = context as unknown as { parentNode?: INode };
	return parentNode?.type.endsWith('.mcpTrigger') ? 'mcp' : 'agent';
}
