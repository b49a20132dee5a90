import { detailsOf, isTransient } from '../../nodes/Veo/errors';
import type { ErrorKind } from '../../nodes/Veo/errors';
import { errorText } from '../../nodes/Veo/messages/errorTexts';
import { errorOf, parseRetryAfter } from '../../nodes/Veo/transport/errorReply';
import type { Call } from '../../nodes/Veo/errors';
import { toReply } from '../../nodes/Veo/transport/reason';
import { REASON, replies } from '../sandbox/server';

const NOW = Date.UTC(2026, 0, 1);
const PAGE = '<!DOCTYPE html><html><title>Nothing here</title></html>';

const reply = (status: number, body: object | string = {}, headers = {}) =>
	toReply({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });

/** CometAPI's error body. */
const said = (message: string, code: string | number = '') => ({
	error: { code, message, type: 'comet_api_error' },
});
/** The error body of CometAPI's task routes. */
const flat = (message: string, code: string) => ({ code, message, data: null });

const kindOf = (call: Call, status: number, body?: object | string) =>
	errorOf(call, reply(status, body), NOW).kind;

const textOf = (call: Call, status: number, body?: object | string) =>
	errorText(errorOf(call, reply(status, body), NOW), {
		canRetry: true,
		isSubExecution: false,
		executionId: '7',
	});

interface Meaning {
	kind: ErrorKind;
	message: RegExp;
	description: RegExp;
	/** Whether the node sends it again automatically. */
	isTransient?: true;
	retryable?: true;
	mayHaveBeenCreated?: true;
}

