import type { INodeParameters } from 'n8n-workflow';

import { isFile } from '../sandbox/server';
import { setUp } from '../support/setUp';

const withFields = (...field: Array<{ name: string; value: unknown }>) =>
	({ operation: 'create', options: { extraFields: { field } } }) as unknown as INodeParameters;

/** What was sent after prompt, model and size. */
async function sentBehind(...fields: Array<{ name: string; value: unknown }>) {
	const { run, sandbox } = await setUp();
	const { error } = await run({ parameters: withFields(...fields) });
	expect(error).toBeUndefined();
	const sent = sandbox.tasks[0].parts.flatMap((part) =>
		isFile(part) ? [] : [[part.name, part.value]],
	);
	return sent.slice(3);
}

describe('extra fields', () => {
	it('should be sent as they are, in order, repeated names too', async () => {
		const sent = await sentBehind(
			{ name: 'seconds', value: '8' },
			{ name: 'tag', value: ' b "ö" ' },
			{ name: 'enable_gif', value: '={{ true }}' },
			{ name: 'tag', value: 'a' },
			{ name: 'seed', value: '={{ 0 }}' },
			{ name: 'empty', value: '' },
		);
		expect(sent).toEqual([
			['seconds', '8'],
			['tag', ' b "ö" '],
			['enable_gif', 'true'],
			['tag', 'a'],
			['seed', '0'],
			['empty', ''],
		]);
	});

	it('should be sent as JSON where the value is an object', async () => {
		const sent = await sentBehind({ name: 'camera', value: '={{ { pan: [1, 2] } }}' });
		expect(sent).toEqual([['camera', '{"pan":[1,2]}']]);
	});

	it.each(['={{ null }}', '={{ undefined }}', '={{ $json.nothing }}'])(
		"should not be sent as the word 'null' where an expression gives nothing: %s",
		async (value) => {
			const sent = await sentBehind({ name: 'seed', value });
			expect(sent.filter(([, text]) => text !== '')).toEqual([]);
		},
	);

	it('should be sent in Create Video and Wait as well', async () => {
		const { run, sandbox } = await setUp();
		const field = [{ name: 'seconds', value: '8' }];
		await run({ parameters: { options: { extraFields: { field } } } });
		expect(sandbox.tasks[0].parts[3]).toEqual({ name: 'seconds', value: '8' });
	});
});

describe('an extra field', () => {
	async function refusal(name: string) {
		const { run, sandbox } = await setUp();
		const { error } = await run({ parameters: withFields({ name, value: 'x' }) });
		expect(sandbox.requests).toHaveLength(0);
		return error;
	}

	it.each(['prompt', 'model', 'size', 'input_reference', ' prompt '])(
		"should be refused before anything is sent where it repeats '%s'",
		async (name) => {
			const error = await refusal(name);
			expect(error?.message).toBe(
				`'Extra Fields' may not repeat the field '${name.trim()}' [item 0]`,
			);
			expect(error?.description).toMatch(/use its own parameter/);
		},
	);

	it.each(['', ' ', '={{ undefined }}', '={{ null }}'])(
		'should be refused where its name is empty: "%s"',
		async (name) => {
			const error = await refusal(name);
			expect(error?.message).toBe("A field under 'Extra Fields' has no name [item 0]");
		},
	);
});
