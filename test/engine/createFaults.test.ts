import { replies, startSandbox } from '../sandbox/server';
import type { Fault } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

const retryOnFail = { retryOnFail: true, maxTries: 4, waitBetweenTries: 1 };
const first = (fault: Fault, nth: number | number[] = 1) => ({
	faults: [{ call: 'create' as const, nth, fault }],
});

describe('a request CometAPI rejects', () => {
	const refusals: Array<[name: string, fault: Fault, message: RegExp, description: RegExp]> = [
		['400', replies.badRequest, /rejected the request/, /'Prompt'.*The prompt is not allowed/],
		['403', replies.forbidden, /does not allow this request/, /'Model'.*no access to the model/],
		['403 without quota', replies.quotaUsedUp, /balance or quota/, /Top up/],
		['413', replies.tooLarge, /images are too large/, /smaller images/],
		['500 invalid_request', replies.invalidRequest500, /rejected the request/, /'Aspect Ratio'/],
		['422', { kind: 'reply', status: 422 }, /rejected the request/, /'Prompt'/],
	];

	it.each(refusals)('fails at once with %s', async (_name, fault, message, description) => {
		const { run, sandbox } = await setUp(first(fault));
		const { error } = await run();
		expect(error?.message).toMatch(message);
		expect(error?.message).toContain('[item 0]');
		expect(error?.description).toMatch(description);
		expect(error?.description).toMatch(/request id: sandbox/);
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: false });
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0, delivered: 0 });
	});

	it.each(refusals)('is sent again by a retry after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const failed = await run();
		const { items } = await failed.retry();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1, delivered: 1 });
	});

	it.each(refusals)('is sent again by Retry On Fail after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const { items } = await run({ settings: retryOnFail });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1, delivered: 1 });
	});
});

describe('a rejected key', () => {
	it('is used again once it is fixed', async () => {
		const { run, sandbox } = await setUp();
		const key = sandbox.apiKey;
		sandbox.apiKey = 'sk-another-key';
		const failed = await run();
		sandbox.apiKey = key;
		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1, delivered: 1 });
	});

	it('ends the node, which sends no other requests', async () => {
		const { run, sandbox } = await setUp();
		sandbox.apiKey = 'sk-another-key';
		const { error } = await run({
			items: prompts('a', 'b', 'c'),
			parameters: { options: { maxConcurrent: 1 } },
		});
		expect(error?.message).toBe('CometAPI rejected the API key [item 0]');
		expect(error?.description).toMatch(/Check the API key in the credential/);
		expect(error?.httpCode).toBe('401');
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
	});

	it('is not tried with the other items when the node continues', async () => {
		const { run, sandbox } = await setUp();
		sandbox.apiKey = 'sk-another-key';
		const { items } = await run({
			items: prompts('a', 'b', 'c'),
			parameters: { options: { maxConcurrent: 1 } },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.error)).toEqual([
			'CometAPI rejected the API key',
			'Not sent, because CometAPI rejected the API key',
			'Not sent, because CometAPI rejected the API key',
		]);
		expect(sandbox.counts().creates).toBe(1);
	});
});

describe('a request that certainly created nothing', () => {
	it.each<[string, Fault, number]>([
		['429', replies.rateLimited, 1_000],
		['429 with seconds', replies.rateLimitedFor(90), 90_000],
		['429 with a date', replies.rateLimitedUntil(70), 69_000],
	])('is sent again after %s', async (_name, fault, atLeastMs) => {
		const { run, sandbox } = await setUp(first(fault, [1, 2]));
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		const [one, two, three] = sandbox.requests.filter(({ call }) => call === 'create');
		expect(two.atMs - one.atMs).toBeGreaterThanOrEqual(atLeastMs * 0.9);
		expect(three.atMs - two.atMs).toBeGreaterThanOrEqual(atLeastMs * 0.9);
		expect(sandbox.counts()).toMatchObject({ creates: 3, created: 1, delivered: 1 });
	});

	it('is sent again once the server is up', async () => {
		const { run, sandbox, clock } = await setUp();
		const early = await startSandbox();
		await early.close();
		const port = Number(new URL(early.baseUrl).port);
		const starting = clock.sleep(1_500).then(async () => await startSandbox({ clock, port }));
		const { items } = await run({
			credential: { apiKey: sandbox.apiKey, baseUrl: early.baseUrl },
		});
		const late = await starting;
		await expectOwnFiles(late, items);
		await late.close();
		expect(late.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
	});

	it('ends the node and reports what to check when no server ever responds', async () => {
		const { run, sandbox } = await setUp();
		await sandbox.close();
		const { error } = await run();
		expect(error?.message).toBe('CometAPI could not be reached [item 0]');
		expect(error?.description).toMatch(/'Base URL'.*Nothing was sent \(ECONNREFUSED\)/);
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: false, retryable: true });
	});
});

describe('a request whose response is lost', () => {
	const losses: Array<[string, Fault]> = [
		['500', { ...replies.serverError, created: true }],
		['502 HTML', { ...replies.badGateway, created: true }],
		['503', { ...replies.unavailable, created: true }],
		['504', { ...replies.gatewayTimeout, created: true }],
		['524', { ...replies.timeout524, created: true }],
		['a reset after the body', { kind: 'resetAfterBody' }],
		['no answer', { kind: 'hang' }],
		['200 with HTML', { kind: 'html200' }],
		['broken JSON', { kind: 'brokenJson' }],
		['no id', { kind: 'noId' }],
	];

	it.each(losses)('is not sent again by Retry On Fail after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const { error } = await run({ settings: retryOnFail });
		expect(error?.message).toContain('Not resent');
		expect(error?.description).toMatch(
			/may have been created and charged.*retry this execution in the Executions tab/,
		);
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: true });
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 0 });
	});

	it.each(losses)('is reported as possibly charged after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const { items } = await run({ settings: { onError: 'continueRegularOutput' } });
		expect(items[0].json).toMatchObject({
			error: expect.stringContaining('may have been created and charged'),
			details: { mayHaveBeenCreated: true, retryable: false },
		});
		expect(sandbox.counts().creates).toBe(1);
	});

	it.each(losses)('is sent again by the Retry button after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const failed = await run({ settings: retryOnFail });
		const { items, error } = await failed.retry();
		expect(error).toBeUndefined();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, delivered: 1 });
	});

	it('is not sent again by Create Video either', async () => {
		const { run, sandbox } = await setUp(first({ kind: 'resetAfterBody' }));
		const failed = await run({ parameters: { operation: 'create' }, settings: retryOnFail });
		expect(failed.error?.context.details).toMatchObject({ mayHaveBeenCreated: true });
		expect(sandbox.counts().creates).toBe(1);
		const { items } = await failed.retry();
		expect(items).toHaveLength(1);
		expect(sandbox.counts().creates).toBe(2);
	});
});

it('names the Base URL when it redirects to a web page', async () => {
	const { run, sandbox } = await setUp(first(replies.movedToWebPage));
	const { error } = await run();
	expect(error?.message).toMatch(/Base URL redirects to another address/);
	expect(error?.description).toMatch(/Check 'Base URL'.*https:\/\/api\.cometapi\.com/);
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
});
