import type { INodeParameters } from 'n8n-workflow';

import { setUp } from '../support/setUp';

const link = (value: unknown): INodeParameters => ({
	options: { includeFileLink: value as string },
});
const download = (value: unknown): INodeParameters => ({ downloadVideo: value as string });

/** The output of a run whose parameter has this value. */
async function outputWith(parameters: INodeParameters) {
	const { run } = await setUp({ jobMs: 0 });
	const { items, error } = await run({ parameters });
	expect(error).toBeUndefined();
	return items[0];
}

const NO = [
	false,
	'={{ false }}',
	'={{ "false" }}',
	'={{ "FALSE" }}',
	'={{ " False " }}',
	'={{ 0 }}',
];
const YES = [true, '={{ true }}', '={{ "true" }}', '={{ "TRUE" }}', '={{ " True " }}', '={{ 1 }}'];

describe('a boolean parameter', () => {
	it.each(NO)('creates no public link with %j', async (value) => {
		expect((await outputWith(link(value))).json).not.toHaveProperty('file_url');
	});

	it.each(YES)('creates a public link with %j', async (value) => {
		expect((await outputWith(link(value))).json.file_url).toMatch(/^http/);
	});

	it.each(NO)('returns no file with %j', async (value) => {
		expect(await outputWith(download(value))).not.toHaveProperty('binary');
	});

	it.each(YES)('returns the file with %j', async (value) => {
		expect((await outputWith(download(value))).binary).toHaveProperty('data');
	});

	const others = ['"no"', '"yes"', '"off"', '""', '" "', '"null"', '"falsch"', '2', '-1', 'NaN'];

	it.each([...others, 'null', 'undefined', '[]', '[false]', '{}', '$json.missing'])(
		'causes an error before anything is sent with %s',
		async (value) => {
			for (const [parameters, name] of [
				[link(`={{ ${value} }}`), 'Include File Link'],
				[download(`={{ ${value} }}`), 'Download Video'],
			] as const) {
				const { run, sandbox } = await setUp();
				const { error } = await run({ parameters });
				expect(error?.message).toMatch(`'${name}' has an unknown value: `);
				expect(error?.description).toBe('Use one of: true, false');
				expect(sandbox.requests).toEqual([]);
			}
		},
	);

	it('is read for each item', async () => {
		const { run } = await setUp({ jobMs: 0 });
		const { items } = await run({
			items: ['TRUE', 'false'].map((isPublic) => ({ json: { isPublic } })),
			parameters: link('={{ $json.isPublic }}'),
		});
		expect(items.map(({ json }) => 'file_url' in json)).toEqual([true, false]);
	});

	it('is also read in Retrieve Video', async () => {
		const { run, sandbox } = await setUp({ jobMs: 0 });
		await run({ parameters: { operation: 'create' } });
		const retrieve = { operation: 'retrieve', taskId: sandbox.tasks[0].id };
		const { items } = await run({ parameters: { ...retrieve, ...link('={{ "false" }}') } });
		expect(items[0].json).not.toHaveProperty('file_url');
		const { error } = await run({ parameters: { ...retrieve, ...link('={{ "no" }}') } });
		expect(error?.message).toMatch("'Include File Link' has an unknown value: 'no'");
	});
});

describe('a parameter with a list of values', () => {
	it.each<[string, string, INodeParameters]>([
		['On Timeout', 'ReturnTask', { options: { onTimeout: '={{ "ReturnTask" }}' } }],
		['On Timeout', '', { options: { onTimeout: '={{ "" }}' } }],
		['On Timeout', 'undefined', { options: { onTimeout: '={{ $json.missing }}' } }],
		['While Waiting', 'pause', { options: { waitMode: 'pause' } }],
		['While Waiting', '', { options: { waitMode: '' } }],
		['Image Input', 'picture', { imageInput: '={{ "picture" }}' }],
		['Image Input', '', { imageInput: '={{ "" }}' }],
		['Image Source', 'link', { imageInput: 'image', imageSource: '={{ "link" }}' }],
	])("refuses unknown values: '%s' is '%s'", async (name, value, parameters) => {
		const { run, sandbox } = await setUp();
		const { error } = await run({ parameters });
		expect(error?.message).toBe(`'${name}' has an unknown value: '${value}' [item 0]`);
		expect(error?.description).toMatch(/^Use one of: \w+, \w+/);
		expect(sandbox.requests).toEqual([]);
	});
});
