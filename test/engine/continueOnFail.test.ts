import { replies } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import { prompts, setUp } from '../support/setUp';

type Settings = {
	onError?: 'continueRegularOutput' | 'continueErrorOutput';
	continueOnFail?: true;
};

const continues: Settings = { onError: 'continueRegularOutput' };
const toErrorOutput: Settings = { onError: 'continueErrorOutput' };

/** Runs five items, of which the third is rejected. */
async function runFive(settings: Settings, options: SandboxOptions = {}, fault?: Fault) {
	const { run, sandbox } = await setUp({
		faults: [{ call: 'create', prompt: 'c', fault: fault ?? replies.badRequest }],
		...options,
	});
	return { ...(await run({ items: prompts('a', 'b', 'c', 'd', 'e'), settings })), sandbox };
}

describe.each<[string, Settings]>([
	['Continue', continues],
	['the old Continue On Fail', { continueOnFail: true }],
])('%s', (_name, settings) => {
	it('returns an item in place of the failed one', async () => {
		const { items, error, errors, status } = await runFive(settings);
		expect({ error, errors, status }).toEqual({ error: undefined, errors: [], status: 'success' });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
		expect(items.map(({ json }) => json.error !== undefined)).toEqual([
			...[false, false, true, false, false],
		]);
	});

	it('returns what happened and what to do, and nothing else', async () => {
		const { items } = await runFive(settings);
		expect(items[2]).toEqual({
			json: {
				error: 'CometAPI rejected the request',
				message: expect.stringMatching(
					/^Check 'Prompt', .*\. CometAPI says: The prompt is not allowed \(request id: \w+\) \(invalid_request\)$/,
				),
				details: {
					kind: 'rejected',
					httpCode: 400,
					code: 'invalid_request',
					retryable: false,
					mayHaveBeenCreated: false,
				},
			},
			pairedItem: { item: 2 },
		});
	});

	it('returns the other videos with their files', async () => {
		const { items, sandbox } = await runFive(settings);
		const files = items.map(({ binary }) => binary?.data.fileName);
		expect(files).toEqual(items.map(({ json }) => json.id && `${json.id as string}.mp4`));
		expect(sandbox.counts()).toMatchObject({ creates: 5, created: 4, delivered: 4 });
	});
});

describe('Continue (using error output)', () => {
	it('returns only the failed item at the second output', async () => {
		const { items, errors, error } = await runFive(toErrorOutput);
		expect(error).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 3, 4].map((item) => ({ item })),
		);
		expect(errors.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 2 }]);
		expect(items.every(({ json }) => json.status === 'completed')).toBe(true);
	});

	it('returns what happened together with the fields of the input item', async () => {
		const { errors } = await runFive(toErrorOutput);
		expect(errors[0].json).toEqual({
			prompt: 'c',
			error: 'CometAPI rejected the request',
			message: expect.stringContaining('The prompt is not allowed'),
			details: {
				kind: 'rejected',
				httpCode: 400,
				code: 'invalid_request',
				retryable: false,
				mayHaveBeenCreated: false,
			},
		});
	});

	it('returns failed videos of Retrieve Video at the first output', async () => {
		const { run, sandbox, clock } = await setUp({
			outcome: () => ({ error: { code: 'x', message: 'No luck' } }),
		});
		await run({ parameters: { operation: 'create' } });
		await clock.sleep(60_000);
		const { items, errors } = await run({
			parameters: { operation: 'retrieve', taskId: sandbox.tasks[0].id },
			settings: toErrorOutput,
		});
		expect(errors).toEqual([]);
		expect(items[0].json.failure).toEqual({ code: 'x', message: 'No luck' });
	});
});

describe('the details', () => {
	const third = async (fault: Fault, options: SandboxOptions = {}) =>
		(await runFive(continues, options, fault)).items[2].json;

	it('report that a request may have been charged', async () => {
		const { details } = await third(replies.gatewayTimeout);
		expect(details).toEqual({
			kind: 'noResponse',
			httpCode: 504,
			retryable: false,
			mayHaveBeenCreated: true,
		});
	});

	it('contain the network error code', async () => {
		const { details } = await third({ kind: 'resetAfterBody' });
		expect(details).toEqual({
			kind: 'noResponse',
			code: 'ECONNRESET',
			retryable: false,
			mayHaveBeenCreated: true,
		});
	});

	it('contain the task and its last status at the timeout', async () => {
		const { items, sandbox } = await runFive(continues, {
			faults: [],
			jobMs: (_index, prompt) => (prompt === 'c' ? Infinity : 1_000),
		});
		const { id } = sandbox.tasks.find(({ prompt }) => prompt === 'c')!;
		expect(items[2].json).toEqual({
			error: 'The video was not finished within 15 minutes',
			message: expect.stringContaining(`'Retrieve Video' with task ID ${id}`),
			details: {
				kind: 'timedOut',
				taskId: id,
				status: 'queued',
				retryable: true,
				mayHaveBeenCreated: false,
			},
		});
		expect(items).toHaveLength(5);
	});

	it('contain the task and the file URL when the download fails', async () => {
		const { items, sandbox } = await runFive(continues, {
			faults: (['file', 'content'] as const).map((call) => ({
				...{ call, prompt: 'c', fault: replies.unavailable },
			})),
		});
		const { id } = sandbox.tasks.find(({ prompt }) => prompt === 'c')!;
		expect(items[2].json.details).toEqual({
			kind: 'unavailable',
			taskId: id,
			status: 'completed',
			httpCode: 503,
			videoUrl: `${sandbox.fileHostUrl}/files/${id}.mp4`,
			retryable: true,
			mayHaveBeenCreated: false,
		});
		expect(items.filter(({ binary }) => binary)).toHaveLength(4);
	});
});
