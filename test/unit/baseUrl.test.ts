import type { IAuthenticate, IAuthenticateGeneric } from 'n8n-workflow';

import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import type { ConnectionCause } from '../../nodes/Veo/errors';
import { CONNECTION } from '../../nodes/Veo/messages/causes';
import { credentialText } from '../../nodes/Veo/messages/credentialTexts';
import { isUnder, parseBaseUrl } from '../../nodes/Veo/transport/baseUrl';

type AuthenticateFunction = Exclude<IAuthenticate, IAuthenticateGeneric>;
const authenticate = new CometApiVeoApi().authenticate as AuthenticateFunction;

const HOST = 'https://api.cometapi.com';

const ACCEPTED: Array<[entered: unknown, url: string]> = [
	[`${HOST}/v1/videos`, HOST],
	[`${HOST}/v1/videos/`, HOST],
	[`${HOST}//v1//videos//`, HOST],
	[`${HOST}/v1/videos/task_1`, HOST],
	[`${HOST}/v1/videos/task_1/content`, HOST],
	[`${HOST}/v1/models`, HOST],
	[`${HOST}/v1/chat/completions`, HOST],
	[`${HOST}/v1/images/generations`, HOST],
	[`${HOST}/api/models`, HOST],
	[`${HOST}/gw/v1/videos`, `${HOST}/gw`],
	[`${HOST}/v1/gw/v1/videos`, `${HOST}/v1/gw`],
	[`${HOST}/v1/videosomething`, `${HOST}/v1/videosomething`],
	[`${HOST}/api`, `${HOST}/api`],
	[`${HOST}/api/v1/models`, `${HOST}/api`],
	[`${HOST}:443/gw/`, `${HOST}/gw`],
	['HTTPS://API.CometAPI.com/GW', `${HOST}/GW`],
	[`${HOST}/gw/../other/./x`, `${HOST}/other/x`],
	[`${HOST}\\gw`, `${HOST}/gw`],
	[`${HOST}?`, HOST],
	[`${HOST}/#`, HOST],
	['https://bücher.example/gw', 'https://xn--bcher-kva.example/gw'],
	['http://[::1]:8080/v1', 'http://[::1]:8080'],
];

const REFUSED: Array<[entered: unknown, fault: string]> = [
	['api.cometapi.com', 'url'],
	['//api.cometapi.com', 'url'],
	['localhost:3000', 'url'],
	['ftp://api.cometapi.com', 'url'],
	['javascript:alert(1)', 'url'],
	['https://', 'url'],
	['https://[bad', 'url'],
	[`${HOST}/${'a'.repeat(10_000)}`, 'url'],
	[`https://user:pass@api.cometapi.com`, 'urlLogin'],
	[`https://sk-key@api.cometapi.com/v1`, 'urlLogin'],
	[`https://:pass@api.cometapi.com`, 'urlLogin'],
	[`${HOST}?key=1`, 'urlQuery'],
	[`${HOST}/v1/videos?page=1`, 'urlQuery'],
	[`${HOST}/#/console`, 'urlQuery'],
];

/** The request of the credential test, as n8n passes it to the credential. */
const tested = async (baseUrl: unknown) => {
	const options = { baseURL: String(baseUrl ?? ''), url: '/v1/models' };
	return await authenticate({ apiKey: 'sk-test-key', baseUrl } as never, options);
};

describe('a Base URL', () => {
	it.each(ACCEPTED)('works, including in the credential test: %j', async (entered, url) => {
		expect(parseBaseUrl(entered)).toEqual({ url });
		expect(await tested(entered)).toMatchObject({ baseURL: url, url: '/v1/models' });
	});

	it('works on repeated reads', () => {
		const read = () => parseBaseUrl('https://bücher.example').fault;
		const faults = new Set(Array.from({ length: 20_000 }, read));
		expect([...faults]).toEqual([undefined]);
	});

	it.each(REFUSED)('is refused, including in the credential test: %j', async (entered, fault) => {
		expect(parseBaseUrl(entered)).toMatchObject({ fault });
		await expect(tested(entered)).rejects.toThrow(CONNECTION[fault as ConnectionCause].message);
	});

	it.each<unknown>([undefined, null, {}, { toString: 1 }, [''], ['https://a.example'], true, 0])(
		'is refused if an expression returns %j in place of text',
		async (entered) => {
			expect(parseBaseUrl(entered)).toMatchObject({ fault: 'url' });
			const request = authenticate({ apiKey: 'sk-1', baseUrl: entered as string }, { url: '/x' });
			await expect(request).rejects.toThrow(CONNECTION.url.message);
		},
	);
});

const UNDER: Array<[baseUrl: string, url: string]> = [
	[HOST, `${HOST}/v1/videos/x/content`],
	[HOST, `${HOST}:443/x`],
	[HOST, 'https://API.cometapi.COM/x'],
	[HOST, `${HOST}/a/../b`],
	[HOST, `${HOST}/%2e%2e%2fb`],
	[`${HOST}/gw`, `${HOST}/gw`],
	[`${HOST}/gw`, `${HOST}/gw/`],
	[`${HOST}/gw`, `${HOST}/gw?x=1`],
	[`${HOST}/gw`, `${HOST}/gw/v1/videos/x`],
	[`${HOST}/gw`, `${HOST}/other/../gw/x`],
	[`${HOST}/gw`, `${HOST}/gw/v1/videos/a%2Fb%3D`],
	[`${HOST}/gw`, `${HOST}/gw/x..y/..z/100%25.mp4`],
];

