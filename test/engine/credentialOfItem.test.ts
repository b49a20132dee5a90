import { startSandbox } from '../sandbox/server';
import type { Sandbox } from '../sandbox/server';
import { recordSubExecutions } from '../support/paused';
import { prompts, setUp } from '../support/setUp';

/** Two tenants: every second item has the key and the Base URL of another sandbox. */
async function twoTenants() {
	const setup = await setUp();
	const other = await startSandbox({ clock: setup.clock, apiKey: 'sk-of-the-other-tenant' });
	others.push(other);
	const credential = (item: number) =>
		item % 2 === 0 ? setup.credential : { apiKey: other.apiKey, baseUrl: other.baseUrl };
	return { ...setup, other, credential };
}

const others: Sandbox[] = [];

afterEach(async () => {
	for (const sandbox of others.splice(0)) await sandbox.close();
});

const promptsOf = ({ tasks }: Sandbox) => tasks.map(({ prompt }) => prompt).sort();

it('creates, checks and downloads the video of each item with the credential of the item', async () => {
	const { run, sandbox, other, credential } = await twoTenants();
	const { items, error } = await run({ items: prompts('a', 'b', 'c', 'd'), credential });
	expect(error).toBeUndefined();
	expect(items.every(({ binary }) => binary?.data)).toBe(true);
	expect(promptsOf(sandbox)).toEqual(['a', 'c']);
	expect(promptsOf(other)).toEqual(['b', 'd']);
});

it('retrieves a task with the credential of its item', async () => {
	const { run, other, credential } = await twoTenants();
	const created = await run({
		items: prompts('a', 'b'),
		credential,
		parameters: { operation: 'create' },
	});
	const { items } = await run({
		items: created.items.map(({ json }) => ({ json })),
		credential,
		parameters: { operation: 'retrieve', downloadVideo: false },
	});
	expect(items[1].json.id).toBe(other.tasks[0].id);
});

it('takes the prices of Max Cost from the Base URL of each item', async () => {
	const { run, sandbox, other, credential } = await twoTenants();
	await run({
		items: prompts('a', 'b'),
		credential,
		parameters: { operation: 'create', options: { maxCost: 10 } },
	});
	for (const { catalogueRequests } of [sandbox, other]) expect(catalogueRequests).toHaveLength(1);
});

it('fails only the item whose credential cannot be read', async () => {
	const { run, sandbox, credential } = await setUp();
	const { items } = await run({
		items: prompts('a', 'b'),
		credential: (item) => {
			if (item === 1) throw new Error('No such key');
			return credential;
		},
		settings: { onError: 'continueRegularOutput' },
	});
	expect(items[0].binary?.data).toBeDefined();
	expect(items[1].json.error).toContain('No such key');
	expect(sandbox.tasks).toHaveLength(1);
});

it('does not pause for items with different credentials, and creates nothing (n8n ≥ 2.41)', async () => {
	const { sandbox, other, credential, run, ...setup } = await twoTenants();
	const { executeWorkflow } = recordSubExecutions({ ...setup, run, credential: credential(0) });
	const { error } = await run({
		items: prompts('a', 'b'),
		credential,
		parameters: { options: { waitMode: 'durable' } },
		executeWorkflow,
	});
	expect(error?.message).toContain('only this workflow can resolve');
	expect([...sandbox.tasks, ...other.tasks]).toHaveLength(0);
});
