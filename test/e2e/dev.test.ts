import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { N8nRest, type CredentialRef } from '../../scripts/n8n/rest';
import { freePort } from '../../scripts/n8n/server';
import { shared } from './support/shared';
import { until } from './support/until';

const PROJECT = join(__dirname, '../..');

let dev: ChildProcess;
let output = '';
let url = '';

beforeAll(async () => {
	const folder = await mkdtemp(join(shared.get().folder, 'dev-'));
	const port = await freePort();
	url = `http://127.0.0.1:${port}`;
	const options = ['--no-open', '--port', String(port), '--folder', folder];
	// as `npm run dev`, but for the shell in between, which would not pass a signal on
	dev = spawn('node', ['--import', 'tsx', 'scripts/dev.ts', ...options], { cwd: PROJECT });
	for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (text) => (output += text));
	await until('the ready line', () => output.includes(`Ready: ${url}`) || hasEnded(), 150_000);
}, 200_000);

afterAll(() => void dev.kill('SIGKILL'));

const hasEnded = () => dev.exitCode !== null || dev.signalCode !== null;

it('should have a credential that works, and all examples', async () => {
	expect(output).toContain(`Ready: ${url}`);
	const rest = await N8nRest.signIn(url);
	const [{ id }] = await rest.call<CredentialRef[]>('GET', '/credentials');
	const credentials = await rest.call<object>('GET', `/credentials/${id}?includeData=true`);
	const tested = await rest.call<{ status: string }>('POST', '/credentials/test', { credentials });
	expect(tested.status).toBe('OK');
	const workflows = await rest.call<Array<{ name: string }>>('GET', '/workflows');
	const files = await readdir(join(PROJECT, 'examples'));
	expect(workflows).toHaveLength(files.filter((file) => file.endsWith('.json')).length);
});

it('should leave nothing behind when it is ended', async () => {
	dev.kill('SIGINT');
	if (!hasEnded()) await once(dev, 'close');
	await expect(fetch(url)).rejects.toThrow('fetch failed');
});
