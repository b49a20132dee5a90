import * as workflow from 'n8n-workflow';

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

// n8n-workflow up to 2.8 has an abortable sleep of its own; since then `sleep` takes the signal.
const { sleepWithAbort } = workflow as unknown as { sleepWithAbort?: Sleep };

/** The only clock of the package, so that tests can set it. Times are milliseconds. */
export const clock = {
	now: () => Date.now(),
	/** @throws the signal's reason, as soon as it is aborted */
	sleep: (sleepWithAbort ?? workflow.sleep) as Sleep,
};