const NOT_UNDER: Array<[baseUrl: string, url: string]> = [
	[HOST, 'http://api.cometapi.com/x'],
	[HOST, `${HOST}:8443/x`],
	[HOST, `${HOST}./x`],
	[HOST, `${HOST}.evil.example/x`],
	[HOST, `${HOST}@evil.example/x`],
	[HOST, 'https://user@api.cometapi.com/x'],
	[HOST, 'https://user:pass@api.cometapi.com/x'],
	[HOST, 'https://evil.example\\@api.cometapi.com/x'],
	[HOST, 'https://sub.api.cometapi.com/x'],
	[HOST, '/v1/videos'],
	[HOST, 'not a url'],
	[HOST, ''],
	[`${HOST}/gw`, `${HOST}/`],
	[`${HOST}/gw`, `${HOST}/other/x.mp4`],
	[`${HOST}/gw`, `${HOST}/gwx`],
	[`${HOST}/gw`, `${HOST}/GW/x`],
	[`${HOST}/gw`, `${HOST}/gw-other/x`],
	[`${HOST}/gw`, `${HOST}/gw%2fx`],
	[`${HOST}/gw`, `${HOST}/gw/../other`],
	[`${HOST}/gw`, `${HOST}/gw\\..\\other`],
	[`${HOST}/gw`, `${HOST}/gw/%2e%2e/other`],
	[`${HOST}/gw`, `${HOST}/gw/..%2fother`],
	[`${HOST}/gw`, `${HOST}/gw/%2E%2E%2Fother`],
	[`${HOST}/gw`, `${HOST}/gw/..%5cother`],
	[`${HOST}/gw`, `${HOST}/gw/x%2f..%2f..%2fother`],
	[`${HOST}/gw`, `${HOST}/gw/%252e%252e%252fother`],
	[`${HOST}/gw`, `${HOST}/gw/..;/other`],
	[`${HOST}/gw`, `${HOST}/gw/..%3b/other`],
	[`${HOST}/gw`, `${HOST}/gw/..%23/other`],
	[`${HOST}/gw`, `${HOST}/gw/%252e%252e/other/%25zz`],
	[`${HOST}/gw`, `${HOST}/gw/.%00./other`],
	[`${HOST}/gw`, `${HOST}/gw/%u002e%u002e/other`],
	[`${HOST}/gw`, `${HOST}/gw/%c0%ae%c0%ae/other`],
	[`${HOST}/gw`, `${HOST}/gw/%${'25'.repeat(50)}2e./other`],
];

describe('a URL', () => {
	it.each(UNDER)('is under %s: %s', async (baseUrl, url) => {
		expect(isUnder(baseUrl, url)).toBe(true);
		expect(await authenticate({ apiKey: 'sk-1', baseUrl }, { url })).toMatchObject({
			url: new URL(url).href,
			headers: { Authorization: 'Bearer sk-1' },
		});
	});

	it.each(NOT_UNDER)('is not under %s: %s', (baseUrl, url) => {
		expect(isUnder(baseUrl, url)).toBe(false);
	});

	it.each(NOT_UNDER.filter(([, url]) => !/^(\/|$)/.test(url)))(
		"gets no key from n8n's HTTP Request node if it is not under %s: %s",
		async (baseUrl, uri) => {
			const request = authenticate({ apiKey: 'sk-1', baseUrl }, { uri } as never);
			await expect(request).rejects.toThrow(credentialText.notUnderBaseUrl);
		},
	);

	it.each(['uri', 'url'])(
		'under the Base URL gets the key in a request of n8n with `%s`, which follows no redirect',
		async (field) => {
			const options = {
				[field]: `${HOST}/v1/models`,
				followRedirect: true,
				followAllRedirects: true,
			};
			expect(await authenticate({ apiKey: 'sk-1' }, options as never)).toEqual({
				[field]: `${HOST}/v1/models`,
				disableFollowRedirect: true,
				followRedirect: false,
				followAllRedirects: false,
				headers: { Authorization: 'Bearer sk-1' },
			});
		},
	);

	it.each([
		{ uri: `${HOST}/v1/models`, url: 'https://evil.example/' },
		{ uri: 'https://evil.example/', url: `${HOST}/v1/models` },
		{ uri: '', url: 'https://evil.example/' },
		{},
	])('is judged in both fields of a request: %j', async (request) => {
		await expect(authenticate({ apiKey: 'sk-1' }, request as never)).rejects.toThrow(
			credentialText.notUnderBaseUrl,
		);
	});

	it.each(['//evil.example/x', '/\\evil.example/x', '\\\\evil.example/x'])(
		'without a scheme is not a path under the Base URL: %s',
		async (url) => {
			const request = authenticate({ apiKey: 'sk-1' }, { baseURL: HOST, url });
			await expect(request).rejects.toThrow(credentialText.notUnderBaseUrl);
		},
	);
});
