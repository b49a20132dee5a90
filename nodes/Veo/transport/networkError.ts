import { VideoError } from '../errors';
import type { Call } from './errorReply';

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

/** A connection that cannot come about as things are set, so nothing was sent either. */
const CANNOT_CONNECT: Array<[detail: string, matches: (error: NetworkError) => boolean]> = [
	[
		'blocked',
		({ name, message }) =>
			/^SsrfBlocked/.test(name) || /request was blocked because/i.test(message),
	],
	[
		'certificate',
		({ code }) => /CERT|SELF_SIGNED|^UNABLE_TO_VERIFY|^UNABLE_TO_GET_ISSUER/.test(code),
	],
	['tls', ({ code }) => /^(EPROTO$|ERR_SSL|ERR_TLS)/.test(code)],
	['notHttp', ({ code }) => /^HPE_/.test(code)],
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
	if (detail) return new VideoError('cannotConnect', { ...data, detail });
	const isConnecting = causes.some(({ syscall }) => syscall === 'connect');
	if (UNREACHABLE.has(code) || (code === 'ETIMEDOUT' && isConnecting)) {
		return new VideoError('unreachable', data);
	}
	if (call === 'download')
		return new VideoError('downloadFailed', { ...data, detail: 'connection' });
	return new VideoError(call === 'create' ? 'noResponse' : 'unavailable', data);
}

/**
 * n8n wraps the client's error, in some versions more than once; 2.0 keeps only the code, where it has
 * the HTTP status otherwise.
 */
function causesOf(error: unknown): NetworkError[] {
	const causes: NetworkError[] = [];
	for (let level = error; level instanceof Error && causes.length < 5; level = level.cause) {
		const { code, httpCode, syscall, name, message } = level as NodeJS.ErrnoException & {
			httpCode?: unknown;
		};
		const status =
			typeof httpCode === 'string' && /^[A-Z][A-Z_\d]+$/.test(httpCode) ? httpCode : '';
		causes.push({
			code: typeof code === 'string' ? code : status,
			syscall: syscall ?? '',
			name,
			message,
		});
	}
	return causes;
}