const badRequest: Meaning = {
	kind: 'rejected',
	message: /^CometAPI rejected the request$/,
	description: /^Check 'Prompt', 'Model', 'Aspect Ratio', the images and 'Additional Fields'/,
};
const badTaskId: Meaning = { ...badRequest, description: /^Check 'Task ID'/ };
const badKey: Meaning = {
	kind: 'unauthorized',
	message: /^CometAPI rejected the API key$/,
	description: /^Check the API key in the credential/,
};
const forbidden: Meaning = {
	kind: 'forbidden',
	message: /does not allow/,
	description: /'Model'/,
};
const noMoney: Meaning = {
	kind: 'insufficientBalance',
	message: /balance or quota is used up$/,
	description: /^Top up/,
	retryable: true,
};
const noModel: Meaning = {
	kind: 'modelUnavailable',
	message: /does not have this model/,
	description: /^Nothing was created\. Choose another 'Model' from the list/,
};
const refused: Meaning = {
	kind: 'moderated',
	message: /refused the prompt or an image$/,
	description: /^Nothing was created\. Change the prompt/,
};
const notHere: Meaning = {
	kind: 'wrongBaseUrl',
	message: /^No CometAPI found at the Base URL$/,
	description: /'Base URL'.*https:\/\/api\.cometapi\.com/,
};
const moved: Meaning = {
	kind: 'redirected',
	message: /redirects to another address$/,
	description: /'Base URL'/,
};
const proxy: Meaning = {
	kind: 'cannotConnect',
	message: /^A proxy .* asks for a sign-in$/,
	description: /proxy settings\. Nothing was created/,
	retryable: true,
};
const noTask: Meaning = {
	kind: 'unknownTask',
	message: /can't find this task$/,
	description: /^Check 'Task ID', and that the API key belongs to the account/,
};
const tooLarge: Meaning = {
	kind: 'tooLarge',
	message: /images are too large/,
	description: /smaller/,
};
const busy: Meaning = {
	kind: 'rateLimited',
	message: /too many requests$/,
	description: /'Max Concurrent Videos'/,
	isTransient: true,
	retryable: true,
};
const away: Meaning = {
	kind: 'unavailable',
	message: /^CometAPI is not available at the moment$/,
	description: /^Try again later/,
	isTransient: true,
	retryable: true,
};
const theirs: Meaning = {
	kind: 'providerRefused',
	message: /^CometAPI's provider refused CometAPI's own account$/,
	description: /^Nothing was created\. Your key and balance are not the cause/,
	retryable: true,
};
const unreadable: Meaning = {
	...away,
	message: /^CometAPI responded with something this node can't read$/,
	description: /^Try again later\. (Check 'Base URL'|The response begins with: \{\}$)/,
};
const errorInstead: Meaning = {
	kind: 'taskError',
	message: /^CometAPI did not return the status of the video$/,
	description: /^CometAPI says: /,
	retryable: true,
};
const noResponse: Meaning = {
	kind: 'noResponse',
	message:
		/^CometAPI (did not confirm the video|responded with (status \d+|something this node can't read))\. The video may have been created and charged$/,
	description: /^It was not resent, .*usage log.*retry this execution in the Executions tab/,
	mayHaveBeenCreated: true,
};
const odd = (message: RegExp, description: RegExp): Meaning => ({
	kind: 'unexpectedStatus',
	message,
	description,
});

/** As a gateway embeds the response of Google's API. */
const provider = (code: number, message: string) => ({
	code: 'fail_to_fetch_task',
	message: JSON.stringify({ error: { code, message, status: code === 404 ? 'NOT_FOUND' : '' } }),
	data: null,
});

const NO_CHANNEL = 'No available channel for model veo3-wrong under group default (distributor)';
const NO_BALANCE = '预扣费额度失败, 用户剩余额度: ＄0.10, 需要预扣费额度: ＄0.44';

const table: Array<[call: Call, status: number, body: object | string, meaning: Meaning]> = [
	['create', 400, said('Bad'), badRequest],
	['create', 422, said('Bad'), badRequest],
	['create', 401, said('Bad'), badKey],
	['create', 403, said('Bad'), forbidden],
	['create', 413, said('Bad'), tooLarge],
	['create', 413, PAGE, tooLarge],
	// the model
	['create', 404, said('Bad'), noModel],
	['create', 503, said(NO_CHANNEL), noModel],
	['create', 400, flat(NO_CHANNEL, ''), noModel],
	// the balance
	['create', 402, said('Bad'), noMoney],
	['create', 402, PAGE, noMoney],
	['create', 403, said('User quota is not enough'), noMoney],
	['create', 403, said('Insufficient BALANCE'), noMoney],
	['create', 403, said(NO_BALANCE), noMoney],
	['create', 403, said('账户余额不足'), noMoney],
	['create', 429, said('该令牌额度已用尽'), noMoney],
	['create', 429, said('Your credit is used up'), noMoney],
	['create', 429, said('Your balance is not enough'), noMoney],
	// too many requests
	['create', 429, said('The upstream is saturated'), busy],
	['create', 429, said('当前分组上游负载已饱和，请稍后再试'), busy],
	['create', 429, said('You exceeded your current quota, please check your plan'), busy],
	[
		'create',
		429,
		said('Resource has been exhausted (e.g. check quota)', 'RESOURCE_EXHAUSTED'),
		busy,
	],
	['create', 429, PAGE, busy],
	// moderation
	['create', 200, said('Blocked by the safety filter'), refused],
	['create', 200, flat('The prompt violates our content policy', 'prompt_blocked'), refused],
	['create', 200, flat('The prompt violates our content policy', 'unheard_of'), noResponse],
	['create', 200, { success: false, code: 'unheard_of', msg: 'Our content policy' }, refused],
	['create', 400, said('Sensitive words were found'), refused],
	['create', 500, said('Rejected by the moderation system'), refused],
	['create', 500, said('Blocked by responsible AI practices'), refused],
	['create', 500, said('The moderation timed out after the task was sent'), noResponse],
	['create', 200, { message: 'Queued; content moderation runs next' }, noResponse],
	[
		'create',
		200,
		{ data: { status: 'IN_PROGRESS' }, message: 'This model is retired' },
		noResponse,
	],
	['create', 400, said('A retired sailor was blocked by our content policy'), refused],
	['create', 400, said('Parameter size is deprecated'), badRequest],
	['create', 401, said('This API key of the model is retired'), badKey],
	['create', 200, said('Bad, so nothing was created', 'bad_size'), badRequest],
	['create', 200, { statusCode: 400, message: 'Bad' }, badRequest],
	['create', 429, provider(429, 'You exceeded your quota, check your billing details'), busy],
	['create', 200, { success: true, code: 1, msg: 'Queued for moderation' }, noResponse],
	['create', 200, { success: true, code: 'moderated', message: 'Queued' }, noResponse],
	['create', 200, { success: 'true', error: 'The model is deprecated' }, noResponse],
	// the provider's own response
	['create', 400, provider(400, 'The prompt is too long'), badRequest],
	['create', 400, provider(400, 'Blocked by the safety filter'), refused],
	['create', 404, provider(404, 'models/veo-3.0 is not found for API version v1beta'), noModel],
	['create', 400, provider(400, 'veo-3.0 has been retired'), noModel],
	['create', 404, provider(404, 'No such model, or no permission for it'), noModel],
	['create', 429, provider(429, 'Resource has been exhausted (e.g. check quota)'), busy],
	['create', 401, provider(401, 'Request had invalid authentication'), theirs],
	['create', 403, provider(403, 'The caller does not have permission'), theirs],
	['create', 402, provider(402, 'Payment required'), theirs],
	['create', 400, provider(400, 'API key not valid. Please pass a valid API key.'), theirs],
	['create', 500, provider(500, 'Internal error'), noResponse],
	['create', 408, provider(408, 'Time-out'), noResponse],
	// models that are gone
	['create', 400, said('This model is no longer available'), noModel],
	['create', 410, said('veo3-fast was deprecated and retired'), noModel],
	['create', 400, said('The model has been shut down'), noModel],
	['create', 500, said('The model has been shut down'), noResponse],
	// a refusal with status 200
	['create', 200, { code: 400, msg: 'size is not supported' }, badRequest],
	['create', 200, { code: '429', message: 'Too many' }, busy],
	['create', 200, { code: 500, msg: 'Internal' }, noResponse],
	['create', 200, { success: false, message: 'Something is wrong with it' }, noResponse],
	['create', 400, said('Blocked by your safety settings'), refused],
	['create', 400, said('Blocked by our safety system'), refused],
	['create', 400, said('Against the safety policies of Veo'), refused],
	['create', 400, said('Sensitive content was detected'), refused],
	['create', 400, said('content_policy: no people'), refused],
	// a failed task without an ID
	['create', 200, '{"status":"failed","fail_reason":"Bad"}', badRequest],
	['create', 200, '{"code":"success","data":{"status":"FAILURE","fail_reason":"Bad"}}', badRequest],
	['create', 200, { data: { status: 'FAILURE', fail_reason: 'Bad', code: 429 } }, badRequest],
	// a server other than CometAPI
	['create', 404, 'Not found', notHere],
	['create', 404, PAGE, notHere],
	['create', 400, PAGE, notHere],
	['create', 403, PAGE, notHere],
	['create', 405, PAGE, notHere],
	['create', 301, '<html>Moved</html>', moved],
	['create', 307, '', moved],
	['create', 308, PAGE, moved],
	['create', 407, PAGE, proxy],
	['create', 407, '', proxy],
	// statuses with a specific meaning
	['create', 405, said('Bad'), odd(/status 405 \(method not allowed\)$/, /^Check 'Base URL'/)],
	['create', 415, said('Bad'), odd(/status 415 \(unsupported media type\)$/, /proxy/)],
	['create', 451, PAGE, odd(/status 451 \(unavailable for legal reasons\)$/, /region/)],
	['create', 418, said('Bad'), odd(/status 418$/, /Base URL/)],
	// result unknown
	['create', 300, '', noResponse],
	['create', 302, '', noResponse],
	['create', 303, '', noResponse],
	['create', 304, '', noResponse],
	['create', 200, '{"status":"error"}', noResponse],
	['create', 200, '{"status":"failed","code":"upstream_error"}', noResponse],
	['create', 408, said('Bad'), noResponse],
	['create', 409, said('Bad'), noResponse],
	['create', 423, said('Locked'), noResponse],
	['create', 460, '', noResponse],
	['create', 499, '', noResponse],
	['create', 500, said('Bad'), noResponse],
	['create', 502, '<html>Bad Gateway</html>', noResponse],
	['create', 503, said('No available channel'), noResponse],
	['create', 504, '', noResponse],
	['create', 524, 'error code: 524', noResponse],
	['create', 200, '{"id":', noResponse],
	['create', 200, '<html>CometAPI</html>', noResponse],
	['create', 200, said('Something went wrong'), noResponse],
	['create', 200, { message: 'Accepted. No video has been generated (yet).' }, noResponse],
	['create', 200, { status: 'pending', message: 'No video has been generated.' }, noResponse],
	['create', 200, { status: 'fail', message: 'Upstream timeout' }, noResponse],
	['create', 200, { status: 'failed', error: { code: 504, message: 'Timeout' } }, noResponse],
	['create', 200, said('Moderation is unavailable, the task was sent', '503'), noResponse],
	['create', 200, { success: false, code: '500', message: 'Safety system error' }, noResponse],
	['create', 200, said('Timeout. The model is deprecated', '504'), noResponse],
	['create', 200, { error: { code: 504, details: [{ code: 400 }], message: 'Bad' } }, noResponse],
	['create', 200, {}, noResponse],
	['create', 200, said('The moderation timed out after the task was submitted'), noResponse],
	['create', 200, said('Moderation is pending'), noResponse],
	['create', 200, said('Time-out; the model is deprecated'), noResponse],
	[
		'create',
		200,
		{ success: false, message: 'No task was created. One is on its way' },
		noResponse,
	],
	['create', 200, { code: 408, error: { code: 429, message: 'Slow down' } }, noResponse],
	['create', 400, said('Deadline exceeded', '504'), noResponse],
	['create', 400, said(JSON.stringify(said('Deadline exceeded', '504'))), noResponse],
	['create', 429, { id: 'task_1', status: 'queued', progress: 0 }, noResponse],
	['create', 400, { data: { task_id: 'task_1', status: 'IN_PROGRESS' } }, noResponse],
	['create', 429, { id: 'task_1', status: 'initializing' }, noResponse],
	['create', 429, { id: 'req_1', status: 429, message: 'Slow down' }, busy],
	['create', 400, { id: 'req_1', status: 'error', message: 'Bad' }, badRequest],
	['create', 200, said('The prompt calls a time-out', 'prompt_blocked'), refused],
	['create', 502, said('The safety filter did not answer'), noResponse],

	['retrieve', 400, said('Bad'), badTaskId],
	['retrieve', 400, said('Bad', 'invalid_request'), badTaskId],
	['retrieve', 401, said('Bad'), badKey],
	['retrieve', 402, said('Bad'), noMoney],
	['retrieve', 403, said('Bad'), forbidden],
	['retrieve', 403, said(NO_BALANCE), noMoney],
	['retrieve', 404, said('Bad'), noTask],
	['retrieve', 404, PAGE, notHere],
	['retrieve', 301, '', moved],
	['retrieve', 407, PAGE, proxy],
	['retrieve', 405, said('Bad'), odd(/status 405 /, /^Check 'Base URL'/)],
	// temporary
	['retrieve', 429, said('Bad'), busy],
	['retrieve', 429, PAGE, busy],
	['retrieve', 304, '', away],
	['retrieve', 403, PAGE, away],
	['retrieve', 408, said('Bad'), away],
	['retrieve', 409, said('Bad'), away],
	['retrieve', 425, said('Bad'), away],
	['retrieve', 499, '', away],
	['retrieve', 500, said('Bad'), away],
	['retrieve', 500, said('Bad', 'invalid_request'), away],
	['retrieve', 500, said('Bad', 'content_policy_violation'), away],
	['retrieve', 502, '<html>Bad Gateway</html>', away],
	['retrieve', 503, said('Bad'), away],
	['retrieve', 503, said(NO_CHANNEL, 'model_not_found'), away],
	['retrieve', 524, 'error code: 524', away],
	['retrieve', 400, flat('Bad', 'upstream_error'), away],
	['retrieve', 404, provider(404, 'Requested entity was not found.'), away],
	['retrieve', 401, provider(401, 'Request had invalid authentication'), away],
	['retrieve', 404, { error: { code: 404, status: 'NOT_FOUND', message: 'Bad' } }, errorInstead],
	['retrieve', 404, said('upstream said: {"status":"NOT_FOUND"}'), errorInstead],
	['retrieve', 404, provider(404, 'task_not_exist'), away],
	['retrieve', 200, '<html>CometAPI</html>', unreadable],
	['retrieve', 200, {}, unreadable],
	// an error in place of the task
	['retrieve', 200, said('Blocked by safety filter', 'content_policy_violation'), errorInstead],
	['retrieve', 200, said('Something went wrong'), errorInstead],
	[
		'retrieve',
		200,
		{ error: { code: 'x' } },
		{ ...errorInstead, description: /^CometAPI says: x$/ },
	],
	['retrieve', 400, said('Bad', 'content_policy_violation'), errorInstead],
	['retrieve', 400, said(NO_CHANNEL, 'model_not_found'), errorInstead],
];

describe.each(table)('%s with the response %s %j', (call, status, body, meaning) => {
	const error = errorOf(call, reply(status, body), NOW);

	it('reports what happened and what to do', () => {
		expect(error.kind).toBe(meaning.kind);
		const { message, description } = textOf(call, status, body);
		expect(message).toMatch(meaning.message);
		expect(description).toMatch(meaning.description);
	});

	it('reports whether it may be sent again, and by whom', () => {
		expect(isTransient(error)).toBe(meaning.isTransient ?? false);
		expect(error.data.call).toBe(call);
		expect(detailsOf(error)).toMatchObject({
			httpCode: status,
			retryable: meaning.retryable ?? false,
			mayHaveBeenCreated: meaning.mayHaveBeenCreated ?? false,
		});
	});
});

const CODES: Array<[code: string, kind: ErrorKind]> = [
	['model_not_found', 'modelUnavailable'],
	['get_channel_failed', 'modelUnavailable'],
	['model_price_error', 'modelUnavailable'],
	['invalid_api_platform', 'modelUnavailable'],
	['model_mapping_failed', 'modelUnavailable'],
	['invalid_request', 'rejected'],
	['build_request_failed', 'rejected'],
	['INVALID_ARGUMENT', 'rejected'],
	['insufficient_user_quota', 'insufficientBalance'],
	['insufficient_quota', 'insufficientBalance'],
	['pre_consume_token_quota_failed', 'insufficientBalance'],
	['content_policy', 'moderated'],
	['content_policy_violation', 'moderated'],
	['sensitive_words_detected', 'moderated'],
	['prompt_blocked', 'moderated'],
	['moderation_blocked', 'moderated'],
	['moderated', 'moderated'],
	['do_request_failed', 'noResponse'],
	['read_response_body_failed', 'noResponse'],
	['upstream_error', 'noResponse'],
	['task_not_exist', 'unknownTask'],
];

describe.each(CODES)("CometAPI's code %s", (code, kind) => {
	it.each([200, 400, 403, 404, 418, 429, 500, 503])(
		'means the same in a create response with the status %s',
		(status) => {
			expect(kindOf('create', status, said('Bad', code))).toBe(kind);
			expect(kindOf('create', status, flat('Bad', code))).toBe(kind);
		},
	);

	it('is kept with the error', () => {
		expect(errorOf('create', reply(400, said('Bad', code)), NOW).data.code).toBe(code);
	});

	it('is not confused with another code that contains it', () => {
		expect(kindOf('create', 418, said('Bad', `x_${code}_y`))).toBe('unexpectedStatus');
	});
});

describe('an unknown task', () => {
	it.each<[number, object]>([
		[400, flat('task_not_exist', 'task_not_exist')],
		[404, flat('task_not_exist', 'task_not_exist')],
		[400, said('task_not_exist (request id: 7)')],
		[200, flat('task_not_exist', 'task_not_exist')],
		[500, said('Bad', 'task_not_exist')],
	])('is recognized by the status %s and the body %j', (status, body) => {
		expect(kindOf('retrieve', status, body)).toBe('unknownTask');
	});
});

describe("the sandbox's replies", () => {
	const KINDS: Partial<Record<keyof typeof replies, ErrorKind>> = {
		...{ modelNotFound503: 'modelUnavailable', modelNotFound404: 'modelUnavailable' },
		...{ modelNotFound400: 'modelUnavailable', modelNotFound500: 'modelUnavailable' },
		...{ getChannelFailed: 'modelUnavailable', modelPriceError: 'modelUnavailable' },
		...{ invalidApiPlatform: 'modelUnavailable', modelMappingFailed: 'modelUnavailable' },
		...{ buildRequestFailed: 'rejected', invalidRequest500: 'rejected' },
		...{ invalidArgument500: 'rejected', badRequest: 'rejected' },
		...{ paymentRequired: 'insufficientBalance', quotaUsedUp: 'insufficientBalance' },
		...{ quotaUsedUpChinese: 'insufficientBalance', preConsumeFailed: 'insufficientBalance' },
		...{ insufficientQuota429: 'insufficientBalance' },
		...{ perMinuteQuota429: 'rateLimited', resourceExhausted429: 'rateLimited' },
		...{ saturated429: 'rateLimited', rateLimited: 'rateLimited' },
		...{ contentPolicy400: 'moderated', contentPolicy500: 'moderated' },
		...{ contentPolicy200: 'moderated', contentPolicyFlat200: 'moderated' },
		...{ sensitiveWords: 'moderated', promptBlocked: 'moderated' },
		...{ doRequestFailed: 'noResponse', failToFetchTask: 'noResponse' },
		...{ readResponseFailed: 'noResponse', upstreamError: 'noResponse' },
		...{ serverError: 'noResponse', badGateway: 'noResponse', unavailable: 'noResponse' },
		...{ gatewayTimeout: 'noResponse', timeout524: 'noResponse', requestTimeout: 'noResponse' },
		...{ unauthorized: 'unauthorized', forbidden: 'forbidden', tooLarge: 'tooLarge' },
		...{ challengePage: 'wrongBaseUrl', movedToWebPage: 'redirected', tooLargePage: 'tooLarge' },
		...{ proxyAuthRequired: 'cannotConnect', methodNotAllowed: 'unexpectedStatus' },
		...{ unsupportedMediaType: 'unexpectedStatus', legalReasons: 'unexpectedStatus' },
	};

	it.each(Object.entries(KINDS))('%s to a create call is of the kind %s', (name, kind) => {
		const given = replies[name as keyof typeof replies] as {
			status: number;
			body?: string | object;
			code?: string;
			message?: string;
			shape?: string;
		};
		const { status, message = '', code = '' } = given;
		const body = given.body ?? (given.shape === 'flat' ? flat(message, code) : said(message, code));
		expect(kindOf('create', status, body)).toBe(kind);
	});
});

describe("CometAPI's own words", () => {
	it.each<Call>(['create', 'retrieve'])('come after the advice: %s', (call) => {
		for (const status of [400, 401, 403, 404, 413, 418, 429, 500, 503]) {
			const body = said('So (request id: 7)', 'x');
			expect(textOf(call, status, body).description).toMatch(
				/[\w')]\. CometAPI says: So \(request id: 7\) \(x\)$/,
			);
			expect(errorOf(call, reply(status, body), NOW).data.code).toBe('x');
		}
	});

	it('do not repeat a code that they already contain', () => {
		const { description } = textOf('create', 400, said('bad_image: too small', 'bad_image'));
		expect(description).toMatch(/CometAPI says: bad_image: too small$/);
	});

	it.each<[string, object, string]>([
		['a flat body', { code: 1101, message: 'So' }, '1101'],
		['a code that is a number', said('So', 42), '42'],
	])('are found in %s', (_name, body, code) => {
		expect(textOf('create', 400, body).description).toContain('CometAPI says: So');
		expect(errorOf('create', reply(400, body), NOW).data.code).toBe(code);
	});

	it.each(['', '[]', 'null', '{}', '{"error":null}', '{"error":{"message":{}}}'])(
		'are not missed in %j',
		(text) => {
			const { message, description } = textOf('create', 400, text);
			expect(message).toBe('CometAPI rejected the request');
			expect(description).not.toMatch(/undefined|null|\[object|CometAPI says/);
			expect(errorOf('create', reply(400, text), NOW).data).not.toHaveProperty('code');
		},
	);

	it.each([
		['where the error is a text', { error: REASON }],
		['where the answer is a text', REASON],
		['in `detail`', { detail: REASON }],
		['in a list', { detail: [{ loc: ['body'], msg: REASON, type: 'value_error' }] }],
	])('are found %s', (_name, body) => {
		expect(textOf('create', 400, body).description).toMatch(/CometAPI says: [^:]*supported$/);
	});

	it('are found in the response to a lost request', () => {
		expect(textOf('create', 500, said('The provider hung up')).description).toMatch(
			/retry this execution in the Executions tab\. CometAPI says: The provider hung up$/,
		);
	});
});

it.each([
	['create', 400],
	['create', 403],
	['create', 404],
	['create', 200],
	['create', 405],
	['create', 413],
	['retrieve', 404],
	['retrieve', 200],
	['retrieve', 403],
] as Array<[Call, number]>)(
	'a web page with the status %s %s points to the Base URL',
	(call, status) => {
		const { description } = textOf(call, status, PAGE);
		expect(description).toMatch(/Check 'Base URL'.*https:\/\/api\.cometapi\.com/);
		expect(description).not.toMatch(/<|'Base URL'.*'Base URL'/);
	},
);

it('a web page of a gateway does not point to the Base URL', () => {
	expect(textOf('create', 502, PAGE).description).not.toMatch(/Base URL|</);
});

describe('Retry-After', () => {
	it.each([
		['120', 120_000],
		['0', 0],
		['0.5', 500],
		[' 7 ', 7_000],
		['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
		['Wed, 31 Dec 2025 23:59:00 GMT', 0],
		['-5', 0],
		['soon', 0],
		['', 0],
		[' ', 0],
		['Infinity', 0],
		[undefined, 0],
		[['5'], 0],
		[{}, 0],
	])('%j is %s ms', (header, ms) => {
		expect(parseRetryAfter(header, NOW)).toBe(ms);
	});

	it('is kept with the error', () => {
		const error = errorOf('retrieve', reply(429, {}, { 'retry-after': '3' }), NOW);
		expect(error.data.retryAfterMs).toBe(3_000);
		expect(error.with({ taskId: 'task_1' }).data.retryAfterMs).toBe(3_000);
	});
});
