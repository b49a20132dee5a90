import { Workflow } from 'n8n-workflow';
import type {
	IAuthenticate,
	IAuthenticateGeneric,
	IHttpRequestOptions,
	INodeTypes,
} from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { DEFAULT_BASE_URL } from '../../nodes/Veo/limits';
import { credentialText, faultText } from '../../nodes/Veo/messages/credentialTexts';
import { parseBaseUrl } from '../../nodes/Veo/transport/baseUrl';
import { CREDENTIAL_TYPE, normalizeApiKey } from '../../nodes/Veo/transport/credential';
import { keyHider } from '../../nodes/Veo/transport/keyHider';
import { Veo } from '../../nodes/Veo/Veo.node';
import { startSandbox } from '../sandbox/server';

const credential = new CometApiVeoApi();
const node = {
	...{ id: '1', name: 'Veo', type: 'veo', typeVersion: 1 },
	...{ position: [0, 0] as [number, number], parameters: {} },
};
const nodeTypes = { getByNameAndVersion: () => new Veo() } as unknown as INodeTypes;
const { expression } = new Workflow({ active: false, connections: {}, nodeTypes, nodes: [node] });

/** A text of the credential type with the values of a stored credential, as n8n resolves it. */
const resolve = (text: string, $credentials: object): unknown =>
	expression.getSimpleParameterValue(node, text, 'internal', {
		$credentials: $credentials as never,
	});

const authenticate = credential.authenticate as Exclude<IAuthenticate, IAuthenticateGeneric>;

/** The request that n8n sends to test a credential. */
const testRequest = async (baseUrl?: string, apiKey: unknown = 'sk-test-key') => {
	const { request } = credential.test;
	const baseURL = resolve(request.baseURL!, { baseUrl }) as string;
	return await authenticate(
		{ apiKey, baseUrl } as never,
		{ ...request, baseURL } as IHttpRequestOptions,
	);
};

const testedUrl = async (baseUrl?: string) => {
	const { baseURL, url } = await testRequest(baseUrl);
	return `${baseURL}${url}`;
};

it('the credential type has the names that saved workflows know', () => {
	expect(credential).toMatchObject({ name: 'cometApiVeoApi', displayName: 'CometAPI Veo API' });
});

it('the credential type, the node and the requests use one name', () => {
	expect(credential.name).toBe(CREDENTIAL_TYPE);
	expect(new Veo().description.credentials).toMatchObject([
		{ name: CREDENTIAL_TYPE, required: true },
	]);
});

it('the credential asks for the key, hidden, and for the Base URL', () => {
	expect(credential.properties).toMatchObject([
		{
			name: 'apiKey',
			type: 'string',
			required: true,
			typeOptions: { password: true },
			default: '',
		},
		{ name: 'baseUrl', type: 'string', default: 'https://api.cometapi.com' },
	]);
});

const PASTED_KEYS: Array<[pasted: unknown, key: string]> = [
	['sk-1', 'sk-1'],
	[' sk-1\t', 'sk-1'],
	['sk-1\n', 'sk-1'],
	['\r\nsk-1\r\n', 'sk-1'],
	['Bearer sk-1', 'sk-1'],
	['bearer  sk-1 ', 'sk-1'],
	[' BEARER\tsk-1\n', 'sk-1'],
	['Bearersk-1', 'Bearersk-1'],
	['"sk-1"', 'sk-1'],
	[`${'\n '.repeat(2_000)}sk-1`, 'sk-1'],
	['k'.repeat(500), 'k'.repeat(500)],
];

const UNUSABLE_KEYS: Array<[name: string, apiKey: unknown]> = [
	['empty', ''],
	['missing', undefined],
	['null', null],
	['blank', ' \n'],
	['an object', { toString: 1 }],
	['a list', ['sk-1']],
	['with an ellipsis, as in the placeholder', 'sk-…'],
	['with a letter that no header can carry', 'sk-clé'],
	['501 characters long', 'k'.repeat(501)],
	['a document', `-----BEGIN PRIVATE KEY-----\n${'MIIEvQ+/\n'.repeat(500)}`],
	['a megabyte long', 'k'.repeat(2 ** 20)],
];

