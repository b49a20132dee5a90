/** What the operations build on. */
export { runBatch } from './batch';
export { createRunContext } from './context';
export type { ItemContext, RunContext } from './context';
export { createTask } from './createTask';
export type { PaidTask } from './createTask';
export { createDeadline, deadlineIn } from './deadline';
export { addFileLink, deliverVideo } from './download';
export type { OutputOptions } from './download';
export { setEndIfKilled } from './endIfKilled';
export { remainingMs } from './expectedEnd';
export { currentTask, failedError, followToEnd, lateError, waitForTask } from './followTask';
export { errorItemOf, nodeErrorOf } from './nodeError';
export type { Consequences } from './nodeError';
export { retry } from './retry';
export {
	endedState,
	failedItem,
	isWaiting,
	readPausedItem,
	readPausedItems,
	taskIdOf,
	writePausedItem,
} from './pausedItem';
export type { PausedItem, PausedState, PausedVideo } from './pausedItem';
export { noneStep, requirePause, runSubWorkflow, sameNodeStep } from './subWorkflow';
export type { PausedExecution } from './subWorkflow';
