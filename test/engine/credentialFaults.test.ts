import type { ConnectionCause } from '../../nodes/Veo/errors';
import { CONNECTION, UNUSABLE_KEY } from '../../nodes/Veo/messages/causes';
import { prompts, setUp } from '../support/setUp';

const withPath = (path: string) => (baseUrl: string) => baseUrl + path;
const OPERATIONS = [{}, { operation: 'create' }, { options: { maxCost: 9 } }];

it.each([
	'/',
	'/v1',
	'/v1/videos',
	'/v1/videos/',
	'/v1/models',
	'/v1/chat/completions',
	'/api/models',
])('a Base URL with an endpoint works: %s', async (path) => {
	const { run, sandbox, credential } = await setUp();
	const { items, error } = await run({
		credential: { ...credential, baseUrl: credential.baseUrl + path },
		parameters: { options: { maxCost: 9 } },
	});
	expect(error).toBeUndefined();
	expect(items).toMatchObject([{ json: { status: 'completed' } }]);
	expect(sandbox.requests.filter(({ call }) => call === 'other')).toEqual([]);
});

describe.each([
	['with a query', 'urlQuery', withPath('/?key=1')],
	['with a query after an endpoint', 'urlQuery', withPath('/v1/videos?page=1')],
	['with a fragment', 'urlQuery', withPath('/#/console')],
	['with a user name', 'urlLogin', (url: string) => url.replace('//', '//user@')],
	['with a password', 'urlLogin', (url: string) => url.replace('//', '//user:pass@')],
	['without a scheme', 'url', (url: string) => url.replace('http://', '')],
	['of a megabyte', 'url', withPath(`/${'a'.repeat(2 ** 20)}`)],
])('a Base URL %s', (_name, detail, change) => {
	it.each(OPERATIONS)('is refused before anything is sent: %j', async (parameters) => {
		const { run, sandbox, credential } = await setUp();
		const { error } = await run({
			credential: { ...credential, baseUrl: change(credential.baseUrl) },
			parameters,
		});
		expect(error?.message).toBe(`${CONNECTION[detail as ConnectionCause].message} [item 0]`);
		expect(error?.description).toMatch(/Base URL.*Nothing was sent$/);
		expect(sandbox.requests).toEqual([]);
	});
});

const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(130)}`;

it.each([
	['a PEM', PEM],
	['a JSON document', JSON.stringify({ private_key: PEM })],
	['501 characters', 'k'.repeat(501)],
	['2,000 characters', 'k'.repeat(2_000)],
	['a megabyte', 'k'.repeat(2 ** 20)],
	['no character', ''],
	['an ellipsis', 'sk-…'],
])(
	'an API key of %s is refused before anything is sent, and not printed',
	async (_name, apiKey) => {
		const { run, sandbox, credential } = await setUp();
		const finished = await run({
			items: prompts('a', 'b'),
			credential: { ...credential, apiKey },
			settings: { onError: 'continueRegularOutput' },
		});
		const { message: error } = UNUSABLE_KEY;
		const details = { kind: 'unauthorized', retryable: false, mayHaveBeenCreated: false };
		expect(finished.items).toMatchObject([
			{ json: { error, details } },
			{ json: { error, details } },
		]);
		expect(sandbox.requests).toEqual([]);
		if (apiKey.length > 8) {
			expect(JSON.stringify([finished.stored, finished.logs])).not.toContain(apiKey.slice(0, 40));
		}
	},
);
