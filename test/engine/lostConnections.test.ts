import type { TlsOptions } from 'node:tls';

import { startPlain, startRaw, startTls, trustCertificate } from '../support/rawServer';
import type { Posted, RawServer } from '../support/rawServer';
import { setUp } from '../support/setUp';

const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

async function runAt({ baseUrl }: RawServer, settings: object) {
	const { run, credential } = await setUp();
	return await run({ credential: { ...credential, baseUrl }, settings });
}

describe('a connection that breaks after the POST has arrived', () => {
	const plainHttp = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n';
	const badRecord = Buffer.concat([Buffer.from('1703030030', 'hex'), Buffer.alloc(48, 7)]);
	const clearAlert = Buffer.from('15030300020228', 'hex');
	const onWire =
		(bytes: string | Buffer) =>
		({ wire }: Posted) =>
			void wire.write(bytes);
	const says =
		(bytes: string) =>
		({ connection }: Posted) =>
			void connection.end(bytes);
	const old: TlsOptions = { maxVersion: 'TLSv1.2' };
	const rows: Array<[name: string, start: () => Promise<RawServer>]> = [
		['plain HTTP bytes in TLS 1.3', async () => await startTls(onWire(plainHttp))],
		['plain HTTP bytes in TLS 1.2', async () => await startTls(onWire(plainHttp), old)],
		['a bad record in TLS 1.3', async () => await startTls(onWire(badRecord))],
		['a bad record in TLS 1.2', async () => await startTls(onWire(badRecord), old)],
		['an alert in clear in TLS 1.3', async () => await startTls(onWire(clearAlert))],
		['an alert in clear in TLS 1.2', async () => await startTls(onWire(clearAlert), old)],
		['the end of the connection', async () => await startTls(({ wire }) => wire.end())],
		['a reset', async () => await startTls(({ wire }) => wire.resetAndDestroy())],
		['garbage within TLS', async () => await startTls(says('garbage\r\n\r\n'))],
		['garbage', async () => await startPlain(says('garbage\r\n\r\n'))],
		['a TLS alert without TLS', async () => await startPlain(onWire(clearAlert))],
		[
			'garbage after 100 Continue',
			async () => await startPlain(says('HTTP/1.1 100 Continue\r\n\r\ngarbage\r\n\r\n')),
		],
		[
			'broken headers',
			async () => await startPlain(says('HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}')),
		],
		[
			'a broken chunk',
			async () =>
				await startPlain(says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n')),
		],
		[
			'303',
			async () => await startPlain(says('HTTP/1.1 303 See Other\r\nlocation: /done\r\n\r\n')),
		],
	];

	beforeEach(trustCertificate);

	it.each(rows)('is not followed by a second POST in Retry On Fail: %s', async (_name, start) => {
		const server = await start();
		const { error } = await runAt(server, retryOnFail);
		expect(server.posts()).toBe(1);
		expect(error?.context.details).toMatchObject({ kind: 'notResent', mayHaveBeenCreated: true });
	});

	it.each(rows)('is reported as possibly charged: %s', async (_name, start) => {
		const server = await start();
		const { items } = await runAt(server, { onError: 'continueRegularOutput' });
		expect(server.posts()).toBe(1);
		expect(items[0].json).toMatchObject({
			error: expect.stringMatching(
				/^CometAPI (did not respond|responded with status 303)\. The video may have been created and charged$/,
			),
			details: { kind: 'noResponse', retryable: false, mayHaveBeenCreated: true },
		});
		expect(JSON.stringify(items[0].json)).not.toContain('Nothing was');
	});
});

describe('a connection that ends during the handshake', () => {
	const answers = (bytes: string | Buffer) => async () =>
		await startRaw((socket) => socket.once('data', () => socket.end(bytes)));
	const none = async () => undefined;
	const rows: Array<[name: string, start: () => Promise<RawServer>, error: RegExp]> = [
		['plain HTTP bytes', answers('HTTP/1.1 400 Bad Request\r\n\r\n'), /does not support https/],
		['a greeting', async () => await startRaw((socket) => socket.write('220 smtp\r\n')), /https/],
		['an alert', answers(Buffer.from('15030300020228', 'hex')), /does not support https/],
		['the end (not n8n 2.0)', answers(''), /could not be reached/],
		[
			'a reset (not n8n 2.0)',
			async () => await startRaw((socket) => socket.once('data', () => socket.resetAndDestroy())),
			/could not be reached/,
		],
		['an unknown certificate in TLS 1.3', async () => await startTls(none), /certificate/],
		[
			'an unknown certificate in TLS 1.2',
			async () => await startTls(none, { maxVersion: 'TLSv1.2' }),
			/certificate/,
		],
		[
			'an old version of TLS',
			async () =>
				await startTls(none, {
					...{ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
				}),
			/does not support https/,
		],
	];

	it.each(rows)('has sent nothing: %s', async (_name, start, message) => {
		const server = await start();
		const https = { ...server, baseUrl: server.baseUrl.replace('http:', 'https:') };
		const { items } = await runAt(https, { onError: 'continueRegularOutput' });
		expect(server.posts()).toBe(0);
		expect(items[0].json).toMatchObject({
			error: expect.stringMatching(message),
			message: expect.stringContaining('Nothing was sent'),
			details: { retryable: true, mayHaveBeenCreated: false },
		});
	});

	it.each(rows)('is tried again by Retry On Fail: %s', async (_name, start) => {
		const server = await start();
		const https = { ...server, baseUrl: server.baseUrl.replace('http:', 'https:') };
		const { error } = await runAt(https, retryOnFail);
		expect(server.connections()).toBeGreaterThanOrEqual(3);
		expect(error?.context.details).toMatchObject({ mayHaveBeenCreated: false });
	});
});
