import { errorBodies } from './errorBodies';
import { page } from './answers';
import { refusals } from './refusals';

const reply = (status: number, code: string, message: string) =>
	({ kind: 'reply', status, code, message }) as const;
const htmlReply = (status: number, title: string, headers?: Record<string, string>) =>
	({ kind: 'reply', status, body: page(title), headers }) as const;
const rateLimited = reply(429, 'rate_limit_exceeded', 'The upstream load is saturated, try later');

/** By status: replies of CometAPI, its gateway and the proxies in front of it. */
const byStatus = {
	notModified: { kind: 'reply', status: 304, body: '' },
	movedToWebPage: htmlReply(301, '301 Moved Permanently', { location: '/' }),
	badRequest: reply(400, 'invalid_request', 'The prompt is not allowed'),
	unauthorized: reply(401, '', 'Invalid token'),
	forbidden: reply(403, '', 'This token has no access to the model'),
	/** A firewall's page for clients that are not browsers. */
	challengePage: htmlReply(403, 'Just a moment...'),
	notFound: reply(404, 'task_not_exist', 'The task does not exist'),
	methodNotAllowed: reply(405, '', 'Method Not Allowed'),
	proxyAuthRequired: htmlReply(407, '407 Proxy Authentication Required', {
		'proxy-authenticate': 'Basic realm="proxy"',
	}),
	requestTimeout: reply(408, '', 'The request took too long'),
	conflict: reply(409, '', 'The task is being updated'),
	tooLarge: reply(413, '', 'Request body too large'),
	tooLargePage: htmlReply(413, '413 Request Entity Too Large'),
	unsupportedMediaType: reply(415, '', 'Unsupported Media Type'),
	tooEarly: reply(425, '', 'Too Early'),
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
	legalReasons: reply(451, '', 'Not available in this country'),
	serverError: reply(500, 'server_error', 'The provider did not answer'),
	badGateway: htmlReply(502, '502 Bad Gateway'),
	unavailable: reply(503, '', 'No available channel for the model'),
	gatewayTimeout: reply(504, '', 'The provider took too long'),
	/** Cloudflare's time-out, as sent to clients that are not browsers. */
	timeout524: { kind: 'reply', status: 524, body: 'error code: 524', contentType: 'text/plain' },
} as const;

/** Responses to inject as a fault, by name. */
export const replies = { ...byStatus, ...refusals, ...errorBodies } as const;
