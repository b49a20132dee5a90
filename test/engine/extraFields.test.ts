import type { INodeParameters } from 'n8n-workflow';

import { isFile } from '../sandbox/server';
import { setUp } from '../support/setUp';

const withFields = (...field: Array<{ name: string; value: unknown }>) =>
	({ operation: 'create', options: { extraFields: { field } } }) as unknown as INodeParameters;

/** The fields sent after prompt, model and size. */
async function sentAfterOwnFields(...fields: Array<{ name: string; value: unknown }>) {
	const { run, sandbox } = await setUp();
	const { error } = await run({ parameters: withFields(...fields) });
	expect(error).toBeUndefined();
	const sent = sandbox.tasks[0].parts.flatMap((part) =>
		isFile(part) ? [] : [[part.name, part.value]],
	);
	return sent.slice(3);
}

describe('additional fields', () => {
	it('are sent unchanged and in order, including repeated names', async () => {
		const sent = await sentAfterOwnFields(
			{ name: 'fps', value: '8' },
			{ name: 'tag', value: ' b "ö" ' },
			{ name: 'enable_gif', value: '={{ true }}' },
			{ name: 'tag', value: 'a' },
			{ name: 'seed', value: '={{ 0 }}' },
			{ name: 'empty', value: '' },
		);
		expect(sent).toEqual([
			['fps', '8'],
			['tag', ' b "ö" '],
			['enable_gif', 'true'],
			['tag', 'a'],
			['seed', '0'],
			['empty', ''],
		]);
	});

	it('are sent as JSON when the value is an object', async () => {
		const sent = await sentAfterOwnFields({ name: 'camera', value: '={{ { pan: [1, 2] } }}' });
		expect(sent).toEqual([['camera', '{"pan":[1,2]}']]);
	});

	it.each(['={{ null }}', '={{ undefined }}', '={{ $json.nothing }}'])(
		"are not sent as the word 'null' when an expression returns nothing: %s",
		async (value) => {
			const sent = await sentAfterOwnFields({ name: 'seed', value });
			expect(sent.filter(([, text]) => text !== '')).toEqual([]);
		},
	);

	it('are sent by Create Video and Wait as well', async () => {
		const { run, sandbox } = await setUp();
		const field = [{ name: 'seed', value: '8' }];
		await run({ parameters: { options: { extraFields: { field } } } });
		expect(sandbox.tasks[0].parts[3]).toEqual({ name: 'seed', value: '8' });
	});
});

describe('an additional field', () => {
	async function refusal(name: string) {
		const { run, sandbox } = await setUp();
		const { error } = await run({ parameters: withFields({ name, value: 'x' }) });
		expect(sandbox.requests).toHaveLength(0);
		return error;
	}

	it.each(['prompt', 'model', 'size', 'seconds', 'input_reference', ' prompt ', 'Seconds'])(
		"is refused before anything is sent when it repeats '%s'",
		async (name) => {
			const error = await refusal(name);
			expect(error?.message).toBe(`'Additional Fields' can't contain '${name.trim()}' [item 0]`);
			expect(error?.description).toBe("Use the node's own parameter for it");
		},
	);

	it.each(['', ' ', '={{ undefined }}', '={{ null }}'])(
		'is refused when its name is empty: "%s"',
		async (name) => {
			const error = await refusal(name);
			expect(error?.message).toBe("A field in 'Additional Fields' has no name [item 0]");
		},
	);
});
