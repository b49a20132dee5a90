import { Fault, sentences } from '../api/fault';
import type { FaultDetails } from '../api/fault';
import type { Task } from '../api/task';

/** A fault that may be waited out; undefined for any other error. */
export const asPassing = (error: unknown) =>
	error instanceof Fault && error.passing ? error : undefined;

export const isUnknownTask = (error: unknown): error is Fault =>
	error instanceof Fault && error.details.httpCode === 404;

export const isSurelyNotCreated = (error: unknown) =>
	error instanceof Fault && !error.details.mayHaveBeenCreated;

/** Adds what is known of a task that is paid for, and how to get at its video. */
export function withTask(
	error: unknown,
	details: Partial<FaultDetails> & { taskId: string },
	canRetry: boolean,
): Fault {
	const fault =
		error instanceof Fault ? error : new Fault((error as Error).message, { advice: '' });
	const retry = canRetry ? 'run Retry on this execution, or ' : '';
	const advice = `The video is not lost: ${retry}use 'Retrieve Video' with task ID ${details.taskId}`;
	return fault.with({ retryable: true, ...details }, sentences(fault.advice, advice));
}

export const lostFault = () =>
	new Fault("The video was not sent again, as an earlier try's answer was lost", {
		advice:
			'It may have been created and billed. Look at the usage log of the CometAPI console; to send it again, run Retry on this execution',
		details: { mayHaveBeenCreated: true },
	});

export const failedFault = ({ id, status, failure }: Task) =>
	new Fault(`Veo did not make the video: ${failure?.message}`, {
		advice: `Change the prompt or the images if that is what CometAPI says, then run again: a failed video is sent anew (task ID ${id})`,
		details: { taskId: id, status, code: failure?.code, retryable: true },
	});

export const timeoutFault = ({ id, status }: Task, timeoutMin: number, canRetry: boolean) =>
	new Fault(
		`Veo did not finish the video within ${timeoutMin} minute${timeoutMin === 1 ? '' : 's'}`,
		{
			advice: `The task goes on at CometAPI. Use 'Retrieve Video' with task ID ${id}${canRetry ? ', run Retry to go on waiting,' : ''} or raise 'Timeout (Minutes)'`,
			details: { taskId: id, status, retryable: true },
		},
	);

export const storageFault = (error: unknown) =>
	new Fault(`n8n could not store the video: ${(error as Error).message}`, {
		advice: "Look at n8n's disk space and its settings for binary data",
		details: { retryable: true },
	});
