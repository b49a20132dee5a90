import { WAIT_FOR_SUB_EXECUTION } from 'n8n-workflow';

/**
 * Whether n8n's engine goes on with a parked execution once its sub-execution has ended, also after a
 * restart. Versions of n8n do not tell their number; this constant came with it.
 */
export const canResumeParked = () => (WAIT_FOR_SUB_EXECUTION as unknown) !== undefined;
