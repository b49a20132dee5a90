import { setTimeout as sleep } from 'node:timers/promises';

import { veo } from '../../scripts/n8n/workflow';
import { reply, startGateway } from '../support/gateway';
import type { Gateway } from '../support/gateway';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';

const KEY = 'sk-a-key-that-must-stay-home';
const context = setUp();

let gateway: Gateway;
let other: Gateway;
beforeEach(async () => {
	[gateway, other] = [await startGateway(), await startGateway()];
});
afterEach(async () => {
	await Promise.all([gateway, other].map(async (each) => await each.close()));
});

it('the test of the key follows no redirect', async () => {
	gateway.paths['/gw/v1/models'] = reply(302, '', { location: `${other.url}/v1/models` });
	const data = { apiKey: KEY, baseUrl: `${gateway.url}/gw` };
	const { id, name } = await context.rest.createCredential('cometApiVeoApi', data);
	const result = await context.rest.testCredential({ id, name, type: 'cometApiVeoApi', data });
	expect(gateway.requests).toHaveLength(1);
	expect(other.requests).toEqual([]);
	expect(result.status).toBe('Error');
	// before 2.41, n8n has only its own words
	expect(result.message).toMatch(
		/^(The Base URL redirects to another address\.|Request failed with status code 302$)/,
	);
});

/** The message of the error with which a request is refused. */
async function errorAfter(message: string) {
	gateway.paths['/gw/v1/videos'] = reply(400, { error: { message } });
	const credential = await context.rest.createCredential('cometApiVeoApi', {
		...{ apiKey: KEY, baseUrl: `${gateway.url}/gw` },
	});
	const step = veo(credential, { parameters: { prompt: 'a kite' } });
	return (await runSteps(context, 'hostile server', [step])).execution.error!;
}

it('64 KB of backslashes do not block n8n', async () => {
	const failed = errorAfter('\\'.repeat(64 * 1024));
	let isOver = false;
	void failed.finally(() => (isOver = true));
	const pauses: number[] = [];
	while (!isOver) {
		const startedAt = performance.now();
		await context.rest.fetch('GET', '/settings');
		pauses.push(performance.now() - startedAt);
		await sleep(20);
	}
	expect((await failed).message).toContain('CometAPI rejected the request');
	// with a regular expression for each character of the key, n8n was blocked for 161 seconds
	expect(Math.max(...pauses)).toBeLessThan(60_000);
});

it('markup of a server is text in the error of an execution', async () => {
	const { message, description } = await errorAfter(
		'<img src=x onerror=alert(1)> <a href="javascript:alert(1)">free credit</a>',
	);
	const texts = `${message} ${description}`;
	expect(texts).toContain('free credit');
	expect(texts).not.toMatch(/<[a-z/!]/i);
});
