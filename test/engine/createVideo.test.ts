import type { INodeParameters } from 'n8n-workflow';

import { isFile } from '../sandbox/server';
import type { SandboxOptions } from '../sandbox/server';
import { prompts, setUp } from '../support/setUp';

/** The text fields of the first create request, in the order sent. */
async function sentFields(parameters: INodeParameters = {}) {
	const { run, sandbox } = await setUp();
	const { error } = await run({ parameters: { operation: 'create', ...parameters } });
	expect(error).toBeUndefined();
	return sandbox.tasks[0].parts.flatMap((part) => (isFile(part) ? [] : [[part.name, part.value]]));
}

const PROMPT = 'A paper kite floats above a field';
describe('the form', () => {
	it('has only prompt, model and size when nothing else is set', async () => {
		const { run, sandbox } = await setUp();
		await run({ parameters: { operation: 'create' } });
		expect(sandbox.tasks[0].parts).toEqual([
			{ name: 'prompt', value: PROMPT },
			{ name: 'model', value: 'veo3-fast' },
			{ name: 'size', value: '16x9' },
		]);
	});

	it.each([
		['={{ ({ scene: "kite", camera: "slow" }) }}', '{"scene":"kite","camera":"slow"}'],
		['={{ [{ shot: 1 }, "dusk"] }}', '[{"shot":1},"dusk"]'],
		['={{ 7 }}', '7'],
	])('has a prompt that is not text as JSON: %s', async (prompt, sent) => {
		expect(await sentFields({ prompt })).toContainEqual(['prompt', sent]);
	});

	it.each([
		['from the list', { __rl: true, mode: 'list', value: 'veo3.1' }],
		['by ID', { __rl: true, mode: 'id', value: 'veo3.1' }],
		['by ID with spaces around', { __rl: true, mode: 'id', value: ' veo3.1\n' }],
		['by ID from an expression', { __rl: true, mode: 'id', value: '={{ "veo3" + ".1" }}' }],
	])('has the model chosen %s', async (_name, model) => {
		expect(await sentFields({ model })).toContainEqual(['model', 'veo3.1']);
	});

	it.each([
		['9x16', '9x16'],
		['={{ "1280x" + 720 }}', '1280x720'],
		['=  4k ', '4k'],
	])('has the size %s', async (size, sent) => {
		expect(await sentFields({ size })).toContainEqual(['size', sent]);
	});

	it.each(['', '={{ "" }}', '={{ null }}', '={{ undefined }}'])(
		'omits an empty size: "%s"',
		async (size) => {
			expect(await sentFields({ size })).toEqual([
				['prompt', PROMPT],
				['model', 'veo3-fast'],
			]);
		},
	);

	it('has the values of its item', async () => {
		const { run, sandbox } = await setUp();
		const parameters = {
			operation: 'create',
			size: '={{ $json.prompt === "b" ? "9x16" : "16x9" }}',
			model: { __rl: true, mode: 'id', value: '={{ "veo-" + $json.prompt }}' },
			options: { extraFields: { field: [{ name: 'n', value: '={{ $itemIndex }}' }] } },
		};
		await run({ items: prompts('a', 'b'), parameters });
		const sent = sandbox.tasks.map(({ parts }) =>
			parts.map((part) => 'value' in part && part.value),
		);
		expect(sent.sort()).toEqual([
			['a', 'veo-a', '16x9', '0'],
			['b', 'veo-b', '9x16', '1'],
		]);
	});
});

describe('the output', () => {
	const created = async (options: SandboxOptions = {}) => {
		const { run, sandbox, clock } = await setUp(options);
		const { items } = await run({ parameters: { operation: 'create' } });
		return { item: items[0], items, sandbox, createdAt: clock.now() / 1000 };
	};

	it('is the task as CometAPI returned it and what was asked for, without a file', async () => {
		const { items, sandbox, createdAt } = await created();
		expect(items).toEqual([
			{
				json: {
					created_at: createdAt,
					id: sandbox.tasks[0].id,
					model: 'veo_3_1-fast',
					object: 'video',
					progress: 0,
					prompt: 'A paper kite floats above a field',
					requested_model: 'veo3-fast',
					seconds: '',
					size: '16x9',
					status: 'queued',
					task_id: sandbox.tasks[0].id,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	it('needs only the request that creates the video', async () => {
		const { sandbox } = await created();
		expect(sandbox.requests.map(({ call }) => call)).toEqual(['create']);
	});

	it('is unwrapped when CometAPI wraps the task', async () => {
		const { item, sandbox } = await created({
			faults: [{ call: 'create', fault: { kind: 'wrapped' } }],
		});
		expect(item.json).toMatchObject({ id: sandbox.tasks[0].id, object: 'video', status: 'queued' });
		expect(Object.keys(item.json)).not.toEqual(expect.arrayContaining(['data']));
		expect(item.json).not.toHaveProperty('code');
	});

	it.each([
		['QUEUED', 'queued'],
		['Processing', 'in_progress'],
		['SUCCESS', 'completed'],
		['Thinking', 'thinking'],
	])('has the status %s as %s', async (status, expected) => {
		const { item } = await created({
			faults: [{ call: 'create', fault: { kind: 'taskStatus', status } }],
		});
		expect(item.json.status).toBe(expected);
	});

	it.each([
		['its own prompt', 'A kite, cinematic', 'A kite, cinematic'],
		['none', null, 'A paper kite floats above a field'],
	])('has the prompt of the task if it has %s', async (_name, prompt, expected) => {
		const body = { id: 'task_1', status: 'queued', prompt };
		const { item } = await created({
			faults: [{ call: 'create', fault: { kind: 'reply', status: 200, body } }],
		});
		expect(item.json.prompt).toBe(expected);
	});

	it('never has the key `error`, which n8n treats as an error of the node', async () => {
		const task = { id: 'task_1', status: 'queued', metadata: { error: 'kept' } };
		const body = { ...task, error: null };
		const { item } = await created({
			faults: [{ call: 'create', fault: { kind: 'reply', status: 200, body } }],
		});
		expect(item.json).toMatchObject(task);
		expect(item.json).not.toHaveProperty('error');
	});
});

describe('the URL', () => {
	it.each(['', '/', '/v1', '/v1/', '//', '/v1//'])(
		'is /v1/videos when the Base URL ends in "%s"',
		async (ending) => {
			const { run, sandbox, credential } = await setUp();
			const baseUrl = ` ${credential.baseUrl}${ending} `;
			const { items } = await run({
				credential: { ...credential, baseUrl },
				parameters: { operation: 'create' },
			});
			expect(items).toHaveLength(1);
			expect(sandbox.requests.map(({ url }) => url)).toEqual(['/v1/videos']);
		},
	);

	it('is called with the key as a bearer token', async () => {
		const { run, sandbox } = await setUp({ apiKey: 'sk-a-key-of-its-own' });
		await run({ parameters: { operation: 'create' } });
		expect(sandbox.requests[0].headers.authorization).toBe('Bearer sk-a-key-of-its-own');
	});
});
