import type { IExecuteFunctions } from 'n8n-workflow';

import type { VideoError } from '../../nodes/Veo/errors';
import { checkImageUrl } from '../../nodes/Veo/transport/imageUrl';
import { textIn } from '../support/texts';

/** The error for an image whose request ends with this error of n8n's helper. */
async function errorFor(thrown: Error): Promise<VideoError> {
	const httpRequest = async () => {
		throw thrown;
	};
	const context = { helpers: { httpRequest } } as unknown as IExecuteFunctions;
	const check = checkImageUrl(context, 'https://example.com/a.png');
	const error = await check.catch((caught: VideoError) => caught);
	return (error as VideoError).with({ parameter: 'Image URL' });
}

const withCode = (code: string) => Object.assign(new Error(code), { code });
const blocked = Object.assign(new Error('Nope'), { name: 'SsrfBlockedIpError' });

it.each<[string, Error, boolean, RegExp]>([
	['a URL that n8n blocks', blocked, false, /n8n's security rules block this URL$/],
	['a certificate', withCode('CERT_HAS_EXPIRED'), false, /the server's certificate is not valid$/],
	[
		'no https',
		Object.assign(withCode('EPROTO'), { syscall: 'write' }),
		false,
		/the server could not be reached$/,
	],
	['no such host', withCode('ENOTFOUND'), true, /the server could not be reached$/],
	['a lost connection', withCode('ECONNRESET'), true, /the server could not be reached$/],
])('reports why an image could not be loaded: %s', async (_name, thrown, retryable, message) => {
	const error = await errorFor(thrown);
	expect(error).toMatchObject({ kind: 'imageNotLoaded', data: { retryable } });
	expect(textIn(error).message).toMatch(message);
});
