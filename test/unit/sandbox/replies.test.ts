import { REASON, replies, type Fault } from '../../sandbox/server';
import { at, setUp } from './setUp';
import { wire } from './wire';

type Name = keyof typeof replies;

/** The names of all replies that need no argument. */
const names = Object.entries(replies).flatMap(([name, reply]) =>
	typeof reply === 'function' ? [] : [name as Name],
);

const answerWith = async (fault: Fault) => {
	const { sandbox, post } = await setUp(at('create', fault));
	return { sandbox, response: await post() };
};

/** What `fetch` keeps to itself. */
const UNSEEN: Name[] = ['movedToWebPage', 'proxyAuthRequired'];

it.each(names.filter((name) => !UNSEEN.includes(name)))(
	'sends %s with its status, and creates no task',
	async (name) => {
		const { response, sandbox } = await answerWith(replies[name] as Fault);

		expect(response).toMatchObject({ status: (replies[name] as { status: number }).status });
		expect(sandbox.tasks).toHaveLength(0);
	},
);

it.each<[Name, number, string, string]>([
	['badRequest', 400, 'invalid_request', 'comet_api_error'],
	['forbidden', 403, '', 'comet_api_error'],
	['quotaUsedUp', 403, 'insufficient_user_quota', 'comet_api_error'],
	['perMinuteQuota429', 429, '', 'upstream_error'],
	['contentPolicy200', 200, 'content_policy_violation', 'comet_api_error'],
	['contentPolicy500', 500, 'content_policy_violation', 'comet_api_error'],
	['modelNotFound503', 503, 'model_not_found', 'new_api_error'],
])('sends %s as an error object with a request ID', async (name, status, code, type) => {
	const { response } = await answerWith(replies[name] as Fault);

	expect(response.status).toBe(status);
	expect(await response.json()).toEqual({
		error: { code, type, message: expect.stringMatching(/\S \(request id: \w+\)$/) },
	});
});

it.each<[Name, number, string, string]>([
	['taskNotExist', 400, 'task_not_exist', 'task_not_exist'],
	['taskNotExist404', 404, 'task_not_exist', 'task_not_exist'],
	['quotaUsedUpChinese', 403, 'insufficient_user_quota', '预扣费额度失败'],
	['contentPolicyFlat200', 200, 'content_policy_violation', 'safety filter'],
	['modelNotFound500', 500, 'model_not_found', '(distributor)'],
	['doRequestFailed', 500, 'do_request_failed', 'do request failed'],
])('sends %s as a flat body', async (name, status, code, message) => {
	const { response } = await answerWith(replies[name] as Fault);

	expect(response.status).toBe(status);
	expect(await response.json()).toEqual({
		...{ code, data: null },
		message: expect.stringContaining(message),
	});
});

it.each<[Name, object]>([
	['errorText', { error: REASON }],
	['errorInError', { error: { error: { message: REASON } } }],
	['errorInErrorText', { error: { message: `{"error":{"message":"${REASON}"}}` } }],
	['errorsOfObjects', { errors: [{ message: REASON }] }],
	['errorsOfTexts', { errors: [REASON] }],
	['detailText', { detail: REASON }],
	['detailList', { detail: [{ msg: REASON }] }],
	['messageOnly', { message: REASON }],
	['msgOnly', { code: 1003, msg: REASON }],
	['codeOnly', { code: 'bad_image', message: '' }],
])('sends %s with the reason in its place', async (name, body) => {
	const { response } = await answerWith(replies[name] as Fault);

	expect(response.headers.get('content-type')).toBe('application/json');
	expect(await response.json()).toMatchObject(body);
});

it.each<[Name, string, string]>([
	['plainText', 'text/plain', REASON],
	['jsonAsText', 'text/plain', `{"error":{"message":"${REASON}"}}`],
	['noBody', 'text/plain', ''],
	['notModified', 'text/html', ''],
	['challengePage', 'text/html', 'Just a moment...'],
	['tooLargePage', 'text/html', '413 Request Entity Too Large'],
])('sends %s as %s', async (name, type, body) => {
	const { response } = await answerWith(replies[name] as Fault);

	expect(response.headers.get('content-type')).toContain(type);
	expect(await response.text()).toContain(body);
});

it('sends proxyAuthRequired with a challenge', async () => {
	const { sandbox } = await setUp({
		faults: [{ call: 'models', fault: replies.proxyAuthRequired }],
	});

	expect(await wire(`${sandbox.baseUrl}/v1/models`)).toMatchObject({
		...{ status: 407, headers: { 'proxy-authenticate': 'Basic realm="proxy"' } },
	});
});

it('sends any reply in the other shape when it is asked to', async () => {
	const fault = { ...replies.badRequest, shape: 'flat' } as const;
	const { response } = await answerWith(fault);

	expect(await response.json()).toEqual({
		...{ code: 'invalid_request', message: 'The prompt is not allowed', data: null },
	});
});

it('names the time in Retry-After by its clock', async () => {
	const { response } = await answerWith(replies.rateLimitedUntil(90));

	expect(response.headers.get('retry-after')).toBe('Thu, 01 Jan 2026 00:01:30 GMT');
});

it('redirects the call to a web page', async () => {
	const { response, sandbox } = await answerWith(replies.movedToWebPage);

	expect(response.redirected).toBe(true);
	expect(response.url).toBe(`${sandbox.baseUrl}/`);
	expect(await response.text()).toMatch('<!DOCTYPE html>');
});

it('sends 524 like the gateway, and creates the task if it is told to', async () => {
	const { response, sandbox } = await answerWith({ ...replies.timeout524, created: true });

	expect([response.status, await response.text()]).toEqual([524, 'error code: 524']);
	expect(sandbox.tasks).toHaveLength(1);
});

it.each<[Fault, number]>([
	[{ kind: 'resetBeforeBody' }, 0],
	[{ kind: 'resetAfterBody' }, 1],
	[{ kind: 'resetAfterBody', created: false }, 0],
])('resets the connection: %j', async (fault, created) => {
	const { sandbox, post } = await setUp(at('create', fault));

	await expect(post()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });

	expect(sandbox.tasks).toHaveLength(created);
	expect(sandbox.requests[0]).toMatchObject({ call: 'create', fault: fault.kind });
	expect(sandbox.requests[0]?.status).toBeUndefined();
});
