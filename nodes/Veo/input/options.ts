import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { OutputOptions } from '../core/download';
import { numberedName } from '../core/fileName';
import type { WaitOptions } from '../core/followTask';
import type { Job } from '../core/job';
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

type Parameter = Pick<INodeProperties, 'name' | 'displayName' | 'default'>;

/** A parameter in the collection 'Options'. */
export const option = (parameter: Parameter): Parameter => ({
	...parameter,
	name: `options.${parameter.name}`,
});

export const readOption = (
	context: IExecuteFunctions,
	item: number,
	{ name }: Pick<Parameter, 'name'>,
): unknown => context.getNodeParameter(`options.${name}`, item, null) ?? undefined;

/** @throws VideoError naming the option, as an expression can give any value */
export function readNumberOption(
	context: IExecuteFunctions,
	item: number,
	option: Pick<Parameter, 'name' | 'displayName'>,
	{ min, max = Infinity, default: fallback, isWhole = false }: NumberLimits,
): number {
	// with the default for an option that is not set, but not for an expression that returns nothing
	const given: unknown = context.getNodeParameter(`options.${option.name}`, item, fallback);
	const value = asText(given) === '' ? NaN : Number(given);
	const isAllowed =
		Number.isFinite(value) && value >= min && value <= max && (!isWhole || Number.isInteger(value));
	if (isAllowed) return value;
	throw inputError.number(option.displayName, given, { min, max, default: fallback, isWhole });
}

/** With the default if it is not set, but not for an expression that returns nothing. */
const valueOf = (context: IExecuteFunctions, item: number, parameter: Parameter): unknown =>
	context.getNodeParameter(parameter.name, item, parameter.default);

/** @throws VideoError for anything but true and false, as any text would count as true */
function readBoolean(context: IExecuteFunctions, item: number, parameter: Parameter): boolean {
	const given = valueOf(context, item, parameter);
	const text = typeof given === 'string' ? given.trim().toLowerCase() : given;
	if ([true, 'true', 1].includes(text as string)) return true;
	if ([false, 'false', 0].includes(text as string)) return false;
	throw inputError.unknownValue(parameter.displayName, given, ['true', 'false']);
}

/** @throws VideoError for a value that the parameter does not have */
export function readChoice<Value extends string>(
	context: IExecuteFunctions,
	item: number,
	parameter: Parameter,
	values: Record<string, Value>,
): Value {
	const given = valueOf(context, item, parameter);
	const known = Object.values(values);
	const value = known.find((one) => one === given);
	if (value) return value;
	throw inputError.unknownValue(parameter.displayName, given, known);
}

/** One for all items. */
export const readMaxConcurrent = (context: IExecuteFunctions) =>
	readNumberOption(context, 0, maxConcurrent, limits.maxConcurrent);

/** @throws VideoError if the input asks for more videos than the user allows */
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
	returnsTask: readChoice(context, item, option(onTimeout), ON_TIMEOUT) === ON_TIMEOUT.returnTask,
});

/** @throws VideoError if the options are invalid */
export function readOutputOptions(
	context: IExecuteFunctions,
	{ itemIndexes: [item], copy }: Job,
): OutputOptions {
	if (!readBoolean(context, item, downloadVideo)) {
		return { fileName: '', isLinkWanted: false };
	}
	const binaryField = asText(context.getNodeParameter(binaryPropertyOutput.name, item, ''));
	if (!binaryField) throw inputError.outputFieldEmpty();
	const isLinkWanted = readBoolean(context, item, option(includeFileLink));
	const name = asText(readOption(context, item, fileName));
	return { binaryField, fileName: numberedName(name, copy), isLinkWanted };
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
