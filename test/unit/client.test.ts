import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { errorText } from '../../nodes/Veo/messages/errorTexts';
import { VideoError } from '../../nodes/Veo/errors';
import { createClient } from '../../nodes/Veo/transport/client';
import { CONTEXTS } from '../support/texts';

const request = { prompt: 'a kite', model: 'veo3-fast', size: '16x9', extraFields: [], images: [] };

/** A client that records its requests and responds like n8n's helpers. */
async function clientAt(baseUrl: string, answer: () => unknown = () => undefined) {
	const sent: IHttpRequestOptions[] = [];
	const respond = async (options: IHttpRequestOptions) => {
		sent.push(options);
		return answer();
	};
	const context = {
		getExecutionCancelSignal: () => undefined,
		helpers: {
			httpRequest: respond,
			httpRequestWithAuthentication: async (_type: string, options: IHttpRequestOptions) =>
				await respond(options),
		},
	} as unknown as IExecuteFunctions;
	const client = createClient(context, { apiKey: 'sk-test-key', baseUrl });
	const create = async (): Promise<VideoError> =>
		await client.createTask(request).then(
			() => Promise.reject(new Error('It was created')),
			(error) => error,
		);
	return { create, sent };
}

describe('an invalid Base URL', () => {
	it.each(['ftp://api.cometapi.com', 'api.cometapi.com', 'file:///etc', 'https://', 'n8n'])(
		'is reported before anything is sent: %s',
		async (baseUrl) => {
			const { create, sent } = await clientAt(baseUrl);
			const error = await create();
			expect(error).toMatchObject({ kind: 'cannotConnect', data: { detail: 'url' } });
			const { message, description } = errorText(error, CONTEXTS['an execution']);
			expect(message).toBe('The Base URL is not a web address');
			expect(description).toMatch(/^It must start with https:\/\/ .*Nothing was sent$/);
			expect(sent).toEqual([]);
		},
	);

	it.each(['http://127.0.0.1:1', 'https://api.cometapi.com/v1/', 'HTTPS://API.cometapi.com', ''])(
		'is not reported for %j',
		async (baseUrl) => {
			const refused = Object.assign(new Error('Refused'), {
				...{ code: 'ECONNREFUSED', syscall: 'connect' },
			});
			const { create, sent } = await clientAt(baseUrl, () => Promise.reject(refused));
			expect(await create()).toMatchObject({ kind: 'unreachable' });
			expect(sent[0].url).toMatch(/[^/]\/v1\/videos$/);
		},
	);
});
