import nock from 'nock';

import { replies } from '../sandbox/server';
import { expectOwnFiles } from '../support/expect';
import { startPlain, startRaw } from '../support/rawServer';
import { setUp } from '../support/setUp';

const continues = { onError: 'continueRegularOutput' as const };

/** A network error as Node reports it when no connection is established. */
const networkError = (code: string, rest: { syscall?: string } = { syscall: 'connect' }) =>
	Object.assign(new Error(`${rest.syscall ?? 'connect'} ${code} 203.0.113.7:443`), {
		code,
		...rest,
	});

/** The sandbox, after the given number of failed requests for a new video. */
async function withErrors(error: Error, times: number) {
	const setup = await setUp();
	nock(setup.sandbox.baseUrl, { allowUnmocked: true })
		.post('/v1/videos')
		.times(times)
		.replyWithError(error);
	return setup;
}

beforeEach(() => {
	if (!nock.isActive()) nock.activate();
});

afterEach(() => {
	nock.cleanAll();
	nock.restore();
});

describe('a request that does not get through', () => {
	const passing: Array<[name: string, error: Error]> = [
		...['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'].map(
			(code): [string, Error] => [code, networkError(code)],
		),
		['EADDRNOTAVAIL', networkError('EADDRNOTAVAIL')],
		['ETIMEDOUT while connecting', networkError('ETIMEDOUT')],
		['ENOTFOUND', networkError('ENOTFOUND', { syscall: 'getaddrinfo' })],
		['EAI_AGAIN', networkError('EAI_AGAIN', { syscall: 'getaddrinfo' })],
		['EADDRNOTAVAIL without a system call', networkError('EADDRNOTAVAIL', { syscall: undefined })],
		['ENETDOWN without a system call', networkError('ENETDOWN', { syscall: undefined })],
		['EHOSTUNREACH without a system call', networkError('EHOSTUNREACH', { syscall: undefined })],
		['ENETUNREACH without a system call', networkError('ENETUNREACH', { syscall: undefined })],
		['EHOSTDOWN without a system call', networkError('EHOSTDOWN', { syscall: undefined })],
	];

	it.each(passing)('is sent again: %s', async (_name, error) => {
		const { run, sandbox } = await withErrors(error, 2);
		const { items } = await run();
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1, delivered: 1 });
	});

	it.each(passing)('is reported as not sent: %s', async (_name, error) => {
		const { run, sandbox } = await withErrors(error, 100);
		const { items } = await run({ settings: continues });
		expect(items[0].json).toMatchObject({
			error: 'CometAPI could not be reached',
			message: expect.stringMatching(/'Base URL'.*Nothing was sent \(E\w+\)/),
			details: { kind: 'unreachable', retryable: true, mayHaveBeenCreated: false },
		});
		expect(sandbox.counts().creates).toBe(0);
	});

	const lasting: Array<[name: string, error: Error, text: string]> = [
		['EPROTO', networkError('EPROTO', { syscall: 'write' }), 'does not support https'],
		[
			'ERR_SSL_WRONG_VERSION_NUMBER',
			networkError('ERR_SSL_WRONG_VERSION_NUMBER'),
			'does not support https',
		],
		[
			'ERR_SSL_PACKET_LENGTH_TOO_LONG',
			networkError('ERR_SSL_PACKET_LENGTH_TOO_LONG'),
			'does not support https',
		],
		[
			'a certificate of its own',
			networkError('DEPTH_ZERO_SELF_SIGNED_CERT'),
			'certificate at the Base URL is not valid',
		],
		[
			'an expired certificate',
			networkError('CERT_HAS_EXPIRED'),
			'certificate at the Base URL is not valid',
		],
		[
			'a certificate of another host',
			networkError('ERR_TLS_CERT_ALTNAME_INVALID'),
			'certificate at the Base URL is not valid',
		],
		[
			'an unknown issuer',
			networkError('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
			'certificate at the Base URL is not valid',
		],
		[
			"n8n's SSRF protection (not n8n 2.0)",
			Object.assign(new Error('The request was blocked'), { name: 'SsrfBlockedIpError' }),
			"n8n's security rules block the connection",
		],
	];

	it.each(lasting)('reports why, and is not repeated: %s', async (_name, error, text) => {
		const { run, sandbox } = await withErrors(error, 100);
		const { items } = await run({ settings: continues });
		expect(items[0].json).toMatchObject({
			error: expect.stringContaining(text),
			message: expect.stringContaining('Nothing was sent'),
			details: { kind: 'cannotConnect', mayHaveBeenCreated: false },
		});
		expect(sandbox.counts().creates).toBe(0);
		expect(nock.pendingMocks()).not.toEqual([]);
	});

	it.each(lasting)('is sent again by Retry On Fail: %s', async (_name, error) => {
		const { run, sandbox } = await withErrors(error, 1);
		const { items } = await run({
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		await expectOwnFiles(sandbox, items);
		expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
	});

	it.each([
		['ETIMEDOUT while reading', networkError('ETIMEDOUT', { syscall: 'read' })],
		['ECONNRESET', networkError('ECONNRESET', { syscall: 'read' })],
		['EPIPE', networkError('EPIPE', { syscall: 'write' })],
		['EHOSTUNREACH while reading', networkError('EHOSTUNREACH', { syscall: 'read' })],
		['ECONNREFUSED while reading', networkError('ECONNREFUSED', { syscall: 'read' })],
	])('may have been created after %s', async (_name, error) => {
		const { run } = await withErrors(error, 1);
		const { error: ended } = await run({
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(ended?.context.details).toMatchObject({ kind: 'notResent', mayHaveBeenCreated: true });
	});
});

describe('a Base URL that cannot work', () => {
	/** The error item of a run with this Base URL. */
	async function errorItem(baseUrl: string) {
		const { run, sandbox, credential } = await setUp();
		const { items } = await run({ credential: { ...credential, baseUrl }, settings: continues });
		expect(sandbox.requests).toHaveLength(0);
		expect(items[0].json).toMatchObject({ details: { mayHaveBeenCreated: false } });
		return items[0].json;
	}

	it.each(['ftp://127.0.0.1', 'file:///etc', 'nonsense', 'api.cometapi.com'])(
		'is reported as not a web address: %s',
		async (baseUrl) => {
			const { error, message } = await errorItem(baseUrl);
			expect(error).toBe('The Base URL is not a web address');
			expect(message).toMatch(/start with https:\/\/.*Nothing was sent/);
		},
	);

	it('is reported when the server does not support https', async () => {
		const { sandbox } = await setUp();
		const { error, message } = await errorItem(sandbox.baseUrl.replace('http:', 'https:'));
		expect(error).toBe('The server at the Base URL does not support https');
		expect(message).toContain('Nothing was sent');
	});

	it('is named when a server that does not use http breaks the connection', async () => {
		const alert = Buffer.from('15030100020246', 'hex');
		const { baseUrl } = await startPlain(({ wire }) => wire.end(alert));
		const { run, credential } = await setUp();
		const { items } = await run({ credential: { ...credential, baseUrl }, settings: continues });
		expect(items[0].json).toMatchObject({
			message: expect.stringContaining("Check 'Base URL' in the credential"),
			details: { code: 'HPE_INVALID_CONSTANT', mayHaveBeenCreated: true },
		});
	});

	it('is named when a web server requires https', async () => {
		const page = '<html><h1>400 The plain HTTP request was sent to HTTPS port</h1></html>';
		const answer = `HTTP/1.1 400 Bad Request\r\ncontent-type: text/html\r\ncontent-length: ${page.length}\r\nconnection: close\r\n\r\n${page}`;
		const { baseUrl } = await startRaw((socket) => socket.once('data', () => socket.end(answer)));
		const { error } = await errorItem(baseUrl);
		expect(error).toBe('No CometAPI found at the Base URL');
	});
});

it('a proxy that requires a sign-in is named, and nothing is created', async () => {
	const { run, sandbox } = await setUp({
		faults: [{ call: 'create', fault: replies.proxyAuthRequired }],
	});
	const { items } = await run({ settings: continues });
	expect(items[0].json).toMatchObject({
		error: 'A proxy between n8n and CometAPI asks for a sign-in',
		message: expect.stringContaining('Nothing was created'),
		details: { kind: 'cannotConnect', mayHaveBeenCreated: false },
	});
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
});
