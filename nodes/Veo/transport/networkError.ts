import { VideoError } from '../errors';
import type { Call, ConnectionCause } from '../errors';
import { isBlocked, networkCodeOf } from '../n8n';

/** What Node says of a connection. */
interface NetworkError {
	code: string;
	syscall: string;
	name: string;
	message: string;
}

/** Nobody could be reached, so nothing was sent; it may be otherwise in a moment. */
const UNREACHABLE = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'EHOSTDOWN',
	'ENETUNREACH',
	'ENETDOWN',
	'EADDRNOTAVAIL',
	'UND_ERR_CONNECT_TIMEOUT',
]);

/** What Node was doing before anything was sent. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);

/** A connection that cannot come about as things are set, so nothing was sent either. */
const CANNOT_CONNECT: Array<[detail: ConnectionCause, matches: (error: NetworkError) => boolean]> =
	[
		['blocked', isBlocked],
		['certificate', ({ code }) => /CERT|^UNABLE_TO_VERIFY/.test(code)],
		['tls', ({ code }) => /^(EPROTO$|ERR_SSL|ERR_TLS)/.test(code)],
		// other codes of the parser's come after an answer has begun
		['notHttp', ({ code }) => code === 'HPE_INVALID_CONSTANT'],
		[
			'url',
			({ code, message }) =>
				code === 'ERR_INVALID_URL' || /^(Invalid URL|Unsupported protocol)/.test(message),
		],
	];

/** n8n's request helpers threw: there was no answer. */
export function networkError(call: Call, error: unknown): VideoError {
	if (error instanceof VideoError) return error;
	const causes = causesOf(error);
	const code = causes.map((cause) => cause.code).find(Boolean) ?? '';
	const data = { call, ...(code && { code }) };
	const detail = CANNOT_CONNECT.find(([, matches]) => causes.some(matches))?.[0];
	if (detail) {
		// a file may also be at another place
		return new VideoError(call === 'download' ? 'downloadFailed' : 'cannotConnect', {
			...data,
			detail,
		});
	}
	const isConnecting = causes.some(({ syscall }) => CONNECTING.has(syscall));
	if (UNREACHABLE.has(code) || isConnecting) {
		return new VideoError('unreachable', data);
	}
	if (call === 'download')
		return new VideoError('downloadFailed', { ...data, detail: 'connection' });
	return new VideoError(call === 'create' ? 'noResponse' : 'unavailable', data);
}

/**
 * n8n wraps the client's error, in some versions more than once. Where a host has several addresses, Node gives an error for each.
 */
function causesOf(error: unknown, depth = 0): NetworkError[] {
	if (!(error instanceof Error) || depth > 4) return [];
	const { code, syscall, name, message, cause, errors } = error as NodeJS.ErrnoException & {
		errors?: unknown;
	};
	return [
		{
			code: typeof code === 'string' ? code : networkCodeOf(error),
			syscall: syscall ?? '',
			name,
			message,
		},
		...[cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])].flatMap((inner) =>
			causesOf(inner, depth + 1),
		),
	];
}
