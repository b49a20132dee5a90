import type { CredentialRef } from '../../scripts/n8n/rest';
import { itemsFrom, veo } from '../../scripts/n8n/workflow';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';

const context = setUp({ sandbox: { jobMs: 500 } });

let other: Sandbox;
let credential: CredentialRef;

beforeAll(async () => {
	other = await startSandbox({ jobMs: 500, apiKey: 'sk-of-the-other-tenant' });
	credential = await context.rest.createCredential(
		'cometApiVeoApi',
		{ apiKey: '={{ $json.apiKey }}', baseUrl: '={{ $json.baseUrl }}' },
		'Key of the item',
	);
});

afterAll(async () => await other?.close());

beforeEach(() => [context.sandbox, other].forEach((sandbox) => sandbox.reset()));

async function run(options = {}) {
	const tenants = [context.sandbox, other];
	const items = tenants.map(({ apiKey, baseUrl }, index) => ({
		apiKey,
		baseUrl,
		prompt: `${index}`,
	}));
	const parameters = { options: { pollInterval: 1, ...options } };
	const { execution } = await runSteps(context, 'Tenants', [
		...itemsFrom(items),
		veo(credential, { parameters }),
	]);
	return execution;
}

const promptsOf = ({ tasks }: Sandbox) => tasks.map(({ prompt }) => prompt);

it('a credential with expressions gives each item its own key and Base URL', async () => {
	const execution = await run();
	expect(execution.status).toBe('success');
	expect(execution.itemsOf('Veo').map(({ binary }) => binary?.data.mimeType)).toEqual([
		'video/mp4',
		'video/mp4',
	]);
	expect(promptsOf(context.sandbox)).toEqual(['0']);
	expect(promptsOf(other)).toEqual(['1']);
});

it('an execution with such a credential is not paused, and nothing is created (n8n ≥ 2.41)', async () => {
	const execution = await run({ waitMode: 'durable' });
	expect(execution.status).toBe('error');
	expect(execution.error?.message).toContain('only this workflow can resolve');
	expect([...context.sandbox.tasks, ...other.tasks]).toEqual([]);
});
