import { setUpEditor } from './support/editor';
import { setUp } from './support/setUp';

const stage = setUp();
const inEditor = setUpEditor(stage);

describe.each([
	['as it is', ''],
	['with a trailing slash', '/'],
	['with the version', '/v1'],
])('with the Base URL %s', (_, ending) => {
	it(
		'should accept a good key',
		inEditor(async (editor) => {
			const { apiKey, baseUrl } = stage.sandbox;
			const dialog = await editor.newCredential('CometAPI');
			await dialog.save({ apiKey, baseUrl: baseUrl + ending });
			await dialog.success.waitFor();
			await editor.shoot('credential-ok');
		}),
	);
});

it(
	'should say that a key is wrong',
	inEditor(async (editor) => {
		const dialog = await editor.newCredential('CometAPI');
		await dialog.save({ apiKey: 'sk-wrong', baseUrl: stage.sandbox.baseUrl });
		expect(await dialog.refusal()).toContain(
			'CometAPI does not accept this API key. Check it, or make a new one in the CometAPI console.',
		);
		await editor.shoot('credential-wrong-key');
		const { apiKey } = stage.sandbox;
		await dialog.save({ apiKey });
		await dialog.success.waitFor();
	}),
);

it(
	'should say that a Base URL is wrong',
	inEditor(async (editor) => {
		const { apiKey, fileHostUrl } = stage.sandbox;
		const dialog = await editor.newCredential('CometAPI');
		await dialog.save({ apiKey, baseUrl: fileHostUrl });
		expect(await dialog.refusal()).toContain('The Base URL does not lead to CometAPI.');
	}),
);

it(
	'should not show the key',
	inEditor(async (editor) => {
		const dialog = await editor.newCredential('CometAPI');
		expect(await dialog.field('apiKey').getAttribute('type')).toBe('password');
	}),
);
