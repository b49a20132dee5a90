import { replies, statusWords } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

/** Every check of a task gets this response. */
const onRetrieve = (fault: Fault, rest: SandboxOptions = {}): SandboxOptions => ({
	faults: [{ call: 'retrieve', fault }],
	...rest,
});

async function expectDelivered(options: SandboxOptions) {
	const { run, sandbox } = await setUp(options);
	const { items, error } = await run({ parameters: { options: { timeout: 1 } } });
	expect(error).toBeUndefined();
	await expectOwnFiles(sandbox, items);
	expect(items[0].json).toMatchObject({ status: 'completed' });
	expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
	return { item: items[0], sandbox };
}

describe("a status in CometAPI's other words", () => {
	it.each(['SUCCESS', ' Done '])('is finished: %j', async (status) => {
		// without a link, only the status word indicates the end
		await expectDelivered({
			faults: [{ call: 'retrieve', status: 'completed', fault: { kind: 'taskStatus', status } }],
			videoUrl: false,
		});
	});

	it.each(['FAILURE', 'expired'])('has failed: %s', async (status) => {
		const { run, sandbox } = await setUp(
			onRetrieve({ kind: 'taskStatus', status }, { videoUrl: false }),
		);
		const { error } = await run();
		expect(error?.context.details).toMatchObject({ kind: 'generationFailed', status: 'failed' });
		expect(sandbox.counts()).toMatchObject({ creates: 1, retrieves: 1, delivered: 0 });
	});

	it('is not finished with any of the words for an unfinished task', async () => {
		const { run } = await setUp({
			faults: statusWords.unfinished.map((status) => ({
				...({ call: 'retrieve', prompt: status, fault: { kind: 'taskStatus', status } } as const),
			})),
		});
		const { items } = await run({
			items: prompts(...statusWords.unfinished),
			parameters: {
				downloadVideo: false,
				options: { maxConcurrent: 20, timeout: 0.1, onTimeout: 'returnTask' },
			},
		});
		const known = items.map(({ json }) => ['queued', 'in_progress'].includes(String(json.status)));
		expect(statusWords.unfinished.filter((_, index) => !known[index])).toEqual([]);
	});

	it('counts as finished with an unknown word, 100 % and a link', async () => {
		const { item } = await expectDelivered(onRetrieve({ kind: 'taskStatus', status: 'rendered' }));
		expect(item.json.status).toBe('completed');
	});
});

describe('a task in another form', () => {
	const forms = ['wrappedTwice', 'gatewayForm', 'callbackForm'] as const;

	it.each(forms)('is read: %s', async (kind) => {
		const { item, sandbox } = await expectDelivered(onRetrieve({ kind }));
		expect(item.json).toMatchObject({ id: sandbox.tasks[0].id });
		expect(item.json).not.toHaveProperty('error');
	});

	it.each(forms)('is read from a create response: %s', async (kind) => {
		const { item, sandbox } = await expectDelivered({
			faults: [{ call: 'create', fault: { kind } }],
		});
		expect(item.json).toMatchObject({ id: sandbox.tasks[0].id });
	});

	it.each(['data.output', 'fail_reason'])('has its link in %s', async (place) => {
		const { item, sandbox } = await expectDelivered(onRetrieve({ kind: 'linkIn', place }));
		const [{ id }] = sandbox.tasks;
		expect(item.json.video_url).toBe(`${sandbox.fileHostUrl}/files/${id}.mp4`);
		expect(sandbox.counts()).toMatchObject({ files: 1, contents: 0 });
	});

	it.each(['url', 'data.url'])(
		'has a file at /content whose link is in JSON: %s',
		async (place) => {
			const { sandbox } = await expectDelivered({
				videoUrl: false,
				faults: [{ call: 'content', fault: { kind: 'linkInJson', place } }],
			});
			expect(sandbox.counts()).toMatchObject({ files: 1, contents: 1 });
			const [atHost] = sandbox.requests.filter(({ call }) => call === 'file');
			expect(atHost.headers.authorization).toBeUndefined();
		},
	);
});

