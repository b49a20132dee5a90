import type { IExecuteFunctions } from 'n8n-workflow';

/** n8n's own, which it saves with an execution that pauses. */
interface RunExecutionData {
	resultData: { error?: Error };
}

/**
 * Sets how an execution ends that is killed once it goes on after its pause. n8n would take what its
 * last node has given for its output, and hand it on as a success.
 * @param error undefined as soon as the execution has gone on
 */
export function setEndIfKilled(context: IExecuteFunctions, error: Error | undefined): void {
	const { runExecutionData } = context as unknown as { runExecutionData?: RunExecutionData };
	if (runExecutionData) runExecutionData.resultData.error = error;
}
