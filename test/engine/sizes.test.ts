import type { INodeParameters } from 'n8n-workflow';

import { isFile } from '../sandbox/server';
import { setUp } from '../support/setUp';

/** The text fields of the create request. */
async function sent(parameters: INodeParameters): Promise<Record<string, string>> {
	const { run, sandbox } = await setUp();
	const { error } = await run({ parameters: { operation: 'create', ...parameters } });
	expect(error).toBeUndefined();
	const fields = sandbox.tasks[0].parts.flatMap((part) => (isFile(part) ? [] : [part]));
	return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

describe('the size', () => {
	it.each([
		// the chosen size, then the ones sent to a model with orientations and to a model with pixels
		['16x9', '16x9', '1280x720'],
		['9x16', '9x16', '720x1280'],
		['16:9', '16x9', '1280x720'],
		['9:16', '9x16', '720x1280'],
		['landscape', '16x9', '1280x720'],
		['Portrait', '9x16', '720x1280'],
		['1280x720', '1280x720', '1280x720'],
		['720x1280', '720x1280', '720x1280'],
		['1920x1080', '1920x1080', '1920x1080'],
		['3840x2160', '3840x2160', '3840x2160'],
		['1x1', '1x1', '1x1'],
	])('%s is sent as %s, and to veo3.1 as %s', async (size, orientation, pixels) => {
		for (const model of ['veo3-fast', 'veo3', 'veo3-pro']) {
			expect(await sent({ size, model })).toMatchObject({ model, size: orientation });
		}
		for (const model of ['veo3.1', 'veo3.1-fast']) {
			expect(await sent({ size, model })).toMatchObject({ model, size: pixels });
		}
	});

	it('is not sent when an expression returns nothing', async () => {
		expect(await sent({ size: '={{ "" }}' })).not.toHaveProperty('size');
	});

	it.each([
		['size', '={{ ({ width: 1280 }) }}', "'Aspect Ratio' must be text"],
		['model', '={{ ({ id: "veo3" }) }}', "'Model' must be text"],
	])('is refused as an object: %s', async (name, value, message) => {
		const { run, sandbox } = await setUp();
		const { error } = await run({ parameters: { [name]: value } });
		expect(error?.message).toContain(message);
		expect(sandbox.requests).toHaveLength(0);
	});
});

describe('the duration', () => {
	const duration = (value: string | number) => ({ options: { duration: value } });

	it.each([
		[4, '4'],
		[6, '6'],
		[8, '8'],
		['={{ 5 }}', '5'],
		['={{ "8" }}', '8'],
	])('%s is sent as seconds: %s', async (value, seconds) => {
		expect(await sent(duration(value))).toMatchObject({ seconds });
	});

	it.each(['={{ "" }}', '={{ null }}', '={{ undefined }}'])(
		'is not sent when it is %s',
		async (value) => {
			expect(await sent(duration(value))).not.toHaveProperty('seconds');
		},
	);

	it('is omitted by default', async () => {
		expect(Object.keys(await sent({ model: 'veo3.1' }))).toEqual(['prompt', 'model', 'size']);
	});

	it.each([0, -4, '={{ "long" }}', '={{ [8] }}', '={{ Infinity }}'])(
		'of %s is refused before anything is sent',
		async (value) => {
			const { run, sandbox } = await setUp();
			const { error } = await run({ parameters: duration(value) });
			expect(error?.message).toMatch(/^'Duration \(Seconds\)' must be a number of seconds/);
			expect(sandbox.requests).toHaveLength(0);
		},
	);
});
