/** What the operations build on. */
export { runBatch } from './batch';
export { createRunContext } from './context';
export type { ItemContext, RunContext } from './context';
export { createTask } from './createTask';
export type { PaidTask } from './createTask';
export { createDeadline, deadlineIn } from './deadline';
export { addFileLink, deliverVideo } from './download';
export type { OutputOptions } from './download';
export { currentTask, failedError, lateError, waitForTask } from './followTask';
export { nodeErrorOf } from './nodeError';
export { retry } from './retry';
export {
	builtInStep,
	connectionTo,
	requirePause,
	runSubWorkflow,
	sameNodeStep,
} from './subWorkflow';
export type { PausedExecution } from './subWorkflow';
