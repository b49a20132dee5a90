import { form, setUp } from './setUp';

const png = (name = 'a') => new Blob([name], { type: 'image/png' });

const withFiles = (...files: Array<[Blob, string]>) => {
	const data = form();
	for (const [blob, filename] of files) data.append('input_reference', blob, filename);
	return data;
};

const twoPrompts = form();
twoPrompts.append('prompt', 'A second one');

const CUT = '--b\r\nContent-Disposition: form-data; name="prompt"';

it.each<[string, FormData | string, contentType?: string]>([
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
	['must be multipart/form-data', '{"prompt":"A kite"}', 'application/json'],
	['must be multipart/form-data', 'prompt=A+kite', 'application/x-www-form-urlencoded'],
	['with a boundary', '--b\r\n\r\n--b--', 'multipart/form-data'],
	['cannot be read', CUT, 'multipart/form-data; boundary=b'],
	['prompt is required', '--b--\r\n', 'multipart/form-data; boundary=b'],
])('refuses a form: %s', async (message, body, contentType = '') => {
	const { sandbox, post } = await setUp();

	const response = await post(body, contentType ? { 'content-type': contentType } : {});

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
