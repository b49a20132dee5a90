import { page } from './answers';

const reply = (status: number, code: string, message: string) =>
	({ kind: 'reply', status, code, message }) as const;
const rateLimited = reply(429, 'rate_limit_exceeded', 'The upstream load is saturated, try later');

/** Replies as CometAPI and the gateways before it send them. */
export const replies = {
	badRequest: reply(400, 'invalid_request', 'The prompt is not allowed'),
	unauthorized: reply(401, '', 'Invalid token'),
	forbidden: reply(403, '', 'This token has no access to the model'),
	quotaUsedUp: reply(403, 'insufficient_user_quota', 'User quota is not enough'),
	notFound: reply(404, 'task_not_exist', 'The task does not exist'),
	tooLarge: reply(413, '', 'Request body too large'),
	rateLimited,
	rateLimitedFor: (seconds: number) =>
		({ ...rateLimited, headers: { 'retry-after': String(seconds) } }) as const,
	rateLimitedUntil: (seconds: number) =>
		({
			...rateLimited,
			headers: (nowMs: number) => ({
				'retry-after': new Date(nowMs + seconds * 1000).toUTCString(),
			}),
		}) as const,
	serverError: reply(500, 'server_error', 'The provider did not answer'),
	invalidRequest500: reply(500, 'invalid_request', 'The size is not supported by the model'),
	badGateway: { kind: 'reply', status: 502, body: page('502 Bad Gateway') },
	unavailable: reply(503, '', 'No available channel for the model'),
	gatewayTimeout: reply(504, '', 'The provider took too long'),
	// what Cloudflare sends to clients that are no browsers
	timeout524: { kind: 'reply', status: 524, body: 'error code: 524', contentType: 'text/plain' },
	movedToWebPage: {
		kind: 'reply',
		status: 301,
		body: page('301 Moved Permanently'),
		headers: { location: '/' },
	},
} as const;
