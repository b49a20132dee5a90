import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { Veo } from '../../nodes/Veo/Veo.node';
import { Engine } from './engine';
import type { Finished, RunOptions, Running } from './engine';
import './veo';

type Act<T> = (context: IExecuteFunctions) => T | Promise<T>;

/** An engine that runs only the test's code in the node. */
const engineFor = (act: Act<INodeExecutionData[]>) =>
	new Engine(
		{
			description: new Veo().description,
			async execute() {
				return [await act(this)];
			},
		},
		new CometApiVeoApi(),
	);

const complete = (options: Partial<RunOptions>): RunOptions => ({
	...options,
	// n8n does not run a node without its required parameters
	parameters: { prompt: 'A kite', ...options.parameters },
});

/** Runs code with the context that n8n gives to the node, and returns the execution. */
export const runNode = async (
	act: Act<INodeExecutionData[]>,
	options: Partial<RunOptions> = {},
): Promise<Finished> => await engineFor(act).run(complete(options));

export const startNode = async (
	act: Act<INodeExecutionData[]>,
	options: Partial<RunOptions> = {},
): Promise<Running> => await engineFor(act).start(complete(options));

/** Like `runNode`, but returns the code's result. @throws the code's error */
export async function inNode<T>(act: Act<T>, options: Partial<RunOptions> = {}): Promise<T> {
	let result!: { value: T } | { error: unknown };
	await runNode(async (context) => {
		try {
			result = { value: await act(context) };
		} catch (error) {
			result = { error };
		}
		return [];
	}, options);
	if ('error' in result) throw result.error as Error;
	return result.value;
}
