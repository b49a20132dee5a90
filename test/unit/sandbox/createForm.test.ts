import { isFile } from '../../sandbox/server';
import { form, setUp, sha256 } from './setUp';

const png = (name = 'a') => new Blob([name], { type: 'image/png' });

const withFiles = (...files: Array<[Blob, string]>) => {
	const data = form();
	for (const [blob, filename] of files) data.append('input_reference', blob, filename);
	return data;
};

it('keeps two images in the order in which they were sent', async () => {
	const { sandbox, post } = await setUp();

	await post(withFiles([png('first'), 'föhn.png'], [png('last'), 'last.png']));

	const [request] = sandbox.requests;
	expect(request?.parts?.map(({ name }) => name)).toEqual([
		'prompt',
		'input_reference',
		'input_reference',
	]);
	expect(request?.parts?.filter(isFile)).toEqual([
		expect.objectContaining({ filename: 'föhn.png', bytes: Buffer.from('first') }),
		expect.objectContaining({
			filename: 'last.png',
			mimeType: 'image/png',
			size: 4,
			sha256: sha256(Buffer.from('last')),
		}),
	]);
	expect(request?.taskId).toBe(sandbox.tasks[0]?.id);
});

it('records fields that are not documented', async () => {
	const { sandbox, create } = await setUp();

	await create({ seed: '7' });

	expect(sandbox.requests[0]?.parts).toContainEqual({ name: 'seed', value: '7' });
});

it.each([
	...['16x9', '9x16', '1280x720', '720x1280', '1920x1080', '3840x2160'].map((size) => ({ size })),
	...['4', '6', '8'].map((seconds) => ({ seconds })),
])('accepts %j', async (fields) => {
	const { create } = await setUp();

	expect(await create(fields)).toMatchObject({ status: 'queued', ...fields });
});

const twoPrompts = form();
twoPrompts.append('prompt', 'A second one');

it.each<[string, FormData]>([
	['prompt must not be empty', form({ prompt: ' ' })],
	['prompt was sent more than once', twoPrompts],
	['size must not be empty', form({ size: '' })],
	['size is not supported', form({ size: '16:9' })],
	['seconds must not be empty', form({ seconds: '' })],
	['seconds is not supported', form({ seconds: '8s' })],
	['must be a file', form({ input_reference: 'https://example.com/a.png' })],
	['at most 2', withFiles([png(), 'a'], [png(), 'b'], [png(), 'c'])],
	['must be an image', withFiles([new Blob(['a'], { type: 'text/plain' }), 'a.txt'])],
	['is empty', withFiles([png(''), 'a.png'])],
	['with a file name', withFiles([png(), ''])],
	['has no file name', withFiles([new Blob(['a']), ''])],
	['image is not a file field', form({ image: png() })],
])('refuses a form: %s', async (message, body) => {
	const { sandbox, post } = await setUp();

	const response = await post(body);

	expect(response.status).toBe(400);
	expect(await response.json()).toEqual({
		error: {
			code: 'invalid_request',
			message: expect.stringMatching(new RegExp(`${message}.*\\(request id: \\w+\\)`)),
			type: 'comet_api_error',
		},
	});
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
});

it.each<[string, string, string]>([
	['JSON', 'application/json', '{"prompt":"A kite"}'],
	['a URL-encoded form', 'application/x-www-form-urlencoded', 'prompt=A+kite'],
	['a form without a boundary', 'multipart/form-data', '--b\r\n\r\n--b--'],
	[
		'a form that is cut off',
		'multipart/form-data; boundary=b',
		'--b\r\nContent-Disposition: form-data; name="prompt"',
	],
	['a form without parts', 'multipart/form-data; boundary=b', '--b--\r\n'],
])('refuses %s', async (_name, contentType, body) => {
	const { sandbox, post } = await setUp();

	const response = await post(body, { 'content-type': contentType });

	expect(response.status).toBe(400);
	expect(sandbox.tasks).toHaveLength(0);
});
