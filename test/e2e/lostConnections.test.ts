import { join } from 'node:path';

import { veo } from '../../scripts/n8n/workflow';
import { replies } from '../sandbox/server';
import { startPlain, startTls } from '../support/rawServer';
import type { Posted, RawServer } from '../support/rawServer';
import { expectOwnVideos } from './support/expectVideos';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';

const context = setUp({
	sandbox: { jobMs: 40_000, progress: 'none' },
	env: { NODE_EXTRA_CA_CERTS: join(__dirname, '../sandbox/fixtures/tls-cert.pem') },
});

beforeEach(() => context.sandbox.reset());

const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };

async function runAt({ baseUrl }: RawServer) {
	const credential = await context.rest.createCredential('cometApiVeoApi', {
		...{ apiKey: 'sk-test-key', baseUrl },
	});
	const step = veo(credential, { ...retryOnFail, parameters: { prompt: 'a kite' } });
	return (await runSteps(context, 'lost connection', [step])).execution;
}

const badRecord = Buffer.concat([Buffer.from('1703030030', 'hex'), Buffer.alloc(48, 7)]);
const says =
	(text: string) =>
	({ connection }: Posted) =>
		void connection.end(text);

it.each<[string, () => Promise<RawServer>]>([
	['a bad record', async () => await startTls(({ wire }) => void wire.write(badRecord))],
	[
		'plain HTTP',
		async () => await startTls(({ wire }) => void wire.write('HTTP/1.1 400 No\r\n\r\n')),
	],
	[
		'garbage after 100 Continue',
		async () => await startPlain(says('HTTP/1.1 100 Continue\r\n\r\nx\r\n\r\n')),
	],
	['303', async () => await startPlain(says('HTTP/1.1 303 See Other\r\nlocation: /a\r\n\r\n'))],
])('sends one POST although %s follows it', async (_name, start) => {
	const server = await start();
	const execution = await runAt(server);
	expect(server.posts()).toBe(1);
	const text = JSON.stringify(execution);
	expect(text).toContain('Not resent: CometAPI did not confirm an earlier attempt');
	expect(text).not.toContain('Nothing was sent');
});

it('sends nothing to a server whose certificate is unknown', async () => {
	const server = await startTls(() => undefined);
	const baseUrl = server.baseUrl.replace('127.0.0.1', 'localhost');
	const text = JSON.stringify(await runAt({ ...server, baseUrl }));
	expect(server.posts()).toBe(0);
	expect(text).toContain('The certificate at the Base URL is not valid');
	expect(text).toContain('Nothing was sent');
});

it.each([replies.taskNotExist404, replies.unauthorized, replies.forbidden])(
	'delivers the video although polls get status $status for a moment',
	async (fault) => {
		context.sandbox.faults.push({ call: 'retrieve', nth: [3, 4], fault });
		const step = veo(context.credential, {
			...retryOnFail,
			parameters: { prompt: 'a kite', options: { pollInterval: 2 } },
		});
		const { execution } = await runSteps(context, 'passing response', [step]);
		await expectOwnVideos(context, execution.itemsOf('Veo'));
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
	},
);
