import { Readable } from 'node:stream';

import { clock } from '../../nodes/Veo/clock';
import { isTransient, VideoError } from '../../nodes/Veo/errors';
import type { ErrorKind } from '../../nodes/Veo/errors';
import { errorText } from '../../nodes/Veo/messages/errorTexts';
import { receiveFile } from '../../nodes/Veo/transport/file';

/** The result of a response in place of the file. */
async function receive(
	statusCode: number,
	text: string,
	headers: Record<string, string> = {},
): Promise<{ text?: string; error?: VideoError }> {
	const body = Readable.from([Buffer.from(text)]);
	try {
		const file = await receiveFile({
			open: async () => ({ statusCode, headers, body }) as never,
			signal: new AbortController().signal,
			deadline: clock.now() + 60_000,
			hideKey: (said) => said.replaceAll('sk-secret', '***'),
		});
		return { text: 'text' in file ? file.text : undefined };
	} catch (error) {
		return { error: error as VideoError };
	}
}

const because = (message: string) => JSON.stringify({ error: { code: '', message } });
const json = because('So');
const textOf = (error: VideoError) =>
	errorText(error, {
		...{ canRetry: true, isSubExecution: false, executionId: '7' },
	});

describe('a response in place of the file', () => {
	it.each<[number, string, ErrorKind, RegExp]>([
		[400, json, 'fileNotReady', /the file is not ready yet$/],
		[404, json, 'fileNotReady', /status 404$/],
		[410, json, 'fileNotReady', /status 410$/],
		[502, because('Failed to resolve Gemini video URL'), 'fileNotReady', /status 502$/],
		[502, because('The task has no video'), 'fileNotReady', /status 502$/],
		[502, because('Video not found'), 'fileNotReady', /status 502$/],
		[502, because('No video URL'), 'fileNotReady', /status 502$/],
		[502, json, 'unavailable', /status 502$/],
		[502, '<html>Bad Gateway</html>', 'unavailable', /status 502$/],
		[408, json, 'unavailable', /status 408$/],
		[425, json, 'unavailable', /status 425$/],
		[429, json, 'unavailable', /status 429$/],
		[500, json, 'unavailable', /status 500$/],
		[503, json, 'unavailable', /status 503$/],
		[401, json, 'downloadFailed', /status 401$/],
		[403, json, 'downloadFailed', /status 403$/],
		[302, '', 'downloadFailed', /status 302$/],
		[200, '<html>Login</html>', 'downloadFailed', /something other than a video$/],
		[200, 'text', 'downloadFailed', /something other than a video$/],
		[206, 'text', 'downloadFailed', /something other than a video$/],
	])('%s %j is of the kind %s, and transient', async (status, text, kind, message) => {
		const { error } = await receive(status, text, { 'retry-after': '9' });
		expect(error?.kind).toBe(kind);
		expect(isTransient(error!)).toBe(true);
		expect(error?.data).toMatchObject({ call: 'download', httpCode: status, retryAfterMs: 9_000 });
		const said = textOf(error!);
		expect(said.message).toMatch(/^The video could not be downloaded: /);
		expect(said.message).toMatch(message);
		const { reason } = error!.data;
		expect(said.description).toBe(reason ? `The server says: ${reason}` : '');
		if (text === json) expect(reason).toBe('So');
	});

	it('is returned if it is JSON, because it may contain a link to the file', async () => {
		expect(await receive(200, json)).toEqual({ text: json });
	});

	it('never contains the key', async () => {
		const { error } = await receive(404, '{"error":"no sk-secret"}');
		expect(error?.data.reason).toBe('no ***');
		expect((await receive(200, '{"url":"sk-secret"}')).text).toBe('{"url":"***"}');
	});

	it('is an empty file if there is no body', async () => {
		const { error } = await receive(200, '');
		expect(error).toMatchObject({ kind: 'downloadFailed', data: { detail: 'empty' } });
	});
});
