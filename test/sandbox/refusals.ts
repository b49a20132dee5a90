/** The error body of the general API. */
const nested = (status: number, code: string, message: string, type?: string) =>
	({ kind: 'reply', status, code, message, type }) as const;
/** The error body of the gateway's task routes. */
const flat = (status: number, code: string, message: string) =>
	({ kind: 'reply', status, code, message, shape: 'flat' }) as const;

const NO_CHANNEL = 'No available channel for model veo3-wrong under group default (distributor)';
const NO_BALANCE = '预扣费额度失败, 用户剩余额度: ＄0.10, 需要预扣费额度: ＄0.44';
const POLICY = 'The prompt was blocked by the safety filter';

/** By code: here, `error.code` and the message say more than the status. */
export const refusals = {
	// the task is unknown: 400 in CometAPI's documentation, 404 in forks of the gateway
	taskNotExist: flat(400, 'task_not_exist', 'task_not_exist'),
	taskNotExist404: flat(404, 'task_not_exist', 'task_not_exist'),

	// the gateway refused the request, so nothing went to the provider
	modelNotFound503: nested(503, 'model_not_found', NO_CHANNEL, 'new_api_error'),
	modelNotFound404: nested(404, 'model_not_found', NO_CHANNEL, 'new_api_error'),
	modelNotFound400: flat(400, 'model_not_found', NO_CHANNEL),
	modelNotFound500: flat(500, 'model_not_found', NO_CHANNEL),
	getChannelFailed: flat(500, 'get_channel_failed', 'Failed to get a channel'),
	modelPriceError: flat(500, 'model_price_error', 'The price of the model is not configured'),
	invalidApiPlatform: flat(500, 'invalid_api_platform', 'invalid api platform: veo'),
	modelMappingFailed: flat(500, 'model_mapping_failed', 'model_mapping_failed'),
	buildRequestFailed: flat(500, 'build_request_failed', 'build request failed'),
	invalidRequest500: nested(500, 'invalid_request', 'The size is not supported by the model'),

	// the balance is used up
	paymentRequired: nested(402, '', 'Payment required'),
	quotaUsedUp: nested(403, 'insufficient_user_quota', 'User quota is not enough'),
	quotaUsedUpChinese: flat(403, 'insufficient_user_quota', NO_BALANCE),
	preConsumeFailed: flat(403, 'pre_consume_token_quota_failed', 'token quota is not enough'),
	insufficientQuota429: nested(429, 'insufficient_quota', 'Your balance is not enough'),

	// too many requests: a limit per minute, even if the words differ
	perMinuteQuota429: nested(
		429,
		'',
		'You exceeded your current quota, please check your plan and billing details',
		'upstream_error',
	),
	resourceExhausted429: nested(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted'),
	saturated429: nested(429, '', '当前分组上游负载已饱和，请稍后再试'),

	// the prompt or an image was refused
	contentPolicy400: nested(400, 'content_policy_violation', POLICY),
	contentPolicy500: nested(500, 'content_policy_violation', POLICY),
	contentPolicy200: nested(200, 'content_policy_violation', POLICY),
	contentPolicyFlat200: flat(200, 'content_policy_violation', POLICY),
	sensitiveWords: nested(400, 'sensitive_words_detected', 'sensitive words detected'),
	promptBlocked: nested(400, 'prompt_blocked', 'The prompt was blocked'),
	invalidArgument500: nested(500, 'INVALID_ARGUMENT', 'Unsupported image format'),

	// the request may have reached the provider
	doRequestFailed: flat(500, 'do_request_failed', 'do request failed'),
	failToFetchTask: flat(500, 'fail_to_fetch_task', 'upstream error'),
	readResponseFailed: flat(500, 'read_response_body_failed', 'unexpected EOF'),
	upstreamError: nested(502, 'upstream_error', 'bad response status code 502', 'upstream_error'),

	// files
	notCompleted: nested(
		400,
		'',
		'Task is not completed yet, current status: IN_PROGRESS',
		'invalid_request_error',
	),
	fileNotResolved: nested(502, '', 'Failed to resolve Gemini video URL', 'server_error'),
} as const;
