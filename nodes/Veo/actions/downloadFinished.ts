import type { INodeParameters } from 'n8n-workflow';

import { clock } from '../clock';
import type { JobOutput } from '../core/batch';
import type { RunContext } from '../core/context';
import { addFileLink } from '../core/download';
import { endedState, failedItem, isWaiting } from '../core/pausedItem';
import type { PausedItem } from '../core/pausedItem';
import { runSubWorkflow } from '../core/subWorkflow';
import { asVideoError, VideoError } from '../errors';
import type { ErrorDetails } from '../errors';
import { TASK_STATUS } from '../transport/task';
import { optionsField } from './fields/options.fields';
import { binaryPropertyOutput, fileName } from './fields/output.fields';
import { INTERNAL_ROLE, taskId } from './fields/task.fields';
import { internalStep } from './internalStep';
import type { InternalData } from './internalStep';

const isFinished = (item: PausedItem) =>
	isWaiting(item) && item.json.status === TASK_STATUS.completed;

/**
 * Downloads the files of all finished videos in a sub-execution of their own: n8n hands the files of
 * such a one to the paused execution, which outlives those that wait.
 */
export async function downloadFinished(
	run: RunContext,
	items: PausedItem[],
	data: InternalData,
): Promise<PausedItem[]> {
	const finished = items.filter(isFinished);
	if (finished.length === 0) return items;
	const files = await download(run, finished, data);
	return items.map((item) => (isFinished(item) ? delivered(run, item, files.shift()!) : item));
}

/** An output for each video: its file or its error. */
async function download(
	{ context }: RunContext,
	finished: PausedItem[],
	data: InternalData,
): Promise<JobOutput[]> {
	const parameters: INodeParameters = {
		[taskId.name]: '={{ $json.id }}',
		[binaryPropertyOutput.name]: '={{ $json.field }}',
		[optionsField([]).name]: { [fileName.name]: '={{ $json.fileName }}' },
	};
	const step = internalStep(context, 'Download Videos', INTERNAL_ROLE.download, data, parameters);
	const inputs = finished.map(({ state }) => {
		const { taskId: id, output } = state.video!;
		return { json: { id, field: output.binaryField, fileName: output.fileName } };
	});
	try {
		const { items } = await runSubWorkflow(
			context,
			{ name: 'Download videos', steps: [step], isKept: false },
			inputs,
			data.paused,
			false,
		);
		return inputs.map((_, index) => items[index] ?? { json: {} });
	} catch (caught) {
		return inputs.map(() => ({ json: { error: asVideoError(caught).message } }));
	}
}

/** What can still be downloaded at the next check is waited for. */
function delivered(run: RunContext, item: PausedItem, output: JobOutput): PausedItem {
	const { video } = item.state;
	if (output.binary) {
		const linked = addFileLink(run, output, video!.output);
		return { ...linked, state: endedState(item) };
	}
	const { kind, data, traits } = errorOf(output);
	const isLate = clock.now() >= video!.deadline;
	const canWait = !isLate && traits.transient;
	return canWait ? item : failedItem(item, kind, data);
}

/** Its text is told again. */
function errorOf({ json: { error, message, details } }: JobOutput): VideoError {
	if (!details)
		return new VideoError('downloadFailed', { detail: 'connection', reason: error as string });
	const { kind, ...data } = details as unknown as ErrorDetails;
	return new VideoError(kind, {
		...data,
		text: { message: String(error), description: String(message) },
	});
}
