import { replies, startSandbox } from '../sandbox/server';
import type { Fault } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { prompts, setUp } from '../support/setUp';

const retryOnFail = { retryOnFail: true, maxTries: 4, waitBetweenTries: 1 };
const first = (fault: Fault, nth: number | number[] = 1) => ({
	faults: [{ call: 'create' as const, nth, fault }],
});

describe('a request CometAPI refuses', () => {
	const refusals: Array<[name: string, fault: Fault, message: RegExp, advice: RegExp]> = [
		[
			'400',
			replies.badRequest,
			/did not accept the request/,
			/'Prompt'.*The prompt is not allowed/,
		],
		['403', replies.forbidden, /does not allow this request/, /'Model'.*no access to the model/],
		['403 without quota', replies.quotaUsedUp, /balance or quota/, /Top up/],
		['413', replies.tooLarge, /images are too large/, /smaller images/],
		['500 invalid_request', replies.invalidRequest500, /did not accept the request/, /'Size'/],
		['422', { kind: 'reply', status: 422 }, /did not accept the request/, /'Prompt'/],
	];

	it.each(refusals)('should fail at once with %s', async (_name, fault, message, advice) => {
		const { run, sandbox } = await setUp(first(fault));
		const { error } = await run();
		expect(error?.message).toMatch(message);
		expect(error?.message).toContain('[item 0]');
		expect(error?.description).toMatch(advice);
		expect(error?.description).toMatch(/request id: sandbox/);
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: false });
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0, delivered: 0 });
	});

	it.each(refusals)('should send it again in a retry after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const failed = await run();
		const { items } = await failed.retry();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1, delivered: 1 });
	});

	it.each(refusals)('should send it again with Retry On Fail after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const { items } = await run({ settings: retryOnFail });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1, delivered: 1 });
	});
});

describe('a refused key', () => {
	it('should be used again once it is mended', async () => {
		const { run, sandbox } = await setUp();
		const key = sandbox.apiKey;
		sandbox.apiKey = 'sk-another-key';
		const failed = await run();
		sandbox.apiKey = key;
		await expectOwnFiles(sandbox, (await failed.retry()).items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1, delivered: 1 });
	});

	it('should say so, and send nothing more', async () => {
		const { run, sandbox } = await setUp();
		sandbox.apiKey = 'sk-another-key';
		const { error } = await run({
			items: prompts('a', 'b', 'c'),
			parameters: { options: { maxConcurrent: 1 } },
		});
		expect(error?.message).toBe('CometAPI refused the API key [item 0]');
		expect(error?.description).toMatch(/Check the CometAPI credential/);
		expect(error?.httpCode).toBe('401');
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
	});

	it('should not be tried with the other items where the node continues', async () => {
		const { run, sandbox } = await setUp();
		sandbox.apiKey = 'sk-another-key';
		const { items } = await run({
			items: prompts('a', 'b', 'c'),
			parameters: { options: { maxConcurrent: 1 } },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.error)).toEqual([
			'CometAPI refused the API key',
			'CometAPI refused the API key, so nothing more was sent',
			'CometAPI refused the API key, so nothing more was sent',
		]);
		expect(sandbox.counts().creates).toBe(1);
	});
});

describe('a request that surely created nothing', () => {
	it.each<[string, Fault, number]>([
		['429', replies.rateLimited, 1_000],
		['429 with seconds', replies.rateLimitedFor(90), 90_000],
		['429 with a date', replies.rateLimitedUntil(70), 69_000],
	])('should be sent again after %s', async (_name, fault, atLeastMs) => {
		const { run, sandbox } = await setUp(first(fault, [1, 2]));
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		const [one, two, three] = sandbox.requests.filter(({ call }) => call === 'create');
		expect(two.atMs - one.atMs).toBeGreaterThanOrEqual(atLeastMs * 0.9);
		expect(three.atMs - two.atMs).toBeGreaterThanOrEqual(atLeastMs * 0.9);
		expect(sandbox.counts()).toMatchObject({ creates: 3, created: 1, delivered: 1 });
	});

	it('should be sent again once the server is up', async () => {
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

	it('should say what to check where nothing ever answers', async () => {
		const { run, sandbox } = await setUp();
		await sandbox.close();
		const { error } = await run();
		expect(error?.message).toBe('CometAPI could not be reached [item 0]');
		expect(error?.description).toMatch(/'Base URL'.*Nothing was sent \(ECONNREFUSED\)/);
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: false, retryable: true });
	});
});

describe('a request whose answer is lost', () => {
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

	it.each(losses)('should not be sent again by itself after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const { error } = await run({ settings: retryOnFail });
		expect(error?.message).toContain('not sent again');
		expect(error?.description).toMatch(/may have been created and billed.*run Retry/);
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: true });
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 0 });
	});

	it.each(losses)('should say that it may have been billed after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const { items } = await run({ settings: { onError: 'continueRegularOutput' } });
		expect(items[0].json).toMatchObject({
			error: expect.stringContaining('may have been created and billed'),
			details: { mayHaveBeenCreated: true, retryable: false },
		});
		expect(sandbox.counts().creates).toBe(1);
	});

	it.each(losses)('should be sent again by a person after %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(first(fault));
		const failed = await run({ settings: retryOnFail });
		const { items, error } = await failed.retry();
		expect(error).toBeUndefined();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, delivered: 1 });
	});

	it('should hold for Create Video too', async () => {
		const { run, sandbox } = await setUp(first({ kind: 'resetAfterBody' }));
		const failed = await run({ parameters: { operation: 'create' }, settings: retryOnFail });
		expect(failed.error?.context.details).toMatchObject({ mayHaveBeenCreated: true });
		expect(sandbox.counts().creates).toBe(1);
		const { items } = await failed.retry();
		expect(items).toHaveLength(1);
		expect(sandbox.counts().creates).toBe(2);
	});
});

it('should lead back to the Base URL where a web page answers', async () => {
	const { run, sandbox } = await setUp(first(replies.movedToWebPage));
	const { error } = await run();
	expect(error?.message).toMatch(/Base URL leads to another address/);
	expect(error?.description).toMatch(/Check 'Base URL'.*https:\/\/api\.cometapi\.com/);
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
});
