import type { IExecuteFunctions } from 'n8n-workflow';

import type { OutputOptions } from '../core/download';
import type { WaitOptions } from '../core/followTask';
import { limits } from '../limits';
import { inputError } from '../messages/inputErrors';
import type { NumberLimits } from '../messages/inputErrors';
import { isTaskId } from '../transport/taskId';
import { asText } from '../utils';
import { maxConcurrent, maxVideos } from '../parameters/options';
import {
	binaryPropertyOutput,
	downloadVideo,
	fileName,
	includeFileLink,
} from '../parameters/output';
import { taskId } from '../parameters/task';
import { ON_TIMEOUT, onTimeout, pollInterval, timeout } from '../parameters/wait';

interface Parameter {
	name: string;
	displayName: string;
}

export const readOption = (
	context: IExecuteFunctions,
	item: number,
	{ name }: Parameter,
): unknown => context.getNodeParameter(`options.${name}`, item, null) ?? undefined;

/** @throws VideoError naming the option, as an expression can give any value */
export function readNumberOption(
	context: IExecuteFunctions,
	item: number,
	option: Parameter,
	{ min, max = Infinity, default: fallback, isWhole = false }: NumberLimits,
): number {
	// with the default for an option that is not set, but not for an expression that returns nothing
	const given: unknown = context.getNodeParameter(`options.${option.name}`, item, fallback);
	const value = asText(given) === '' ? NaN : Number(given);
	const isAllowed = value >= min && value <= max && (!isWhole || Number.isInteger(value));
	if (isAllowed) return value;
	throw inputError.number(option.displayName, given, { min, max, default: fallback, isWhole });
}

/** One for all items. */
export const readMaxConcurrent = (context: IExecuteFunctions) =>
	readNumberOption(context, 0, maxConcurrent, limits.maxConcurrent);

/** @throws VideoError where more videos are asked for than the user allows */
export function checkMaxVideos(context: IExecuteFunctions, videos: number): void {
	const most = readNumberOption(context, 0, maxVideos, limits.maxVideos);
	if (most > 0 && videos > most) throw inputError.tooManyVideos(videos, most);
}

/** @throws VideoError naming the option that cannot be used */
export const readWaitParameters = (
	context: IExecuteFunctions,
	item: number,
): Omit<WaitOptions, 'deadline'> => ({
	intervalMs: 1000 * readNumberOption(context, item, pollInterval, limits.pollIntervalS),
	timeoutMin: readNumberOption(context, item, timeout, limits.timeoutMin),
	returnsTask: readOption(context, item, onTimeout) === ON_TIMEOUT.returnTask,
});

/** @throws VideoError where what the user wants is not possible */
export function readOutputOptions(context: IExecuteFunctions, item: number): OutputOptions {
	if (!context.getNodeParameter(downloadVideo.name, item, true)) {
		return { fileName: '', isLinkWanted: false };
	}
	const binaryField = asText(context.getNodeParameter(binaryPropertyOutput.name, item, ''));
	if (!binaryField) throw inputError.outputFieldEmpty();
	const isLinkWanted = Boolean(readOption(context, item, includeFileLink));
	if (isLinkWanted && !('createBinarySignedUrl' in context.helpers)) {
		throw inputError.fileLinkNotSupported();
	}
	return { binaryField, fileName: asText(readOption(context, item, fileName)), isLinkWanted };
}

/** @throws VideoError if there is none, or the value can't be one */
export function readTaskId(context: IExecuteFunctions, item: number): string {
	const given: unknown = context.getNodeParameter(taskId.name, item, '');
	const id = asText(given);
	if (!id && typeof (given ?? '') === 'string') throw inputError.taskIdEmpty();
	if (typeof given === 'number' && !Number.isSafeInteger(given)) throw inputError.taskIdInexact(id);
	if (!isTaskId(id)) throw inputError.taskIdInvalid(given);
	return id;
}
