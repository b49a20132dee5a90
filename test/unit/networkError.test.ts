import { detailsOf, isTransient, VideoError } from '../../nodes/Veo/errors';
import { errorText } from '../../nodes/Veo/messages/errorTexts';
import { networkError } from '../../nodes/Veo/transport/networkError';
import type { Call } from '../../nodes/Veo/errors';

/** An error wrapped like n8n does, the given number of times. */
function failed(fields: object, depth = 0): Error {
	if (depth === 0) return Object.assign(new Error('Broken'), fields);
	return Object.assign(new Error('Wrapped'), { cause: failed(fields, depth - 1) });
}

const textOf = (error: VideoError) =>
	errorText(error, {
		...{ canRetry: true, isSubExecution: false, executionId: '7' },
	});

const CALLS: Call[] = ['create', 'retrieve', 'download'];

describe('when no server is reached', () => {
	it.each([
		...['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
		...['EADDRNOTAVAIL', 'EPERM', 'EMFILE', 'E_NOT_KNOWN_YET'],
	])('%s reports that nothing was sent, and is sent again', (code) => {
		for (const depth of [0, 1, 3]) {
			const error = networkError('create', failed({ code, syscall: 'connect' }, depth));
			expect(error.kind).toBe('unreachable');
			expect(isTransient(error)).toBe(true);
			expect(detailsOf(error)).toEqual({
				...{ kind: 'unreachable', code, retryable: true, mayHaveBeenCreated: false },
			});
			const { message, description } = textOf(error);
			expect(message).toBe('CometAPI could not be reached');
			expect(description).toMatch(/'Base URL'.*Nothing was sent/);
			expect(description).toContain(code);
		}
	});

	it.each([
		['a time-out', { code: 'ETIMEDOUT', syscall: 'connect' }],
		['a firewall', { code: 'EACCES', syscall: 'connect' }],
		['a reset', { code: 'ECONNRESET', syscall: 'connect' }],
		['a name server', { code: 'EAI_FAIL', syscall: 'getaddrinfo' }],
	])('%s before the connection has the same result', (_name, fields) => {
		for (const call of CALLS) {
			for (const depth of [0, 1, 3]) {
				expect(networkError(call, failed(fields, depth)).kind).toBe('unreachable');
			}
		}
	});

	it('a host with several addresses has the same result', () => {
		const errors = ['ETIMEDOUT', 'ENETUNREACH'].map((code) => failed({ code, syscall: 'connect' }));
		const all = Object.assign(new AggregateError(errors), { code: 'ETIMEDOUT' });
		const error = networkError('create', failed({ code: 'ETIMEDOUT', cause: all }));
		expect(error).toMatchObject({ kind: 'unreachable', data: { code: 'ETIMEDOUT' } });
	});
});

describe('when the settings prevent a connection', () => {
	const rows: Array<[detail: string, fields: object, message: RegExp]> = [
		['blocked', { name: 'SsrfBlockedIpError' }, /n8n's security rules/],
		[
			'blocked',
			{ message: 'The request was blocked because it resolves to a restricted address' },
			/n8n's security rules/,
		],
		...[
			...['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
			...['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
			...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
		].map((code): [string, object, RegExp] => ['certificate', { code }, /certificate/]),
		['tls', { code: 'EPROTO', syscall: 'write' }, /does not support https/],
		[
			'tls',
			{ code: 'ERR_SSL_WRONG_VERSION_NUMBER', request: { socket: { secureConnecting: true } } },
			/does not support https/,
		],
		['url', { code: 'ERR_INVALID_URL' }, /is not a web address/],
		['url', { message: 'Invalid URL' }, /is not a web address/],
		['url', { message: 'Unsupported protocol ftp:' }, /is not a web address/],
	];

	it.each(rows)(
		'the error reports why, and that nothing was sent: %s %j',
		(detail, fields, message) => {
			for (const depth of [0, 1, 3]) {
				const error = networkError('create', failed(fields, depth));
				expect(error).toMatchObject({ kind: 'cannotConnect', data: { detail } });
				expect(isTransient(error)).toBe(false);
				expect(detailsOf(error)).toMatchObject({ retryable: true, mayHaveBeenCreated: false });
				const text = textOf(error);
				expect(text.message).toMatch(message);
				expect(text.description).toMatch(/Nothing was (sent|created)/);
				if ('code' in fields) expect(text.description).toContain(fields.code);
			}
		},
	);

	it.each(rows)('the file may be in another place: %s %j', (detail, fields) => {
		const error = networkError('download', failed(fields));
		expect(error).toMatchObject({ kind: 'downloadFailed', data: { detail } });
		expect(isTransient(error)).toBe(true);
		expect(textOf(error).message).toMatch(/^The video could not be downloaded: ./);
	});
});

describe('when the response is lost', () => {
	it.each([
		...['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'EPIPE', 'ERR_BAD_RESPONSE', ''],
		...['HPE_INVALID_CONSTANT', 'HPE_INVALID_CHUNK_SIZE', 'HPE_HEADER_OVERFLOW'],
		...['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_BAD_RECORD_TYPE'],
		...['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ECONNREFUSED', 'EHOSTUNREACH'],
	])('%j after a create call may have been created, and is temporary after other calls', (code) => {
		const created = networkError('create', failed({ code }));
		expect(created.kind).toBe('noResponse');
		expect(isTransient(created)).toBe(false);
		expect(detailsOf(created)).toMatchObject({ retryable: false, mayHaveBeenCreated: true });
		expect(textOf(created).message).toMatch(/may have been created and charged/);
		expect(textOf(created).description).toContain(code && `(${code})`);

		const polled = networkError('retrieve', failed({ code }));
		expect(polled.kind).toBe('unavailable');
		expect(isTransient(polled)).toBe(true);
		expect(detailsOf(polled)).toMatchObject({ retryable: true, mayHaveBeenCreated: false });

		const downloaded = networkError('download', failed({ code }));
		expect(downloaded).toMatchObject({ kind: 'downloadFailed', data: { detail: 'connection' } });
		expect(isTransient(downloaded)).toBe(true);
		expect(textOf(downloaded).message).toMatch(/could not be downloaded: the connection was lost$/);
	});

	it.each(['ECONNRESET', 'EHOSTUNREACH', 'ECONNREFUSED', 'ENETDOWN', 'EPROTO'])(
		'%s of an open connection may have been created',
		(code) => {
			for (const depth of [0, 1, 3]) {
				const error = networkError('create', failed({ code, syscall: 'read' }, depth));
				expect(error.kind).toBe('noResponse');
			}
		},
	);

	it.each(['CERT_HAS_EXPIRED', 'EPROTO', 'ECONNRESET'])(
		'%s after the handshake may have been created',
		(code) => {
			const request = { socket: { secureConnecting: false } };
			const error = networkError('create', failed({ code, syscall: 'write', request }, 1));
			expect(error.kind).toBe('noResponse');
		},
	);

	it.each([
		{ code: 'ECONNREFUSED', syscall: 'connect' },
		{ code: 'EPROTO', syscall: 'write' },
		{ code: 'CERT_HAS_EXPIRED' },
		{ message: 'Invalid URL' },
	])('%j in the middle of a response may have been created', (fields) => {
		expect(networkError('create', failed(fields), true).kind).toBe('noResponse');
	});
});

describe('when n8n 2.0 has the code in place of the status', () => {
	const withStatus = (httpCode: string, ...messages: string[]) =>
		Object.assign(new Error('Offline'), { httpCode, messages });

	it.each([
		['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:443', 'unreachable'],
		['ENOTFOUND', 'getaddrinfo ENOTFOUND host', 'unreachable'],
		['EPROTO', 'write EPROTO 80AC:error:0A00010B:SSL routines', 'cannotConnect'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'cannotConnect'],
		['ECONNRESET', 'read ECONNRESET', 'noResponse'],
		['EHOSTUNREACH', 'read EHOSTUNREACH', 'noResponse'],
		['ECONNRESET', 'socket hang up', 'noResponse'],
		['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'alert', 'noResponse'],
	])('%s with the words "%s" is %s', (code, words, kind) => {
		const error = networkError('create', withStatus(code, words, words));
		expect(error).toMatchObject({ kind, data: { code } });
	});

	it('a status is not treated as a code', () => {
		expect(networkError('create', withStatus('502')).data).toEqual({ call: 'create' });
	});
});

it('an error of the node stays unchanged', () => {
	const error = new VideoError('notSent');
	expect(networkError('create', error)).toBe(error);
});

it.each([undefined, null, 'Broken', {}])(
	'treats a non-error throw as a lost response: %j',
	(thrown) => {
		expect(networkError('create', thrown).kind).toBe('noResponse');
	},
);