describe('the API key', () => {
	it.each(PASTED_KEYS)('%j is sent as a bearer token: %j', async (apiKey, key) => {
		const request = { url: '/v1/videos', headers: { accept: 'application/json' } };
		expect(await authenticate({ apiKey } as never, request)).toMatchObject({
			url: '/v1/videos',
			headers: { accept: 'application/json', Authorization: `Bearer ${key}` },
		});
		expect(normalizeApiKey(apiKey)).toBe(key);
	});

	it.each(UNUSABLE_KEYS)('is refused without being quoted: %s', async (_name, apiKey) => {
		await expect(authenticate({ apiKey } as never, { url: '/v1/models' })).rejects.toThrow(
			new Error(faultText('key')),
		);
	});

	const key = 'sk-a+b/"c\\d&e';

	it.each([
		['as it is', key],
		['in a header', `Authorization: Bearer ${key}`],
		['in a URL', `https://host/?key=${encodeURIComponent(key)}`],
		['in JSON', JSON.stringify({ key })],
		['in JSON within JSON', JSON.stringify({ text: key })],
		['as base64', Buffer.from(key).toString('base64')],
		['as base64 with Bearer', Buffer.from(`Bearer ${key}`).toString('base64')],
		['twice', `${key} ${key}`],
	])('is hidden when a server repeats it %s', (_name, text) => {
		for (const pasted of [key, ` ${key}\n`, `Bearer ${key}`]) {
			const hidden = keyHider(pasted)(text);
			expect(hidden).toContain('***');
			expect(hidden).not.toMatch(/sk-a|c2stY/);
			expect(hidden).not.toContain(Buffer.from(`Bearer ${key}`).toString('base64'));
		}
	});

	it('leaves a text without the key unchanged', () => {
		expect(keyHider(key)('The prompt is not allowed')).toBe('The prompt is not allowed');
	});

	it.each(['', ' ', 'veo', 'Bearer a'])(
		'hides nothing when it is as short as a word: %j',
		(short) => {
			expect(keyHider(short)('a veo video')).toBe('a veo video');
		},
	);
});

describe('the credential test', () => {
	it.each([
		['https://api.cometapi.com', 'https://api.cometapi.com'],
		['https://api.cometapi.com/', 'https://api.cometapi.com'],
		['https://api.cometapi.com/v1', 'https://api.cometapi.com'],
		['https://api.cometapi.com/v1/', 'https://api.cometapi.com'],
		[' https://api.cometapi.com/v1// ', 'https://api.cometapi.com'],
		['https://api.cometapi.com//v1', 'https://api.cometapi.com'],
		['https://api.cometapi.com/v11', 'https://api.cometapi.com/v11'],
		['http://127.0.0.1:8080/comet', 'http://127.0.0.1:8080/comet'],
		['http://127.0.0.1:8080/comet/v1', 'http://127.0.0.1:8080/comet'],
		['https://proxy/v1/comet', 'https://proxy/v1/comet'],
		['', DEFAULT_BASE_URL],
		[' ', DEFAULT_BASE_URL],
		['/', DEFAULT_BASE_URL],
	])('sends its request to the URL that the node uses: %j', async (baseUrl, expected) => {
		expect(parseBaseUrl(baseUrl)).toEqual({ url: expected });
		expect(await testedUrl(baseUrl)).toBe(`${expected}/v1/models`);
	});

	it('costs nothing, and distinguishes a valid key from an invalid one', async () => {
		const sandbox = await startSandbox();
		const statusWith = async (apiKey: string) => {
			const { baseURL, url, headers } = await testRequest(`${sandbox.baseUrl}/v1/`, apiKey);
			const response = await fetch(`${baseURL}${url}`, {
				headers: headers as Record<string, string>,
			});
			return response.status;
		};
		expect(await statusWith(sandbox.apiKey)).toBe(200);
		expect(await statusWith(`Bearer ${sandbox.apiKey}\n`)).toBe(200);
		expect(await statusWith('sk-another')).toBe(401);
		expect(sandbox.requests.map(({ call }) => call)).toEqual(['models', 'models', 'models']);
		await sandbox.close();
	});

	it('has a message for every status that CometAPI or a proxy may have', () => {
		const messageOf = (status: number) =>
			credential.test.rules!.find(({ properties }) => properties.value === status)?.properties
				.message;
		expect(messageOf(401)).toBe(credentialText.wrongKey);
		expect(messageOf(403)).toBe(credentialText.refused);
		expect(messageOf(404)).toBe(credentialText.wrongBaseUrl);
		expect(messageOf(429)).toBe(credentialText.tooMany);
		for (let status = 300; status < 400; status++) {
			expect(messageOf(status)).toBe(credentialText.redirected);
			expect(messageOf(status + 200)).toBe(credentialText.unavailable);
		}
		expect(credential.test.rules!.at(-1)).toEqual({
			type: 'responseSuccessBody',
			properties: { key: 'object', value: undefined, message: credentialText.wrongBaseUrl },
		});
	});

	it('follows no redirect', async () => {
		expect(await testRequest('')).toMatchObject({ disableFollowRedirect: true });
	});
});
