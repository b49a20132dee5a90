import { replies } from '../sandbox/server';
import type { Fault } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { setUp } from '../support/setUp';
import * as task from '../../nodes/Veo/transport/task';
import * as reason from '../../nodes/Veo/transport/reason';

const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const nested = (open: string, close: string, depth = 20_000) =>
	open.repeat(depth) + '1' + close.repeat(depth);
const FORMS: Array<[name: string, deep: string]> = [
	['lists', nested('[', ']')],
	['objects', nested('{"url":', '}')],
	['links', nested('[{"url":', '}]')],
	['wrappings', nested('{"data":', '}')],
	['errors', nested('{"error":', '}')],
];
const KEYS = ['url', 'video_url', 'output', 'error', 'detail', 'data', 'metadata', 'anything'];
const json = (body: string, created = true): Fault => ({
	...{ kind: 'reply', status: 200, body, contentType: 'application/json', created },
});

describe.each(FORMS)('a value of %s nested 20,000 deep', (_name, deep) => {
	it.each(KEYS)('beside the ID of a new task does not hide the ID: %s', async (key) => {
		const { run, sandbox } = await setUp({
			ids: () => 'task_1',
			faults: [
				{ call: 'create', fault: json(`{"id":"task_1","${key}":${deep},"status":"queued"}`) },
			],
		});
		const { items } = await run({ settings: retryOnFail });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
	});

	it.each(KEYS)('in a finished task is cut, so that n8n can store the task: %s', async (key) => {
		const { run, sandbox } = await setUp({
			ids: () => 'task_1',
			faults: [
				{
					...{ call: 'retrieve', status: 'completed' },
					fault: json(`{"id":"task_1","status":"completed","${key}":${deep}}`),
				},
			],
		});
		const { items, stored } = await run();
		await expectOwnFiles(sandbox, items);
		expect(JSON.stringify(items[0].json).length).toBeLessThan(5_000);
		expect(stored).toContain('task_1');
	});

	it('in an error reveals nothing about the POST', async () => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', fault: json(`{"x":${deep}}`) }],
		});
		const { error } = await run({ settings: retryOnFail });
		expect(error?.context.details).toMatchObject({ kind: 'notResent' });
		expect(sandbox.counts().creates).toBe(1);
	});
});

describe('an exception while the response to a POST is read', () => {
	const throwIn = (module: object, name: string) =>
		jest.spyOn(module as { [name]: () => unknown }, name).mockImplementationOnce(() => {
			throw new RangeError('Maximum call stack size exceeded');
		});

	it.each<[string, () => void, Fault | undefined]>([
		['as a task', () => throwIn(task, 'parseTask'), undefined],
		['as an error', () => throwIn(reason, 'readReply'), { ...replies.serverError, created: true }],
		['as a text', () => throwIn(reason, 'toReply'), undefined],
	])('is not followed by a second POST: %s', async (_name, prepare, fault) => {
		const { run, sandbox } = await setUp({
			// the list of models is read in the same way
			faults: [
				{ call: 'catalogue', fault: { kind: 'reply', status: 404 } },
				...(fault ? [{ call: 'create' as const, fault }] : []),
			],
		});
		prepare();
		const failed = await run({ settings: retryOnFail });
		expect(failed.error?.context.details).toMatchObject({
			...{ kind: 'notResent', mayHaveBeenCreated: true },
		});
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts().creates).toBe(2);
	});
});

describe('a create response with a failed task', () => {
	it.each([
		'{"status":"failed","fail_reason":"Nope"}',
		'{"status":"FAILED","error":{"message":"Nope"}}',
		'{"code":"success","data":{"status":"failure","fail_reason":"Nope"}}',
	])('has created nothing without an ID: %s', async (body) => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', nth: 1, fault: json(body, false) }],
		});
		const { items } = await run({ settings: { onError: 'continueRegularOutput' } });
		expect(items[0].json).toMatchObject({
			error: 'CometAPI rejected the request',
			message: expect.stringContaining('CometAPI says: Nope'),
			details: { mayHaveBeenCreated: false },
		});
		expect(sandbox.counts().creates).toBe(1);
	});

	it('is sent again by Retry On Fail', async () => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', nth: 1, fault: json('{"status":"failed"}', false) }],
		});
		await expectOwnFiles(sandbox, (await run({ settings: retryOnFail })).items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1 });
	});
});
