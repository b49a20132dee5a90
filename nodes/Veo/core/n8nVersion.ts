import { WAIT_FOR_SUB_EXECUTION } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether n8n's engine goes on with a paused execution once its sub-execution has ended, also after a
 * restart. Versions of n8n do not tell their number; this constant came with it.
 */
export const canResumePaused = () => (WAIT_FOR_SUB_EXECUTION as unknown) !== undefined;

/** Whether an AI Agent calls the node as one of its tools. */
export const isAgentTool = (context: IExecuteFunctions) => context.getNode().type.endsWith('Tool');
