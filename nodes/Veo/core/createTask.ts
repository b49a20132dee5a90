import { clock } from '../clock';
import { asVideoError, VideoError } from '../errors';
import { limits } from '../limits';
import type { Task } from '../transport/task';
import type { VideoRequest } from '../transport/videoForm';
import { printable } from '../utils';
import type { ItemContext } from './context';
import { requestKey } from './ledger';
import type { Job } from './job';
import { retry } from './retry';

/** A task that is paid for. */
export interface PaidTask {
	id: string;
	/** In ms; 0 where it is not known. */
	createdAt: number;
	/** Under which the ledger knows it; absent where the node did not create it. */
	key?: string;
	/** As CometAPI answered when it was created just now; absent where it was created before. */
	task?: Task;
}

/**
 * Creates the task, or reuses the one that an earlier attempt has paid for.
 * @param deadline until when a POST that surely created nothing is sent again, in ms on the clock
 */
export async function createTask(
	{ context, client, ledger, hints, signal }: ItemContext,
	job: Job,
	request: VideoRequest,
	deadline: number,
): Promise<PaidTask> {
	const key = requestKey(job, request);
	const known = ledger.taskOf(key);
	if (known) {
		hints.reused.push(known.id);
		return { ...known, key };
	}
	if (ledger.wasLost(key)) throw new VideoError('notResent');

	const send = async () => {
		ledger.sending(key);
		try {
			return await client.createTask(request);
		} catch (caught) {
			const error = createError(caught);
			if (error.traits.nothingCreated) ledger.drop(key);
			throw error;
		}
	};
	const task = await retry(send, {
		deadline,
		maxAttempts: ({ kind }) => (kind === 'unreachable' ? limits.maxUnreachable : Infinity),
		signal,
	});
	ledger.created(key, task.id);
	const [itemIndex] = job.itemIndexes;
	const taskId = printable(task.id);
	context.logger.info(`CometAPI task ${taskId} was created for item ${itemIndex}`, {
		taskId,
		itemIndex,
	});
	return { id: task.id, createdAt: clock.now(), key, task };
}

/** Only some kinds of errors say that nothing was created; an unexpected exception does not. */
function createError(caught: unknown): VideoError {
	const error = asVideoError(caught);
	const { nothingCreated, mayHaveBeenCreated } = error.traits;
	if (nothingCreated || mayHaveBeenCreated) return error;
	return new VideoError('noResponse', { ...error.data, call: 'create', text: undefined });
}
