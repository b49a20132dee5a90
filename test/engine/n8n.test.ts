import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { IExecuteFunctions, INode, IRunExecutionData } from 'n8n-workflow';

import { clock } from '../../nodes/Veo/clock';
import * as n8n from '../../nodes/Veo/n8n';
import { freePort } from '../../scripts/n8n/server';
import type { Finished, RunOptions } from '../support/engine';
import { inNode, runNode, startNode } from '../support/inNode';
import { core } from '../support/n8n';

const CREDENTIAL = 'cometApiVeoApi';
const NOTHING = [{ json: {} }];

/** A server that responds with the authorization it received, or not at all. */
async function startServer(isSilent = false): Promise<{ url: string; server: Server }> {
	const server = createServer(({ headers }, response) => {
		if (!isSilent) response.end(headers.authorization);
	});
	server.listen(await freePort(), '127.0.0.1');
	await once(server, 'listening');
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

/** The values that a run of the node reads in each try, and after the Retry button. */
async function collect<T>(read: (context: IExecuteFunctions) => T, options: Partial<RunOptions>) {
	const values: T[] = [];
	const finished = await runNode((context) => {
		values.push(read(context));
		throw new Error('Try again');
	}, options);
	return { values, finished };
}

describe('a paused execution', () => {
	/** n8n's response to a sub-execution that pauses. */
	const executeWorkflow: RunOptions['executeWorkflow'] = async () => ({
		executionId: 'child',
		data: [],
		waitTill: new Date(),
	});

	/** The data that n8n's wait tracker reads after a restart. */
	async function remembered(): Promise<unknown> {
		const { stored } = await runNode(
			async (context) => {
				await n8n.runUnsaved(context, WORKFLOW, NOTHING, PARENT);
				return NOTHING;
			},
			{ executeWorkflow },
		);
		const { executionData } = JSON.parse(stored) as IRunExecutionData;
		const [{ metadata = {} } = {}] = executionData!.nodeExecutionStack;
		return (metadata as { waitingChildExecutionIds?: unknown }).waitingChildExecutionIds;
	}

	it('can be resumed after a restart (n8n ≥ 2.41)', async () => {
		expect(await remembered()).toEqual(['child']);
		expect(await inNode(n8n.canResumePaused)).toBe(true);
	});

	it('is refused by an n8n that would not remember its sub-execution', async () => {
		expect(await inNode(n8n.canResumePaused)).toBe((await remembered()) !== undefined);
	});

	it('is not started by the check for whether it could be', async () => {
		const started = jest.fn(executeWorkflow);
		const { status, stored } = await runNode(
			async (context) => {
				await n8n.canResumePaused(context);
				return NOTHING;
			},
			{ executeWorkflow: started },
		);
		expect(started).not.toHaveBeenCalled();
		expect(status).toBe('success');
		expect(stored).not.toMatch(/probe|waitTill":"/);
	});

	it('starts an unsaved workflow as a sub-execution of the given one', async () => {
		const started = jest.fn(executeWorkflow);
		const { waitTill } = await inNode(
			async (context) => await n8n.runUnsaved(context, WORKFLOW, NOTHING, PARENT),
			{ executeWorkflow: started },
		);
		expect(waitTill).toEqual(expect.any(Date));
		expect(started).toHaveBeenCalledWith(
			{ code: WORKFLOW },
			expect.anything(),
			expect.objectContaining({ inputData: NOTHING, parentExecution: PARENT }),
		);
	});

	it('ends with the error that the node has set, if n8n sets no other one', async () => {
		const { error } = await runNode((context) => {
			n8n.setErrorIfKilled(context, new Error('Killed'));
			return NOTHING;
		});
		expect(error?.message).toBe('Killed');
	});

	it('ends without that error once the node has removed it', async () => {
		const { error } = await runNode((context) => {
			n8n.setErrorIfKilled(context, new Error('Killed'));
			n8n.setErrorIfKilled(context, undefined);
			return NOTHING;
		});
		expect(error).toBeUndefined();
	});

	const PARENT = { executionId: '7', workflowId: 'workflow' };
	const WORKFLOW = { name: 'Wait', nodes: [], connections: {}, settings: {} };
});

describe('the node knows', () => {
	it('the execution that started its own', async () => {
		const parentExecution = { executionId: '7', workflowId: 'other' };
		const { values, finished } = await collect(n8n.parentExecutionOf, {});
		expect(values).toEqual([undefined]);
		const stored = JSON.stringify({ ...JSON.parse(finished.stored), parentExecution });
		await finished.retry({}, stored);
		expect(values[1]).toEqual(parentExecution);
	});

	it('whether a person retried the execution', async () => {
		const { values, finished } = await collect(n8n.isRetry, {});
		await finished.retry();
		expect(values).toEqual([false, true]);
	});

	it('whether another workflow started the execution', async () => {
		expect(await inNode(n8n.isSubExecution)).toBe(false);
		expect(await inNode(n8n.isSubExecution, { mode: 'integrated' })).toBe(true);
	});

	it('its run index in a loop, which a retry keeps', async () => {
		const runs: number[] = [];
		const run = (context: IExecuteFunctions) => {
			runs.push(n8n.runIndexOf(context));
			if (runs.length === 2) throw new Error('Try again');
			return NOTHING;
		};
		await (await runNode(run, { rounds: 2 })).retry();
		expect(runs).toEqual([0, 1, 1]);
	});

	it('its stored data from before Retry On Fail and before the Retry button', async () => {
		const count = (context: IExecuteFunctions) => {
			const memory = n8n.memoryOf(context) as { tries?: number };
			memory.tries = (memory.tries ?? 0) + 1;
			return memory.tries;
		};
		const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const { values, finished } = await collect(count, { settings });
		await finished.retry({ settings: {} });
		expect(values).toEqual([1, 2, 3]);
	});

	it("whether n8n's time limit for the execution has passed", async () => {
		const timeLimit = Date.now() + 3_600_000;
		const [before, after] = await inNode(
			(context) => {
				const isPast = n8n.isPastTimeLimit(context);
				jest.spyOn(Date, 'now').mockReturnValue(timeLimit);
				return [isPast, n8n.isPastTimeLimit(context)];
			},
			{ timeLimit },
		);
		expect([before, after]).toEqual([false, true]);
	});

	it('the expression of a parameter', async () => {
		const imageField = '={{ $binary.picture }}';
		const read = (context: IExecuteFunctions) => n8n.unresolved(context, 'imageField');
		expect(await inNode(read, { parameters: { imageInput: 'image', imageField } })).toBe(
			imageField,
		);
	});

	it.each([
		['an AI Agent', '@n8n/n8n-nodes-langchain.agent', 'agent'],
		['an MCP client', '@n8n/n8n-nodes-langchain.mcpTrigger', 'mcp'],
	])('that %s calls it as a tool', async (_name, type, expected) => {
		const asTool = (context: IExecuteFunctions) => toolContext(context, { type } as INode);
		expect(await inNode((context) => n8n.toolCaller(asTool(context)))).toBe(expected);
		expect(await inNode(n8n.toolCaller)).toBeUndefined();
	});
});

/** The context that n8n gives to a node called as a tool by another node, under the tool's name. */
function toolContext(context: IExecuteFunctions, parentNode: INode): IExecuteFunctions {
	const { workflow, additionalData, mode, runExecutionData, executeData } =
		context as unknown as Record<string, never>;
	const node = { ...context.getNode(), type: `${context.getNode().type}Tool` };
	return new core.SupplyDataContext(
		workflow,
		node,
		additionalData,
		mode,
		runExecutionData,
		0,
		[],
		{},
		'ai_tool',
		executeData,
		[],
		undefined,
		parentNode,
	) as unknown as IExecuteFunctions;
}

describe('an item of a failed job', () => {
	const json = { error: 'No video', message: 'Try again', details: { kind: 'timedOut' } };
	const settings = { onError: 'continueErrorOutput' } as const;
	const pairedItem = { item: 0 };

	const run = async (item: Finished['items'][number]) =>
		await runNode(
			() => [
				{ json: { id: 'task' }, pairedItem },
				{ ...item, pairedItem },
			],
			{
				items: [{ json: { prompt: 'kite' } }],
				settings,
			},
		);

	it('leaves through the error output with its details', async () => {
		const failed = Object.assign(n8n.failedItem(json), { pairedItem });
		const { items, errors } = await runNode(() => [{ json: { id: 'task' }, pairedItem }, failed], {
			items: [{ json: { prompt: 'kite' } }],
			settings,
		});
		expect(items).toEqual([{ json: { id: 'task' }, pairedItem }]);
		expect(errors).toEqual([{ json: { prompt: 'kite', ...json }, pairedItem }]);
	});

	it('leaves through the error output without a special mark (n8n ≥ 2.36)', async () => {
		const { errors } = await run({ json });
		expect(errors).toHaveLength(1);
	});

	it('loses its details if the error is a normal field (n8n ≥ 2.0)', async () => {
		const { errors } = await run({ json, error: new Error('No video') as never });
		expect(errors[0].json).toEqual({ error: 'No video' });
	});
});

describe("n8n's requests", () => {
	const credential = { apiKey: 'sk-stored', baseUrl: '' };
	const originOf = (url: string) => new URL(url).origin;

	/** Sends a request with the credential, as the node does. */
	const request = async (context: IExecuteFunctions, url: string, rest: object = {}) =>
		(await context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL,
			{ url, ...rest },
			n8n.readBefore(CREDENTIAL, { apiKey: 'sk-read-before', baseUrl: originOf(url) }),
		)) as unknown;

	it('use the credential that was read before', async () => {
		const { url, server } = await startServer();
		const response = await inNode(async (context) => await request(context, url), { credential });
		server.close();
		expect(response).toBe('Bearer sk-read-before');
	});

	it('end with the signal of the context that they are called on', async () => {
		const { url, server } = await startServer(true);
		const over = new AbortController();
		server.once('request', () => over.abort());
		const sent = inNode(
			async (context) => await request(n8n.withSignal(context, over.signal), url),
			{ credential },
		);
		// the server never responds, so only the signal can end the request
		await expect(sent).rejects.toThrow(/cancel|abort/i);
		server.closeAllConnections();
		server.close();
	});

	it('return streams whose class creates new streams', async () => {
		const { url, server } = await startServer();
		const stored = await inNode(
			async (context) => {
				const source = await request(context, url, { encoding: 'stream' });
				const { from } = n8n.readableClassOf(source as import('stream').Readable);
				const stream = from(['a kite', ' in the sky'].map((text) => Buffer.from(text)));
				const { id } = await context.helpers.prepareBinaryData(stream, 'kite.txt', 'text/plain');
				return await context.helpers.binaryToBuffer(await context.helpers.getBinaryStream(id!));
			},
			{ credential },
		);
		server.close();
		expect(stored.toString()).toBe('a kite in the sky');
	});

	it('have the code of a lost connection as its HTTP code', async () => {
		const url = `http://127.0.0.1:${await freePort()}/`;
		const error = await inNode(async (context) => await request(context, url), {
			credential,
		}).catch((caught: Error) => caught);
		expect(n8n.networkCodeOf(error as Error)).toBe('ECONNREFUSED');
	});

	it('are blocked with the words that the node knows (n8n ≥ 2.41)', () => {
		const requireFromCore = createRequire(require.resolve('n8n-core'));
		const errors = requireFromCore('@n8n/backend-network') as Record<
			string,
			new (address: string) => Error
		>;
		const { SsrfBlockedIpError, SsrfBlockedHostnameError } = errors;
		for (const error of [new SsrfBlockedIpError('10.0.0.1'), new SsrfBlockedHostnameError('x')]) {
			const { name, message } = error;
			expect(n8n.isBlocked({ name, message: '' }) || n8n.isBlocked({ name: '', message })).toBe(
				true,
			);
		}
	});
});

it('n8n reports a stopped execution as cancelled', async () => {
	const { finished, cancel } = await startNode(async (context) => {
		setImmediate(() => cancel());
		await once(context.getExecutionCancelSignal()!, 'abort');
		return NOTHING;
	});
	const { error, status } = await finished;
	expect(status).toBe('canceled');
	expect(n8n.isCanceled(error!.message)).toBe(true);
});

describe('a pause', () => {
	beforeEach(() =>
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }),
	);
	afterEach(() => jest.useRealTimers());

	it('ends immediately with the reason of its signal', async () => {
		const over = new AbortController();
		const paused = clock.sleep(3_600_000, over.signal);
		over.abort(new Error('Stopped'));
		await expect(paused).rejects.toThrow('Stopped');
		await expect(clock.sleep(1, over.signal)).rejects.toThrow('Stopped');
	});

	it('ends after its time', async () => {
		const paused = clock.sleep(1_000, new AbortController().signal);
		await jest.advanceTimersByTimeAsync(1_000);
		await expect(paused).resolves.toBeUndefined();
	});
});
