import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { Readable } from 'node:stream';

import { readCatalogue } from '../../nodes/Veo/transport/catalogue';

const modelWith = async (row: object) => {
	const body = JSON.stringify({ data: [{ id: 'veo9', ...row }] });
	const httpRequest = async () => Readable.from([Buffer.from(body)]);
	const context = { helpers: { httpRequest } } as unknown as ILoadOptionsFunctions;
	const server = { baseURL: 'https://api.cometapi.com', hideKey: (text: string) => text };
	return (await readCatalogue(context, server))[0];
};

describe('a link of the catalogue', () => {
	it.each([
		...[
			'javascript:alert(1)',
			' JavaScript:alert(1)',
			'java\nscript:alert(1)',
			'\u0001javascript:x',
		],
		...['data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd', 'blob:https://x/y', '//x/y'],
		...['/docs', 'docs', '', ' ', `https://x/${'a'.repeat(10_000)}`, 'https://[x'],
		...[null, 7, true, ['https://x/'], { href: 'https://x/' }],
	])('is omitted unless it is http(s): %j', async (api_doc_url) => {
		expect((await modelWith({ api_doc_url })).docsUrl).toBeUndefined();
	});

	it.each(['https://apidoc.cometapi.com/veo', 'http://x/"onclick=x'])(
		'is kept as a URL: %s',
		async (api_doc_url) => {
			expect((await modelWith({ api_doc_url })).docsUrl).toBe(new URL(api_doc_url).href);
		},
	);
});

it.each([-1, 0, '', 'soon', NaN, '1e999', {}, true, null])(
	'an invalid date counts as unknown: %j',
	async (published_at) => {
		expect((await modelWith({ published_at })).publishedAt).toBe(0);
	},
);
