import { setUpEditor } from './support/editor';
import { setUp } from './support/setUp';

const context = setUp();
const inEditor = setUpEditor(context);

const CREDENTIAL_TYPE = 'CometAPI Veo API';

describe.each([
	['without a path', ''],
	['with a trailing slash', '/'],
	['with the version', '/v1'],
])('the credential, with a Base URL %s', (_, ending) => {
	it(
		'accepts a valid API key',
		inEditor(async (editor) => {
			const { apiKey, baseUrl } = context.sandbox;
			const dialog = await editor.newCredential(CREDENTIAL_TYPE);
			await dialog.save({ apiKey, baseUrl: baseUrl + ending });
			await dialog.success.waitFor();
			await editor.screenshot('credential-ok');
		}),
	);
});

it(
	'the credential reports a wrong API key',
	inEditor(async (editor) => {
		const dialog = await editor.newCredential(CREDENTIAL_TYPE);
		await dialog.save({ apiKey: 'sk-wrong', baseUrl: context.sandbox.baseUrl });
		expect(await dialog.errorDetails()).toContain(
			'CometAPI rejected this API key. Check it, or create a new one in the CometAPI console.',
		);
		await editor.screenshot('credential-wrong-key');
		const { apiKey } = context.sandbox;
		await dialog.save({ apiKey });
		await dialog.success.waitFor();
	}),
);

it(
	'the credential reports a wrong Base URL',
	inEditor(async (editor) => {
		const { apiKey, fileHostUrl } = context.sandbox;
		const dialog = await editor.newCredential(CREDENTIAL_TYPE);
		await dialog.save({ apiKey, baseUrl: fileHostUrl });
		expect(await dialog.errorDetails()).toContain('No CometAPI found at the Base URL.');
	}),
);

it(
	'the credential reports a Base URL without a scheme, and one that can not be reached',
	inEditor(async (editor) => {
		const { apiKey, baseUrl } = context.sandbox;
		const dialog = await editor.newCredential(CREDENTIAL_TYPE);
		await editor.page.getByText('CometAPI shows a key only once.').waitFor();
		await dialog.save({ apiKey, baseUrl: baseUrl.replace('http://', '') });
		expect(await dialog.errorDetails()).toContain('The Base URL is not a web address');
		await editor.screenshot('credential-no-scheme');
		const { id, name } = context.credential;
		const type = 'cometApiVeoApi';
		const data = { apiKey, baseUrl: 'http://127.0.0.1:1' };
		expect(await context.rest.testCredential({ id, name, type, data })).toEqual({
			status: 'Error',
			message: 'ECONNREFUSED',
		});
	}),
);

it(
	'the credential hides the API key',
	inEditor(async (editor) => {
		const dialog = await editor.newCredential(CREDENTIAL_TYPE);
		expect(await dialog.field('apiKey').getAttribute('type')).toBe('password');
	}),
);
