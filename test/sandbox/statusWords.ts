/** Every status word of a task that CometAPI, its gateway or their clients know. */
export const statusWords = {
	unfinished: [
		...['queued', 'in_progress', 'SUBMITTED', 'IN_PROGRESS', 'pending', 'preparing', 'waiting'],
		...['not_start', 'notstarted', 'created', 'starting', 'unknown', 'processing', 'running'],
		'generating',
	],
	finished: [
		'completed',
		'SUCCESS',
		'success',
		'succeeded',
		'succeed',
		'complete',
		'finished',
		'done',
	],
	failed: [
		...['failed', 'error', 'FAILED', 'ERROR', 'FAILURE', 'fail', 'failure', 'cancelled'],
		...['canceled', 'expired', 'rejected', 'timeout'],
	],
} as const;

/** The gateway's own words, in its wrapped and its minimal form. */
export const GATEWAY_WORDS: Record<string, string> = {
	queued: 'QUEUED',
	in_progress: 'IN_PROGRESS',
	completed: 'SUCCESS',
	failed: 'FAILURE',
};
