import type { INodeParameters } from 'n8n-workflow';

import { maxVideos } from '../../nodes/Veo/parameters/options';
import { replies } from '../sandbox/server';
import { images, prompts, setUp } from '../support/setUp';

/** The error of a run that ends before anything is sent. */
async function errorBeforeSending(parameters: INodeParameters, items = prompts('a', 'b', 'c')) {
	const { run, sandbox } = await setUp();
	const { error, items: output } = await run({ items, parameters });
	expect(sandbox.requests).toHaveLength(0);
	expect(output).toEqual([]);
	return { message: error?.message, description: error?.description, error };
}

const operations = ['create', 'createAndWait'];

describe.each(operations)('one bad item of three, with %s', (operation) => {
	const parameters = { operation, imageInput: 'image' };
	const files = { data: images.png };
	const items = [
		{ files },
		{ files: { data: { ...images.png, bytes: Buffer.from('no') } } },
		{ files },
	];

	it('is reported before anything is sent', async () => {
		const { message, error } = await errorBeforeSending(parameters, items);
		expect(message).toMatch(/not an image.*\[item 1\]$/);
		expect(error?.context.itemIndex).toBe(1);
		expect(error?.context.details).toEqual({
			kind: 'invalidInput',
			retryable: false,
			mayHaveBeenCreated: false,
		});
	});

	it('is reported when it is the last one', async () => {
		const { message } = await errorBeforeSending(
			{ ...parameters, imageInput: 'none' },
			prompts('a', 'b', ' '),
		);
		expect(message).toBe("'Prompt' is empty [item 2]");
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'does not stop the others: %s',
		async (onError) => {
			const { run, sandbox } = await setUp();
			const { items: output, errors } = await run({ items, parameters, settings: { onError } });
			const good = [...output, ...errors].filter(({ json }) => json.id);
			expect(good.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
			expect(sandbox.counts()).toMatchObject({ creates: 2, created: 2 });
		},
	);
});

describe('the prompt', () => {
	it.each(['={{ "" }}', ' \n', '={{ undefined }}', '={{ null }}'])(
		'is required: %j',
		async (prompt) => {
			const { message, description } = await errorBeforeSending({ prompt });
			expect(message).toBe("'Prompt' is empty [item 0]");
			expect(description).toBe('Enter a prompt, or map one from the input');
		},
	);
});

describe('the model', () => {
	it.each(['={{ "" }}', ' ', '={{ undefined }}', '={{ null }}'])(
		'is required: %j',
		async (value) => {
			const { message, description } = await errorBeforeSending({
				model: { __rl: true, mode: 'id', value },
			});
			expect(message).toBe("'Model' is empty [item 0]");
			expect(description).toMatch(
				/Choose a model from the list, or enter its ID, e\.g\. veo3-fast/,
			);
		},
	);
});

describe.each([
	['Model', (value: string): INodeParameters => ({ model: { __rl: true, mode: 'id', value } })],
	['Aspect Ratio', (value: string): INodeParameters => ({ size: value })],
])("an object as '%s'", (displayName, parameters) => {
	it.each(['={{ ({ id: "veo3" }) }}', '={{ ["veo3"] }}'])(
		'ends the node before anything is sent: %s',
		async (value) => {
			const { message, error } = await errorBeforeSending(parameters(value));
			expect(message).toMatch(new RegExp(`^'${displayName}' must be text, but is .*veo3`));
			expect(error?.context.details).toMatchObject({ kind: 'invalidInput' });
		},
	);
});

describe('the error item of an earlier run as input', () => {
	const withErrorItem = async () => {
		const setup = await setUp({ faults: [{ call: 'create', fault: replies.badRequest, nth: 1 }] });
		const onError = 'continueRegularOutput' as const;
		const { items } = await setup.run({ settings: { onError } });
		expect(items[0].json.error).toBeDefined();
		return { ...setup, items: items.map(({ json }) => ({ json: { ...json, topic: 'a kite' } })) };
	};

	it.each(['={{ $json.message }}', '={{ $json.error }}', '=Film this: {{ $json.message }}'])(
		'is refused as a prompt before anything is paid for: %s',
		async (prompt) => {
			const { run, sandbox, items } = await withErrorItem();
			const { error } = await run({ items, parameters: { prompt } });
			expect(error?.message).toBe(
				"'Prompt' is the message of an item that failed in this node [item 0]",
			);
			expect(error?.description).toContain('original input');
			expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
		},
	);

	it('is accepted for a prompt from its other fields', async () => {
		const { run, sandbox, items } = await withErrorItem();
		await run({ items, parameters: { prompt: '={{ $json.topic }}' } });
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['a kite']);
	});

	it('is not confused with other items that have a message', async () => {
		const { run, sandbox } = await setUp();
		const json = { message: 'A kite', details: { kind: 'greeting' } };
		await run({ items: [{ json }], parameters: { prompt: '={{ $json.message }}' } });
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['A kite']);
	});
});

