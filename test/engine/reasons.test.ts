import { replies } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import { recordSubExecutions } from '../support/paused';
import { prompts, setUp } from '../support/setUp';

const REASON = 'The prompt names a real person';

const body = (text: string | Buffer, contentType: string, status = 400): Fault =>
	({ kind: 'reply', status, body: text as string, contentType }) as Fault;

const json = (value: object, status = 400): Fault =>
	body(JSON.stringify(value), 'application/json', status);

const notDone = (status: string): Fault =>
	json({ error: { message: `Task is not completed yet, current status: ${status}` } });

describe('a failed video without a reason', () => {
	const noReason: SandboxOptions = { outcome: () => ({ error: null }) };

	it.each<[string, Fault, object]>([
		[
			'VIOLATION',
			notDone('VIOLATION'),
			{ code: 'VIOLATION', message: 'blocked by moderation (VIOLATION)' },
		],
		[
			'a full stop',
			json({ error: { message: 'Task is not completed yet, current status: BLOCKED.' } }),
			{ code: 'BLOCKED', message: 'blocked by moderation (BLOCKED)' },
		],
		['words', json({ error: { message: REASON } }), { code: 'failed', message: REASON }],
		['FAILURE', notDone('FAILURE'), { code: 'failed', message: 'no reason given' }],
		...[
			`Task is not completed, status: FAILED. Reason: ${REASON}`,
			`Generation failed (upstream status: 500): ${REASON}`,
			`${REASON}, status: rejected`,
		].map((message): [string, Fault, object] => [
			message,
			json({ error: { message } }),
			{ code: 'failed', message },
		]),
		['502', replies.badGateway, { code: 'failed', message: 'no reason given' }],
		['a reset', { kind: 'resetBeforeBody' }, { code: 'failed', message: 'no reason given' }],
	])('has the one in place of its file: %s', async (_name, fault, failure) => {
		const { run, sandbox } = await setUp({ ...noReason, faults: [{ call: 'content', fault }] });
		const { error } = await run();
		const { message } = failure as { message: string };
		expect(error?.message).toBe(`Veo could not generate the video: ${message} [item 0]`);
		expect(sandbox.counts().contents).toBe(1);
		const parameters = { operation: 'retrieve', taskId: sandbox.tasks[0].id };
		expect((await run({ parameters })).items[0].json.failure).toEqual(failure);
	});

	it('is requested once, and only if there is none', async () => {
		const error = { code: 'x', message: REASON };
		const { run, sandbox } = await setUp({ outcome: () => ({ error }) });
		await run({ items: prompts('a', 'b'), settings: { onError: 'continueRegularOutput' } });
		expect(sandbox.counts().contents).toBe(0);
	});

	it('has the one in place of its file in a paused execution too (n8n ≥ 2.41)', async () => {
		const setup = await setUp({
			...noReason,
			faults: [{ call: 'content', fault: notDone('VIOLATION') }],
		});
		const { started, executeWorkflow } = recordSubExecutions(setup);
		await setup.run({ parameters: { options: { waitMode: 'durable' } }, executeWorkflow });
		await setup.clock.sleep(200_000);
		const { parameters } = started[0].nodes.find(
			({ parameters: { internalRole } }) => internalRole,
		)!;
		const { items } = await setup.run({
			items: started[0].items.map(({ json: item }) => ({ json: item })),
			parameters: { ...parameters, internalRole: 'check' },
		});
		expect(items[0].json.failure).toMatchObject({
			kind: 'generationFailed',
			data: { reason: 'blocked by moderation (VIOLATION)' },
		});
	});
});

describe("CometAPI's words", () => {
	it.each<[string, Fault]>([
		['beside a title', json({ statusCode: 400, error: 'Bad Request', message: REASON })],
		['as description', json({ error: 'invalid_request', error_description: REASON })],
		['in JSON quoted as text', json({ message: JSON.stringify({ error: { message: REASON } }) })],
		['with a byte order mark', body(`\ufeff{"error":"${REASON}"}`, 'application/json')],
		['as an event', body(`event: error\ndata: {"error":"${REASON}"}\n\n`, 'text/event-stream')],
		['with status 200', json({ code: 400, msg: REASON }, 200)],
	])('are reported %s', async (_name, fault) => {
		const { run, sandbox } = await setUp({ faults: [{ call: 'create', fault }] });
		const { error } = await run();
		expect(error?.description).toContain(`CometAPI says: ${REASON}`);
		expect(error?.context.details).toMatchObject({ kind: 'rejected', mayHaveBeenCreated: false });
		expect(sandbox.counts().creates).toBe(1);
	});

	it('have the ID of the request in its header', async () => {
		const fault = {
			...json({ error: { message: REASON } }),
			headers: { 'x-cometapi-request-id': 'r-7' },
		} as Fault;
		const { run } = await setUp({ faults: [{ call: 'create', fault }] });
		expect((await run()).error?.description).toContain(`${REASON} (request id: r-7)`);
	});

	it.each<[string, Fault]>([
		['an empty 500', { kind: 'reply', status: 500, body: '' }],
		['a page', { kind: 'reply', status: 502, body: '<html>Bad Gateway</html>' }],
		['text without a meaning', { kind: 'reply', status: 200, body: '!' }],
	])('have that ID alone if there are no words: %s', async (_name, fault) => {
		const headers = { 'x-cometapi-request-id': 'r-7' };
		const { run } = await setUp({
			faults: [{ call: 'create', fault: { ...fault, headers } as Fault }],
		});
		expect((await run()).error?.description).toContain('Request ID: r-7');
	});
});

it('a task is read with a byte order mark, in a list and in an event', async () => {
	const { run, sandbox } = await setUp();
	for (const form of [
		(task: string) => `\ufeff${task}`,
		(task: string) => `[${task}]`,
		(task: string) => `data: ${task}\n\ndata: [DONE]\n\n`,
	]) {
		sandbox.reset();
		const task = '{"id":"task_form","status":"queued"}';
		sandbox.faults.push({ call: 'create', fault: body(form(task), 'text/plain', 200) });
		const { items } = await run({ parameters: { operation: 'create' } });
		expect(items[0].json).toMatchObject({ id: 'task_form', status: 'queued' });
	}
});

it('a time-out says what CometAPI responded last, even if it could not be read', async () => {
	const { run } = await setUp({
		jobMs: 3_600_000,
		faults: [
			{
				call: 'retrieve',
				nth: Array.from({ length: 99 }, (_, i) => i + 3),
				fault: body('{"queue":"long"}', 'application/json', 200),
			},
		],
	});
	const { error } = await run({ parameters: { options: { timeout: 2 } } });
	expect(error?.message).toContain('was not finished within 2 minutes');
	expect(error?.description).toContain('{"queue":"long"}');
});
