import { VideoError } from '../errors';
import type { Call, ConnectionCause } from '../errors';
import { isBlocked, isInHandshake, networkCodeOf, wordsOf } from '../n8n';

/** A cause of a lost connection, as Node or n8n describes it. */
interface Cause {
	error: object;
	code: string;
	syscall: string;
	name: string;
	message: string;
}

/** Node's system calls before anything is sent. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);

/** Names why a connection is impossible with these settings; `wasNotSent` decides whether it was. */
const CANNOT_CONNECT: Array<[detail: ConnectionCause, matches: (cause: Cause) => boolean]> = [
	['blocked', isBlocked],
	['certificate', isCertificateError],
	['tls', ({ code }) => /^(EPROTO$|ERR_SSL|ERR_TLS)/.test(code)],
	['url', isInvalidUrl],
];

/**
 * The error of a request that n8n's helpers threw, without a response.
 * @param hasResponse whether a response had begun, so that the request certainly was sent
 */
export function networkError(call: Call, error: unknown, hasResponse = false): VideoError {
	if (error instanceof VideoError) return error;
	const causes = causesOf(error);
	const code = causes.map((cause) => cause.code).find(Boolean) ?? '';
	const data = { call, ...(code && { code }) };
	if (!hasResponse && wasNotSent(causes)) {
		const detail = CANNOT_CONNECT.find(([, matches]) => causes.some(matches))?.[0];
		if (!detail) return new VideoError('unreachable', data);
		// a file may also be at another place
		const kind = call === 'download' ? 'downloadFailed' : 'cannotConnect';
		return new VideoError(kind, { ...data, detail });
	}
	if (call === 'download')
		return new VideoError('downloadFailed', { ...data, detail: 'connection' });
	return new VideoError(call === 'create' ? 'noResponse' : 'unavailable', data);
}

/**
 * Whether the request provably never left: n8n refused it, or the connection ended before it was
 * established. Whatever ends it later has the same codes, so a code alone proves nothing.
 */
function wasNotSent(causes: Cause[]): boolean {
	if (causes.some((cause) => isBlocked(cause) || isInvalidUrl(cause))) return true;
	const syscalls = causes.map(({ syscall }) => syscall).filter(Boolean);
	if (syscalls.length > 0 && syscalls.every((syscall) => CONNECTING.has(syscall))) return true;
	const isHandshake = causes
		.map(({ error }) => isInHandshake(error))
		.find((is) => is !== undefined);
	return isHandshake ?? causes.some(isHandshakeError);
}

/**
 * For an n8n that doesn't tell the phase. Node fails the first write with EPROTO if the handshake
 * failed; it has checked the certificate before that write. Damage after it is reported as ERR_SSL_….
 */
function isHandshakeError({ code, syscall }: Cause): boolean {
	if (code === 'EPROTO') return syscall === 'write';
	return isCertificateError({ code });
}

function isCertificateError({ code }: Pick<Cause, 'code'>): boolean {
	return /CERT|^UNABLE_TO_VERIFY/.test(code) && !code.startsWith('ERR_SSL');
}

function isInvalidUrl({ code, message }: Cause): boolean {
	return code === 'ERR_INVALID_URL' || /^(Invalid URL|Unsupported protocol)/.test(message);
}

/**
 * n8n wraps the client's error, in some versions more than once; 2.0 keeps only the code, as the HTTP
 * code. If a host has several addresses, Node gives an error for each.
 */
function causesOf(error: unknown, depth = 0): Cause[] {
	if (typeof error !== 'object' || error === null || depth > 4) return [];
	const { code, syscall, name, message, cause, errors } = error as NodeJS.ErrnoException & {
		errors?: unknown;
	};
	const inner = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])].flatMap((each) =>
		causesOf(each, depth + 1),
	);
	// Node's message begins with the system call; n8n 2.0 keeps nothing else of its error
	const spoken = inner.length > 0 ? '' : /^(\w+) E[A-Z]\w+\b/m.exec(wordsOf(error))?.[1];
	const own = {
		error,
		code: typeof code === 'string' ? code : networkCodeOf(error),
		syscall: syscall ?? spoken ?? '',
		name: String(name ?? ''),
		message: String(message ?? ''),
	};
	return [own, ...inner];
}
