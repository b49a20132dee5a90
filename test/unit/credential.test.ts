import { Workflow } from 'n8n-workflow';
import type { IAuthenticate, IAuthenticateGeneric, INodeTypes } from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { DEFAULT_BASE_URL } from '../../nodes/Veo/limits';
import { credentialText } from '../../nodes/Veo/messages/credentialTexts';
import {
	CREDENTIAL_TYPE,
	keyHider,
	normalizeApiKey,
	normalizeBaseUrl,
} from '../../nodes/Veo/transport/credential';
import { Veo } from '../../nodes/Veo/Veo.node';
import { startSandbox } from '../sandbox/server';

const credential = new CometApiVeoApi();
const node = {
	...{ id: '1', name: 'Veo', type: 'veo', typeVersion: 1 },
	...{ position: [0, 0] as [number, number], parameters: {} },
};
const nodeTypes = { getByNameAndVersion: () => new Veo() } as unknown as INodeTypes;
const { expression } = new Workflow({ active: false, connections: {}, nodeTypes, nodes: [node] });

/** A text of the credential with the values of a stored one, as n8n resolves it. */
const resolve = (text: string, $credentials: object): unknown =>
	expression.getSimpleParameterValue(node, text, 'internal', {
		$credentials: $credentials as never,
	});

const testedUrl = (baseUrl?: string) => {
	const { baseURL, url } = credential.test.request;
	return `${resolve(baseURL!, { baseUrl }) as string}${url}`;
};

const authenticate = credential.authenticate as Exclude<IAuthenticate, IAuthenticateGeneric>;

it('the credential type has the names that saved workflows know', () => {
	expect(credential).toMatchObject({ name: 'cometApiVeoApi', displayName: 'CometAPI Veo API' });
});

it('the credential type, the node and the requests use one name', () => {
	expect(credential.name).toBe(CREDENTIAL_TYPE);
	expect(new Veo().description.credentials).toEqual([{ name: CREDENTIAL_TYPE, required: true }]);
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
	['', ''],
	[undefined, ''],
	[null, ''],
];

describe('the API key', () => {
	it.each(PASTED_KEYS)('%j is sent as a bearer token: %j', async (apiKey, key) => {
		const request = { url: '/v1/videos', headers: { accept: 'application/json' } };
		expect(await authenticate({ apiKey } as never, request)).toEqual({
			url: '/v1/videos',
			headers: { accept: 'application/json', Authorization: `Bearer ${key}` },
		});
		expect(normalizeApiKey(apiKey)).toBe(key);
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

	it('leaves a text without it unchanged', () => {
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
		[undefined, DEFAULT_BASE_URL],
	])('sends its request to the address that the node uses: %j', (baseUrl, expected) => {
		expect(normalizeBaseUrl(baseUrl)).toBe(expected);
		expect(testedUrl(baseUrl)).toBe(`${expected}/v1/models`);
	});

	it('costs nothing, and tells a good key from a bad one', async () => {
		const sandbox = await startSandbox();
		const statusWith = async (apiKey: string) => {
			const { headers } = await authenticate({ apiKey }, { url: '' });
			const response = await fetch(testedUrl(`${sandbox.baseUrl}/v1/`), {
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

	it('has a message for a wrong key and one for a wrong address', () => {
		const messages = credential.test.rules!.map(({ type, properties }) => ({
			type,
			value: properties.value,
			message: properties.message,
		}));
		expect(messages).toEqual([
			{ type: 'responseCode', value: 401, message: credentialText.wrongKey },
			{ type: 'responseCode', value: 404, message: credentialText.wrongBaseUrl },
			{ type: 'responseSuccessBody', value: undefined, message: credentialText.wrongBaseUrl },
		]);
		expect(credentialText.wrongKey).toMatch(/API key/);
		expect(credentialText.wrongBaseUrl).toMatch(/Base URL.*https:\/\/api\.cometapi\.com/);
	});
});
