import type { INodeParameters } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import type { Fault, SandboxOptions } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { image, startImageHost, status } from '../support/imageHost';
import { images, setUp } from '../support/setUp';

const MINUTE = 60_000;
const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

const json = (body: object, status = 200): Fault => ({
	...{ kind: 'reply', status, body: JSON.stringify(body), contentType: 'application/json' },
});

const said = (status: number, message: string) => json({ error: { message } }, status);

describe('a create response that may follow a video', () => {
	it.each<[string, Fault]>([
		['302', { kind: 'reply', status: 302, body: '', headers: { location: '/v1/videos/x' } }],
		['303', { kind: 'reply', status: 303, body: '', headers: { location: '/v1/videos/x' } }],
		['words about moderation', json({ success: true, message: 'Queued; moderation runs next' })],
		['words about a safety filter', json({ message: 'Accepted: safety filter comparison' })],
		['words about a retired model', json({ message: 'Accepted; this model is deprecated' })],
		[
			'500 after a failed moderation',
			{ ...replies.serverError, message: 'moderation timed out after the task was submitted' },
		],
		['a word in place of the ID', json({ code: 200, data: 'accepted' })],
		['something that can not be read', json({ job: { uuid: 'abc' } })],
		['a code of a success and words', json({ code: 202, message: 'Queued; moderation is next' })],
		['an unknown code and words', json({ code: 'accepted', message: 'The model is deprecated' })],
		['an empty list of errors', json({ errors: [], message: 'Accepted; moderation is next' })],
		['an empty error', json({ error: {}, message: 'Accepted; the model is deprecated' })],
		['a status inside of a success', json({ success: true, data: { job: 'a-1', code: 429 } })],
		[
			'a code inside of a success',
			json({ success: true, data: { job: 'a-1', code: 'moderated' } }),
		],
		['a balance inside of a success', json({ code: 200, data: { job: 'a-1', status_code: 402 } })],
		['a time limit', said(500, 'No video was generated within 60 s; the task is running')],
		['a doubt', said(504, 'It is not certain that nothing was created')],
		['a retired model and 408', said(408, 'Time-out; the model is deprecated')],
		['a retired model and 302', said(302, 'Moved; the model is deprecated')],
		['a later step without a channel', said(503, 'Sent; no available channel for model veo3')],
		['a conflict with an earlier request', said(409, 'A task for this request already exists')],
	])('is not sent again automatically: %s', async (_name, fault) => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', fault: { ...fault, created: true } as Fault }],
		});
		const { error } = await run({ settings: retryOnFail });
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: true });
		expect(sandbox.counts().creates).toBe(1);
	});
});

it('quotes a response that can not be read, without the key, so that a person finds the ID', async () => {
	const { run, sandbox } = await setUp();
	const body = { job: { uuid: 'abc-123' }, token: sandbox.apiKey };
	sandbox.faults.push({ call: 'create', fault: json(body) });
	const { error } = await run();
	expect(error?.message).toBe(
		"CometAPI responded with something this node can't read. The video may have been created and charged [item 0]",
	);
	expect(error?.description).toContain('The response begins with: {"job":{"uuid":"abc-123"}');
	expect(error?.description).not.toContain(sandbox.apiKey);
});

it('quotes a response without a task, whatever else it says', async () => {
	const body = { message: 'Task accepted', job: { uuid: 'abc-123' } };
	const { run } = await setUp({ faults: [{ call: 'create', fault: json(body) }] });
	const { error } = await run();
	expect(error?.message).toContain('CometAPI did not confirm the video');
	expect(error?.description).toMatch(/CometAPI says: Task accepted.*"uuid":"abc-123"/);
});

it('reports an error beside the ID of the request, and creates no task', async () => {
	const error = { message: 'The prompt is not usable here', code: 'invalid_request' };
	const { run, sandbox } = await setUp({
		faults: [{ call: 'create', fault: json({ id: 'req_1', error }) }],
	});
	const failed = await run();
	expect(failed.error?.description).toContain('CometAPI says: The prompt is not usable here');
	expect(sandbox.counts().retrieves).toBe(0);
});

describe('a paid task', () => {
	const late = { options: { timeout: 0 } };

	it.each<[string, INodeParameters]>([
		['Create Video and Wait', late],
		['Create Video', { operation: 'create' }],
	])('is kept by a retry of %s that finds no task at its end', async (_name, parameters) => {
		const { run, sandbox } = await setUp({ jobMs: 10 * MINUTE });
		const first = await run({ parameters: { ...late, ...parameters } });
		sandbox.faults.push({ call: 'retrieve', times: 1, fault: replies.taskNotExist404 });
		const second = await first.retry();
		await second.retry();
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});

	it('is kept if it is not found at the deadline only', async () => {
		let isGone = false;
		const { run, sandbox, clock } = await setUp({ jobMs: 10 * MINUTE });
		const startedAt = clock.now();
		sandbox.faultFor = (call) => {
			if (call !== 'retrieve') return undefined;
			isGone = clock.now() - startedAt > 1.7 * MINUTE;
			return isGone ? replies.taskNotExist404 : replies.badGateway;
		};
		const first = await run({ parameters: { options: { timeout: 2 } } });
		expect(isGone).toBe(true);
		sandbox.faultFor = undefined;
		await first.retry();
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});

	it.each<[string, object]>([
		['an error', { status: 'error', message: 'Service busy, try again' }],
		['a failure', { status: 'fail', message: 'Service busy' }],
		['a success', { status: 'success', data: null }],
	])('does not end with the status of a response: %s', async (_name, body) => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'retrieve', nth: 2, fault: json(body) }],
		});
		await expectOwnFiles(sandbox, (await run()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
	});

	it.each<[string, SandboxOptions['faults']]>([
		['at its link', [{ call: 'file', fault: { kind: 'cutEvery', bytes: 8 } }]],
		['at CometAPI', [{ call: 'content', fault: { kind: 'cutEvery', bytes: 8 } }]],
	] as never)('is not downloaded faster than a person clicks: %s', async (_name, faults) => {
		const { run, sandbox, clock } = await setUp({ faults, videoUrl: faults?.[0].call === 'file' });
		const startedAt = clock.now();
		await run({ parameters: { options: { timeout: 2 } } });
		const seconds = (clock.now() - startedAt) / 1000;
		expect(sandbox.counts().files + sandbox.counts().contents).toBeLessThan(1.5 * seconds);
	});
});

it('does not hide a lost request behind an image that has gone', async () => {
	const host = await startImageHost();
	const parameters = { imageInput: 'image', imageSource: 'url', imageUrl: `${host.url}/a.png` };
	host.paths['/a.png'] = [image(images.png), image(images.png), status(404)] as never;
	const { run, sandbox } = await setUp({
		faults: [{ call: 'create', fault: { ...replies.serverError, created: true } as Fault }],
	});
	const { error } = await run({ parameters, settings: retryOnFail });
	await host.close();
	expect(error?.context.details).toMatchObject({ kind: 'notResent', mayHaveBeenCreated: true });
	expect(sandbox.counts().creates).toBe(1);
});
