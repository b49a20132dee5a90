import { REASON, replies } from '../sandbox/server';
import type { Fault } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { setUp } from '../support/setUp';

const retryOnFail = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
const continues = { onError: 'continueRegularOutput' as const };
const onCreate = (fault: Fault, nth?: number | number[]) => ({
	faults: [{ call: 'create' as const, nth, fault }],
});
const reply = (status: number, code: string, message: string) =>
	({ kind: 'reply', status, code, message }) as const;

/** The error item of a run whose create requests always get this response. */
async function errorItem(fault: Fault) {
	const { run, sandbox } = await setUp(onCreate(fault));
	const { items } = await run({ settings: continues });
	expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 0 });
	return items[0].json as { error: string; message: string; details: Record<string, unknown> };
}

const UNKNOWN_MODEL = 'CometAPI does not have this model available';
const NO_BALANCE = 'Your CometAPI balance or quota is used up';
const MODERATED = 'CometAPI refused the prompt or an image';
const REJECTED = 'CometAPI rejected the request';

type Refusal = [name: string, fault: Fault, error: string, reason: string];

describe('a request that was refused before anything was created', () => {
	const refusals: Refusal[] = [
		['an unknown model', replies.modelNotFound503, UNKNOWN_MODEL, 'No available channel'],
		['an unknown model, flat', replies.modelNotFound400, UNKNOWN_MODEL, 'No available channel'],
		['404 in JSON', reply(404, '', 'Invalid URL'), UNKNOWN_MODEL, 'Invalid URL'],
		['402', replies.paymentRequired, NO_BALANCE, 'Payment required'],
		['a balance in Chinese', replies.quotaUsedUpChinese, NO_BALANCE, '用户剩余额度'],
		['429 insufficient_quota', replies.insufficientQuota429, NO_BALANCE, 'not enough'],
		['moderation as 500', replies.contentPolicy500, MODERATED, 'blocked by the safety filter'],
		['moderation as flat 200', replies.contentPolicyFlat200, MODERATED, 'safety filter'],
		['500 invalid_request', replies.invalidRequest500, REJECTED, 'size is not supported'],
	];

	it.each(refusals)('is reported as refused: %s', async (_name, fault, error, reason) => {
		const item = await errorItem(fault);
		expect(item.error).toBe(error);
		expect(item.message).toContain(`CometAPI says: `);
		expect(item.message).toContain(reason);
		expect(item.message).not.toMatch(/charged|earlier attempt/);
		expect(item.details).toMatchObject({ mayHaveBeenCreated: false });
	});

	it.each(refusals)('is sent again by Retry On Fail: %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(onCreate(fault, 1));
		const { items } = await run({ settings: retryOnFail });
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1, delivered: 1 });
	});

	it.each<[string, Fault, kind: string, retryable: boolean]>([
		['a model', replies.modelNotFound503, 'modelUnavailable', false],
		['the balance', replies.quotaUsedUp, 'insufficientBalance', true],
		['moderation', replies.contentPolicy500, 'moderated', false],
		['the request', replies.invalidRequest500, 'rejected', false],
	])('has details that a workflow can branch on: %s', async (_name, fault, kind, retryable) => {
		const { details } = await errorItem(fault);
		expect(details).toMatchObject({ kind, retryable, mayHaveBeenCreated: false });
	});
});

describe('a 429 that is not about the balance', () => {
	it.each<[string, Fault]>([
		["Google's limit per minute", replies.perMinuteQuota429],
		['exhausted resources', replies.resourceExhausted429],
		['a saturated channel', replies.saturated429],
	])('is retried until it passes: %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(onCreate(fault, [1, 2]));
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 3, created: 1, delivered: 1 });
	});
});

describe('a request that may have reached the provider', () => {
	it.each<[string, Fault]>([
		['do_request_failed', replies.doRequestFailed],
		['fail_to_fetch_task', replies.failToFetchTask],
		['408', replies.requestTimeout],
		['499', reply(499, '', 'Client closed the request')],
		['200 with words that say nothing', reply(200, '', 'Something went wrong')],
	])('is not sent again automatically: %s', async (_name, fault) => {
		const { run, sandbox } = await setUp(onCreate({ ...fault, created: true }, 1));
		const { error } = await run({ settings: retryOnFail });
		expect(error?.context.details).toMatchObject({ kind: 'notResent', mayHaveBeenCreated: true });
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 0 });
	});
});

describe('a status that states what to do', () => {
	it.each<[string, Fault, message: RegExp, description: RegExp]>([
		['405', replies.methodNotAllowed, /status 405 \(method not allowed\)/, /'Base URL'/],
		['415', replies.unsupportedMediaType, /status 415 \(unsupported media type\)/, /proxy/],
		['451', replies.legalReasons, /status 451 \(unavailable for legal reasons\)/, /region/],
		['407', replies.proxyAuthRequired, /proxy.*asks for a sign-in/, /Nothing was created/],
		[
			'404 with a page',
			{ kind: 'reply', status: 404 as number, body: '<html>' },
			/No CometAPI/,
			/Base/,
		],
		['413 with a page', replies.tooLargePage, /images are too large/, /smaller images/],
		['403 with a page', replies.challengePage, /No CometAPI/, /'Base URL'/],
		['418', reply(418, '', 'A teapot'), /status 418/, /try again later.*A teapot/],
	])('is named: %s', async (_name, fault, message, description) => {
		const item = await errorItem(fault);
		expect(item.error).toMatch(message);
		expect(item.message).toMatch(description);
		expect(item.details).toMatchObject({ mayHaveBeenCreated: false });
	});

	it.each([replies.methodNotAllowed, replies.unsupportedMediaType, replies.legalReasons])(
		'does not ask to try again later: $status',
		async (fault) => {
			expect((await errorItem(fault)).message).not.toContain('later');
		},
	);
});

describe('the words of a refusal', () => {
	it.each(['detailList', 'plainText'] as const)('are quoted from %s', async (name) => {
		const { error, message } = await errorItem(replies[name]);
		expect(error).toBe(REJECTED);
		expect(message).toContain(`CometAPI says: ${REASON}`);
	});

	it('are the code when there are no others', async () => {
		const { message, details } = await errorItem(replies.codeOnly);
		expect(message).toContain('bad_image');
		expect(details).toMatchObject({ code: 'bad_image' });
	});

	it('are omitted when there are none', async () => {
		const { error, message } = await errorItem(replies.noBody);
		expect(error).toBe(REJECTED);
		expect(message).not.toContain('CometAPI says');
	});

	it('include the request ID from the headers', async () => {
		const headers = { 'x-oneapi-request-id': '20260819ab' };
		const { message } = await errorItem({ ...replies.messageOnly, headers });
		expect(message).toContain(`${REASON} (request id: 20260819ab)`);
	});
});
