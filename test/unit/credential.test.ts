import { Workflow } from 'n8n-workflow';
import type { IAuthenticate, IAuthenticateGeneric, INodeTypes } from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { normalizeBaseUrl } from '../../nodes/Veo/api/client';
import { Veo } from '../../nodes/Veo/Veo.node';
import { startSandbox } from '../sandbox/server';

const credential = new CometApiVeoApi();
const node = {
	...{ id: '1', name: 'Veo', type: 'veo', typeVersion: 1 },
	...{ position: [0, 0] as [number, number], parameters: {} },
};
const nodeTypes = { getByNameAndVersion: () => new Veo() } as unknown as INodeTypes;
const { expression } = new Workflow({ active: false, connections: {}, nodeTypes, nodes: [node] });

/** A text of the credential with the values of a stored one, as n8n works it out. */
const resolve = (text: string, $credentials: object): unknown =>
	expression.getSimpleParameterValue(node, text, 'internal', {
		$credentials: $credentials as never,
	});

const testedUrl = (baseUrl?: string) => {
	const { baseURL, url } = credential.test.request;
	return `${resolve(baseURL!, { baseUrl }) as string}${url}`;
};

it('should have the names that saved workflows know', () => {
	expect(credential).toMatchObject({ name: 'cometApi', displayName: 'CometAPI' });
});

it('should ask for the key, hidden, and for where CometAPI is', () => {
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

it('should be the one that the node asks for', () => {
	expect(new Veo().description.credentials).toEqual([{ name: credential.name, required: true }]);
});

it('should send the key as a bearer token, beside whatever else is sent', async () => {
	const authenticate = credential.authenticate as Exclude<IAuthenticate, IAuthenticateGeneric>;
	const request = { url: '/v1/videos', headers: { accept: 'application/json' } };
	expect(await authenticate({ apiKey: 'sk-1' }, request)).toEqual({
		url: '/v1/videos',
		headers: { accept: 'application/json', Authorization: 'Bearer sk-1' },
	});
});

describe('the test of the key', () => {
	it.each([
		'https://api.cometapi.com',
		'https://api.cometapi.com/',
		'https://api.cometapi.com/v1',
		'https://api.cometapi.com/v1/',
		' https://api.cometapi.com/v1// ',
		'https://api.cometapi.com//v1',
		'http://127.0.0.1:8080/comet',
		'http://127.0.0.1:8080/comet/v1',
		'',
		' ',
		undefined,
	])('should go where the node goes: %j', (baseUrl) => {
		const asNode = normalizeBaseUrl(baseUrl ?? '') || 'https://api.cometapi.com';
		expect(testedUrl(baseUrl)).toBe(`${asNode}/v1/models`);
	});

	it('should cost nothing, and tell a good key from a bad one', async () => {
		const sandbox = await startSandbox();
		const statusWith = async (apiKey: string) => {
			const headers = { authorization: `Bearer ${apiKey}` };
			return (await fetch(testedUrl(`${sandbox.baseUrl}/v1/`), { headers })).status;
		};
		expect(await statusWith(sandbox.apiKey)).toBe(200);
		expect(await statusWith('sk-another')).toBe(401);
		expect(sandbox.requests.map(({ call }) => call)).toEqual(['models', 'models']);
		await sandbox.close();
	});

	it('should have a word for a wrong key and one for a wrong address', () => {
		const messages = credential.test.rules!.map(({ type, properties }) => ({
			type,
			value: properties.value,
			message: properties.message,
		}));
		expect(messages).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ value: 401, message: expect.stringMatching(/API key/) }),
				expect.objectContaining({ value: 404, message: expect.stringMatching(/Base URL/) }),
				expect.objectContaining({
					type: 'responseSuccessBody',
					message: expect.stringMatching(/Base URL/),
				}),
			]),
		);
	});
});
