import type { INodeParameters } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import { images, prompts, setUp } from '../support/setUp';

/** How a run ended before anything was sent. */
async function refusal(parameters: INodeParameters, items = prompts('a', 'b', 'c')) {
	const { run, sandbox } = await setUp();
	const { error, items: output } = await run({ items, parameters });
	expect(sandbox.requests).toHaveLength(0);
	expect(output).toEqual([]);
	return { message: error?.message, advice: error?.description, error };
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

	it('should be found before anything is sent', async () => {
		const { message, error } = await refusal(parameters, items);
		expect(message).toMatch(/not an image.*\[item 1\]$/);
		expect(error?.context.itemIndex).toBe(1);
		expect(error?.context.details).toEqual({ retryable: false, mayHaveBeenCreated: false });
	});

	it('should be found where it is the last one', async () => {
		const { message } = await refusal(
			{ ...parameters, imageInput: 'none' },
			prompts('a', 'b', ' '),
		);
		expect(message).toBe("'Prompt' is empty [item 2]");
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'should not hold up the others: %s',
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
		'should not be empty: %j',
		async (prompt) => {
			const { message, advice } = await refusal({ prompt });
			expect(message).toBe("'Prompt' is empty [item 0]");
			expect(advice).toBe('Describe the video, or map a field of the input that does');
		},
	);
});

describe('the model', () => {
	it.each(['={{ "" }}', ' ', '={{ undefined }}', '={{ null }}'])(
		'should not be empty: %j',
		async (value) => {
			const { message, advice } = await refusal({ model: { __rl: true, mode: 'id', value } });
			expect(message).toBe("'Model' is empty [item 0]");
			expect(advice).toMatch(/Choose a model from the list, or give its ID, e\.g\. veo3-fast/);
		},
	);
});

describe('the operation', () => {
	it.each(['delete', '', 'toString'])('should be one the node knows, and not %j', async (name) => {
		const { message } = await refusal({ operation: name });
		expect(message).toMatch(/'Operation'/);
	});
});

describe('Max Videos per Run', () => {
	it.each(operations)('should stop the node before anything is paid for: %s', async (operation) => {
		const { message, advice } = await refusal({ operation, options: { maxVideos: 2 } });
		expect(message).toBe("'Max Videos per Run' allows 2, and the input asks for 3 [item 0]");
		expect(advice).toBe('Nothing was sent. Pass on fewer items, or raise the limit');
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'should stop all of them where the node continues: %s',
		async (onError) => {
			const { run, sandbox } = await setUp();
			const { items, errors } = await run({
				items: prompts('a', 'b', 'c'),
				parameters: { options: { maxVideos: 2 } },
				settings: { onError },
			});
			const messages = [...items, ...errors].map(({ json }) => json.error);
			expect(messages).toEqual(Array(3).fill(expect.stringMatching(/allows 2/)));
			expect(sandbox.requests).toHaveLength(0);
		},
	);

	it.each([3, 0, '={{ 3 }}', undefined])('should let pass three videos: %s', async (maxVideos) => {
		const { run, sandbox } = await setUp();
		const options = maxVideos === undefined ? {} : { maxVideos };
		const { items } = await run({ items: prompts('a', 'b', 'c'), parameters: { options } });
		expect(items).toHaveLength(3);
		expect(sandbox.counts().creates).toBe(3);
	});

	it('should count the videos, and not the items they are made of', async () => {
		const { run } = await setUp();
		const files = { data: images.png };
		const { items } = await run({
			items: [{ files }, { files }],
			parameters: { imageInput: 'items', options: { maxVideos: 1 } },
		});
		expect(items).toHaveLength(1);
	});
});

it('should send nothing where an expression cannot be read', async () => {
	const prompt = '={{ $json.prompt === "b" ? $json.a.b.c.toUpperCase() + nothing : "fine" }}';
	const { message } = await refusal({ prompt });
	expect(message).toMatch(/\[item 1\]$/);
});

it('should check all items before the first fault of CometAPI can be met', async () => {
	const { run, sandbox } = await setUp({
		faults: [{ call: 'create', fault: replies.badRequest }],
	});
	const { error } = await run({ items: prompts('a', 'b', ' ') });
	expect(error?.message).toBe("'Prompt' is empty [item 2]");
	expect(sandbox.requests).toHaveLength(0);
});