describe('the operation', () => {
	it.each(['delete', '', 'toString'])('is refused if it is unknown: %j', async (name) => {
		const { message } = await errorBeforeSending({ operation: name });
		expect(message).toMatch(/'Operation'/);
	});
});

describe('Max Videos per Run', () => {
	it.each(operations)('stops the node before anything is created: %s', async (operation) => {
		const { message, description } = await errorBeforeSending({
			operation,
			options: { maxVideos: 2 },
		});
		expect(message).toBe("The input asks for 3 videos, but 'Max Videos per Run' is 2 [item 0]");
		expect(description).toBe('Nothing was created. Pass fewer items, or increase the limit');
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'stops all items when the node continues on errors: %s',
		async (onError) => {
			const { run, sandbox } = await setUp();
			const { items, errors } = await run({
				items: prompts('a', 'b', 'c'),
				parameters: { options: { maxVideos: 2 } },
				settings: { onError },
			});
			const messages = [...items, ...errors].map(({ json }) => json.error);
			expect(messages).toEqual(Array(3).fill(expect.stringMatching(/asks for 3 videos/)));
			expect(sandbox.requests).toHaveLength(0);
		},
	);

	it.each([3, 0, '={{ 3 }}', undefined])('allows three videos: %s', async (maxVideos) => {
		const { run, sandbox } = await setUp();
		const options = maxVideos === undefined ? {} : { maxVideos };
		const { items } = await run({ items: prompts('a', 'b', 'c'), parameters: { options } });
		expect(items).toHaveLength(3);
		expect(sandbox.counts().creates).toBe(3);
	});

	it('counts each round of a loop separately, as its description states', async () => {
		const { run, sandbox } = await setUp();
		await run({ items: prompts('a', 'b'), parameters: { options: { maxVideos: 2 } }, rounds: 3 });
		expect(sandbox.counts().creates).toBe(6);
		expect(maxVideos.description).toContain('Each round of a loop is a run of its own');
	});

	it('counts the videos and not their input items', async () => {
		const { run } = await setUp();
		const files = { data: images.png };
		const { items } = await run({
			items: [{ files }, { files }],
			parameters: { imageInput: 'items', options: { maxVideos: 1 } },
		});
		expect(items).toHaveLength(1);
	});
});

it('nothing is sent when an expression cannot be resolved', async () => {
	const prompt = '={{ $json.prompt === "b" ? $json.a.b.c.toUpperCase() + nothing : "fine" }}';
	const { message } = await errorBeforeSending({ prompt });
	expect(message).toMatch(/\[item 1\]$/);
});

it('all items are checked before the first request', async () => {
	const { run, sandbox } = await setUp({
		faults: [{ call: 'create', fault: replies.badRequest }],
	});
	const { error } = await run({ items: prompts('a', 'b', ' ') });
	expect(error?.message).toBe("'Prompt' is empty [item 2]");
	expect(sandbox.requests).toHaveLength(0);
});
