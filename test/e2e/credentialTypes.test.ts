import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ICredentialType } from 'n8n-workflow';

import { packageFolder } from '../../scripts/n8n/pack';
import { veo } from '../../scripts/n8n/workflow';
import { expectOwnVideos } from './support/expectVideos';
import { runSteps } from './support/runSteps';
import { setUp } from './support/setUp';

/** CometAPI's own package defines a credential type `cometApi`, and n8n keeps all types in one list. */
const OTHER_PACKAGE = '@cometapi-dev/n8n-nodes-cometapi';
const OTHER_CREDENTIAL = `
exports.CometApi = class {
	name = 'cometApi';
	displayName = 'CometAPI';
	properties = [
		{ displayName: 'Token', name: 'token', type: 'string', default: '' },
		{ displayName: 'Region', name: 'region', type: 'string', default: 'eu' },
	];
	authenticate = { type: 'generic', properties: { qs: { token: '={{ $credentials.token }}' } } };
};
`;

async function installOtherPackage(userFolder: string): Promise<void> {
	const folder = packageFolder(userFolder, OTHER_PACKAGE);
	const file = 'dist/credentials/CometApi.credentials.js';
	await mkdir(join(folder, 'dist/credentials'), { recursive: true });
	await writeFile(join(folder, file), OTHER_CREDENTIAL);
	const manifest = { name: OTHER_PACKAGE, version: '1.0.0', n8n: { credentials: [file] } };
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}

const context = setUp({ prepareUserFolder: installOtherPackage });

describe("with CometAPI's own package also installed", () => {
	it('n8n has both credential types, each with its own fields', async () => {
		const bytes = await context.rest.fetch('GET', '/types/credentials.json');
		const types = JSON.parse(`${bytes}`) as ICredentialType[];
		const described = types
			.filter(({ name }) => ['cometApi', 'cometApiVeoApi'].includes(name))
			.map(({ name, displayName, properties }) => ({
				name,
				displayName,
				// without the fields that n8n adds to every credential type
				fields: properties.map((field) => field.name).filter((field) => !/^allowed/.test(field)),
			}));
		expect(described).toHaveLength(2);
		expect(described).toContainEqual({
			name: 'cometApi',
			displayName: 'CometAPI',
			fields: ['token', 'region'],
		});
		expect(described).toContainEqual({
			name: 'cometApiVeoApi',
			displayName: 'CometAPI Veo API',
			fields: ['apiKey', 'baseUrl'],
		});
	});

	it('the node creates a video with its own credential', async () => {
		const { rest, sandbox, credential } = context;
		await rest.createCredential('cometApi', { token: 'other', region: 'eu' });
		const parameters = { prompt: 'A kite', options: { pollInterval: 1 } };
		const { execution } = await runSteps(context, 'Both packages', [
			veo(credential, { parameters }),
		]);
		expect(execution.error).toBeUndefined();
		expect(execution.itemsOf('Veo')).toHaveLength(1);
		await expectOwnVideos(context, execution.itemsOf('Veo'));
		for (const { url, headers } of sandbox.requests.filter(({ origin }) => origin === 'api')) {
			expect(headers.authorization).toBe(`Bearer ${sandbox.apiKey}`);
			expect(url).not.toContain('token');
		}
	});
});
