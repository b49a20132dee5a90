import { clock } from '../clock';
import { asVideoError, VideoError } from '../errors';
import { limits } from '../limits';
import type { VideoRequest } from '../transport/videoForm';
import { printable } from '../utils';
import type { ItemContext } from './context';
import type { PaidTask } from './ledger';
import type { Job } from './job';
import { retry } from './retry';

export interface NewTask {
	job: Job;
	/** Under which the ledger knows the request. */
	key: string;
	/** Loads the images of the request, if it is sent. */
	load: () => Promise<VideoRequest>;
	/** Until when a POST that surely created nothing is sent again, in ms on the clock. */
	deadline: number;
}

/** Creates the task, or reuses the one that an earlier attempt has paid for. */
export async function createTask(
	{ context, client, ledger, hints, signal }: ItemContext,
	{ job, key, load, deadline }: NewTask,
): Promise<PaidTask> {
	const known = ledger.taskOf(key);
	if (known) {
		hints.reused.push(known.id);
		return known;
	}
	if (ledger.wasLost(key)) throw new VideoError('notResent');

	const request = await load();
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
	return { id: task.id, createdAt: clock.now(), key, isOurs: true, task };
}

/** Only some kinds of errors say that nothing was created; an unexpected exception does not. */
function createError(caught: unknown): VideoError {
	const error = asVideoError(caught);
	const { nothingCreated, mayHaveBeenCreated } = error.traits;
	if (nothingCreated || mayHaveBeenCreated) return error;
	return new VideoError('noResponse', { ...error.data, call: 'create', text: undefined });
}