describe('the ID of a created task', () => {
	it.each(['data', 'data.data.task_id'])('is found in %s', async (place) => {
		const { item, sandbox } = await expectDelivered({
			faults: [{ call: 'create', fault: { kind: 'idIn', place } }],
		});
		expect(item.json.id).toBe(sandbox.tasks[0].id);
	});

	it('may be a number', async () => {
		const { item, sandbox } = await expectDelivered({ numericIds: true });
		expect(String(item.json.id)).toBe(sandbox.tasks[0].id);
	});
});

describe('the reason of a failed task', () => {
	const withReason = ['errorObject', 'messageBesideData'] as const;

	it.each(withReason)('is quoted: %s', async (form) => {
		const reason = 'Blocked by safety filter';
		const { run, sandbox } = await setUp(onRetrieve({ kind: 'failedTask', form, reason }));
		const { error } = await run();
		expect(error?.message).toBe(`Veo could not generate the video: ${reason} [item 0]`);
		expect(error?.context.details).toMatchObject({
			...{ kind: 'generationFailed', taskId: sandbox.tasks[0].id, retryable: false },
		});
	});

	it.each(withReason)('is in the output of Retrieve Video: %s', async (form) => {
		const reason = 'Blocked by safety filter';
		const { run, sandbox } = await setUp(onRetrieve({ kind: 'failedTask', form, reason }));
		await run({ parameters: { operation: 'create' } });
		const { items } = await run({
			parameters: { operation: 'retrieve', taskId: sandbox.tasks[0].id },
		});
		expect(items[0].json).toMatchObject({ status: 'failed', failure: { message: reason } });
	});

	it('is its code when there is no other reason', async () => {
		const { run } = await setUp(onRetrieve({ kind: 'failedTask', form: 'codeOnly' }));
		const { error } = await run();
		expect(error?.message).toContain('content_policy_violation');
	});
});

describe('an error instead of the status of a task', () => {
	const errors: Array<[string, Fault]> = [
		['as 200', replies.contentPolicy200],
		['as flat 200', replies.contentPolicyFlat200],
		[
			'as 200 with any words',
			{ kind: 'reply', status: 200, body: { error: 'The task was withdrawn' } },
		],
		['as 400', replies.contentPolicy400],
	];

	it.each(errors)('does not end the wait if it is temporary: %s', async (_name, fault) => {
		await expectDelivered({ faults: [{ call: 'retrieve', nth: [1, 2], fault }] });
	});

	it.each(errors)(
		'ends the item after one to two minutes and quotes its words: %s',
		async (_name, fault) => {
			const { run, sandbox, clock } = await setUp({ ...onRetrieve(fault), jobMs: 240_000 });
			const startedAt = clock.now();
			const failed = await run();
			const [{ id }] = sandbox.tasks;
			expect(clock.now() - startedAt).toBeGreaterThan(60_000);
			expect(clock.now() - startedAt).toBeLessThan(120_000);
			expect(failed.error?.message).toBe(
				'CometAPI did not return the status of the video [item 0]',
			);
			expect(failed.error?.description).toMatch(/CometAPI says: The (prompt was blocked|task was)/);
			expect(failed.error?.description).toContain(`'Retrieve Video' with task ID ${id}`);
			expect(failed.error?.context.details).toMatchObject({ kind: 'taskError', taskId: id });

			// the task is kept: a retry reuses it
			sandbox.faults = [];
			const { items } = await failed.retry();
			await expectOwnFiles(sandbox, items);
			expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
		},
	);
});

describe('the last words of CometAPI', () => {
	it('are in the error of the timeout', async () => {
		const { run } = await setUp({
			faults: [{ call: 'retrieve', fault: { ...replies.unavailable, message: 'Out of order' } }],
		});
		const { error } = await run();
		expect(error?.message).toBe('The video was not finished within 15 minutes [item 0]');
		expect(error?.description).toMatch(/CometAPI last said: Out of order \(request id: \w+\)/);
	});

	it('are not in it when a later check got a response', async () => {
		const { run } = await setUp({
			jobMs: Infinity,
			faults: [{ call: 'retrieve', nth: 1, fault: replies.unavailable }],
		});
		const { error } = await run();
		expect(error?.description).not.toContain('last said');
	});
});
