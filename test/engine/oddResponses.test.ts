import { limits } from '../../nodes/Veo/limits';
import { replies } from '../sandbox/server';
import type { Fault } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { setUp } from '../support/setUp';

/** Responses that could end the wait for a task, each with the message if no other response comes. */
const odd: Array<[name: string, fault: Fault, message: RegExp]> = [
	['400', replies.badRequest, /rejected the request/],
	['400 for an unknown task', replies.taskNotExist, /can't find this task/],
	['401', replies.unauthorized, /rejected the API key/],
	['402', replies.paymentRequired, /balance or quota is used up/],
	['403', replies.forbidden, /./],
	['404 for an unknown task', replies.taskNotExist404, /can't find this task/],
	['404 with a page', { kind: 'reply', status: 404, body: '<html></html>' }, /Base URL/],
	['405', replies.methodNotAllowed, /status 405 \(method not allowed\)/],
	['407', replies.proxyAuthRequired, /proxy.*asks for a sign-in/],
	['410', { kind: 'reply', status: 410 }, /status 410/],
	['415', replies.unsupportedMediaType, /status 415 \(unsupported media type\)/],
	['418', { kind: 'reply', status: 418, body: 'I am a teapot' }, /status 418/],
	['451', replies.legalReasons, /status 451 \(unavailable for legal reasons\)/],
	['301', replies.movedToWebPage, /redirects to another address/],
	['200 with an error', replies.contentPolicy200, /did not return the status/],
];

const SECOND_AND_THIRD = [2, 3];
const FROM_THE_SECOND = Array.from({ length: 40 }, (_, index) => index + 2);

describe.each(odd)('%s in the middle of the wait', (_name, fault, message) => {
	it('does not end the wait, and pays for nothing again', async () => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'retrieve', nth: SECOND_AND_THIRD, fault }],
		});
		const { items } = await run({
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
	});

	it('ends the wait after a minute without other responses, with the task ID', async () => {
		const { run, sandbox, clock } = await setUp({
			jobMs: 600_000,
			faults: [{ call: 'retrieve', nth: FROM_THE_SECOND, fault }],
		});
		const startedAt = clock.now();
		const { error } = await run();
		const { overMs, count } = limits.oddResponses;
		expect(error?.message).toMatch(message);
		expect(error?.description).toContain(sandbox.tasks[0].id);
		expect(clock.now() - startedAt).toBeGreaterThan(overMs);
		expect(clock.now() - startedAt).toBeLessThan(2 * overMs);
		expect(sandbox.counts().retrieves).toBeGreaterThan(count);
	});
});

it('waits on if a first unknown task follows a minute of other refusals', async () => {
	const { start, sandbox, clock } = await setUp({
		jobMs: 120_000,
		faults: [{ call: 'retrieve', nth: FROM_THE_SECOND, fault: replies.unauthorized }],
	});
	const running = await start();
	await clock.stopWhen(() => sandbox.counts().retrieves >= 2);
	const refusedAt = clock.now();
	clock.goOn();
	await clock.stopWhen(() => clock.now() - refusedAt > limits.oddResponses.overMs - 3_000);
	sandbox.faults = [{ call: 'retrieve', times: 1, fault: replies.taskNotExist }];
	clock.goOn();
	await expectOwnFiles(sandbox, (await running.finished).items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
});

it('reuses a task whose wait ended with a refusal', async () => {
	const { run, sandbox } = await setUp({
		faults: [{ call: 'retrieve', nth: FROM_THE_SECOND, fault: replies.forbidden }],
	});
	const failed = await run();
	sandbox.faults = [];
	await expectOwnFiles(sandbox, (await failed.retry()).items);
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
});

it('immediately reports an entered task ID that CometAPI does not know', async () => {
	const { run, sandbox } = await setUp();
	const { error } = await run({ parameters: { operation: 'retrieve', taskId: 'task_unknown' } });
	expect(error?.message).toContain("can't find this task");
	expect(sandbox.counts().retrieves).toBe(1);
});
