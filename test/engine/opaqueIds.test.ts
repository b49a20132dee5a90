import { expectOwnFiles } from '../support/expect';
import { setUp } from '../support/setUp';
import type { Fault } from '../sandbox/server';

const IDS = [
	...[
		'video_bGl0ZWxsbTp2aWRlbw==',
		'a+b/c=',
		'models/veo-3.1/operations/1f-2e',
		'1728394056677889901',
	],
	...[
		'...',
		'%2e%2e',
		'a b',
		' a ',
		'völlig',
		'🪁',
		'a?b#c',
		'a\\b',
		'x'.repeat(1_000),
		'a\nb\u0007\u001b[31m',
	],
];

/** A reply to the create call with this body. */
const created = (json: string): Fault => ({
	...{ kind: 'reply', status: 200, body: json, contentType: 'application/json', created: true },
});

describe.each(IDS)('the ID %j', (id) => {
	const options = { ids: () => id };
	const path = `/v1/videos/${encodeURIComponent(id)}`;

	it('is polled, downloaded and returned as CometAPI gave it', async () => {
		const { run, sandbox } = await setUp({ ...options, videoUrl: false });
		const { items, error } = await run();
		expect(error).toBeUndefined();
		await expectOwnFiles(sandbox, items);
		expect(items[0].json.id).toBe(id);
		const urls = sandbox.requests.map(({ url }) => url);
		expect(new Set(urls)).toEqual(new Set(['/v1/videos', path, `${path}/content`]));
	});

	it('is reused by a retry', async () => {
		const { run, sandbox } = await setUp({ ...options, jobMs: 20 * 60_000 });
		const { items } = await (await run()).retry();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts().creates).toBe(1);
	});
});

it.each(['id', 'task_id', 'data'])('a number in `%s` is an ID with all its digits', async (key) => {
	const id = '1728394056677889901';
	const { run, sandbox } = await setUp({
		ids: () => id,
		faults: [{ call: 'create', fault: created(`{"${key}":${id}}`) }],
	});
	const { items } = await run();
	await expectOwnFiles(sandbox, items);
	expect(items[0].json.id).toBe(id);
	expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
});

it.each([7, 'another', '1728394056677889901', null])(
	'the ID from the create response is kept when a later response names the task %j',
	async (other) => {
		const { run, sandbox } = await setUp({
			videoUrl: false,
			faults: [
				{ call: 'retrieve', fault: { kind: 'taskFields', fields: { id: other, task_id: other } } },
			],
		});
		const { items } = await run();
		const [{ id }] = sandbox.tasks;
		await expectOwnFiles(sandbox, items);
		expect(items[0].json.id).toBe(id);
		expect(sandbox.counts()).toMatchObject({ creates: 1, contents: 1, delivered: 1 });
	},
);

it.each(['.', '..', '', ' ', 'x'.repeat(1_001), '\ud800', true, {}, []])(
	'a response with an ID that no URL can contain may have created a task: %j',
	async (id) => {
		const { run, sandbox } = await setUp({
			faults: [{ call: 'create', fault: created(JSON.stringify({ id, status: 'queued' })) }],
		});
		const { error } = await run({ settings: { retryOnFail: true, waitBetweenTries: 1 } });
		expect(error?.context.details).toMatchObject({ kind: 'notResent', mayHaveBeenCreated: true });
		expect(sandbox.counts()).toMatchObject({ creates: 1, retrieves: 0 });
	},
);

it('an ID with control characters is printable in the log and in messages', async () => {
	const { run } = await setUp({ ids: () => 'a\nb\u001b[31m\u202ec', jobMs: Infinity });
	const logged: string[] = [];
	const { logs, error } = await run({
		parameters: { options: { timeout: 1 } },
		onLog: (metadata) => logged.push(String(metadata.taskId ?? '')),
	});
	const texts = [...logs.map(({ message }) => message), ...logged, `${error?.description}`];
	expect(texts.join('')).toContain('a\\u{a}b\\u{1b}[31m\\u{202e}c');
	for (const text of texts) expect(text).not.toMatch(/\p{Cc}/u);
	expect(error?.context.details).toMatchObject({ taskId: 'a\nb\u001b[31m\u202ec' });
});
