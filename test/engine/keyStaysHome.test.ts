import { fileOf } from '../support/engine';
import { reply, startGateway, VIDEO, video } from '../support/gateway';
import type { Gateway } from '../support/gateway';
import { setUp } from '../support/setUp';

const KEY = 'sk-a-key-that-must-stay-home';
const API = ['/gw/v1/videos', '/gw/v1/videos/task_1'];
const CONTENT = '/gw/v1/videos/task_1/content';

let gateway: Gateway;
let other: Gateway;
beforeEach(async () => {
	[gateway, other] = [await startGateway(), await startGateway()];
});
afterEach(async () => {
	await Promise.all([gateway, other].map(async (each) => await each.close()));
});

const run = async () => {
	const { run: runNode } = await setUp();
	return await runNode({ credential: { apiKey: KEY, baseUrl: `${gateway.url}/gw` } });
};

/** Runs with a task that has this link. */
async function runWithLink(link: string) {
	gateway.task.video_url = link.replace('{gateway}', gateway.url).replace('{other}', other.url);
	const { items, error } = await run();
	expect(error).toBeUndefined();
	expect(await fileOf(items[0])).toEqual(VIDEO);
	expect(other.withKey()).toEqual([]);
	return gateway.withKey().filter((path) => !API.includes(path));
}

const FOREIGN = [
	'{other}/x.mp4',
	'{other}/gw/x.mp4',
	'{gateway}/other/x.mp4',
	'{gateway}/gwx/x.mp4',
	'{gateway}/GW/x.mp4',
	'{gateway}/gw/../other/x.mp4',
	'{gateway}/gw/%2e%2e/other/x.mp4',
	'{gateway}/gw/..%2fother/x.mp4',
	'{gateway}/gw/%252e%252e%252fother/x.mp4',
	'{gateway}/gw/..%5cother/x.mp4',
	'{gateway}/gw\\..\\other\\x.mp4',
	'{gateway}/gw/..;/other/x.mp4',
	'/v1/files/x.mp4',
	'/other/x.mp4',
	'/gw/../other/x.mp4',
];

it.each(FOREIGN)('a link outside the Base URL gets no key: %s', async (link) => {
	expect(await runWithLink(link)).toEqual([]);
	const all = [...gateway.requests, ...other.requests].map(({ path }) => path);
	expect(all.some((path) => path.endsWith('x.mp4'))).toBe(true);
});

it('a link with a user name signs in with that name', async () => {
	await runWithLink(gateway.url.replace('//', '//user:pass@') + '/gw/y.mp4');
	const file = gateway.requests.find(({ path }) => path === '/gw/y.mp4')!;
	expect(file.headers.authorization).toBe(`Basic ${btoa('user:pass')}`);
});

it.each(['{gateway}/gw/x.mp4', '/gw/x.mp4', '{gateway}/other/../gw/x.mp4'])(
	'a link under the Base URL gets the key: %s',
	async (link) => {
		expect(await runWithLink(link)).toEqual(['/gw/x.mp4']);
	},
);

it('a link without a scheme leads to its host', async () => {
	expect(await runWithLink(other.url.replace('http:', '') + '/x.mp4')).toEqual([]);
	expect(other.requests.map(({ path }) => path)).toEqual(['/x.mp4']);
});

describe('a redirect', () => {
	const to = (location: string) => {
		gateway.paths[CONTENT] = reply(302, '', { location });
	};

	it.each(['/other/x.mp4', '../../../../other/x.mp4', '/gw/..%2fother/x.mp4'])(
		'within the origin but outside the Base URL gets no key: %s',
		async (location) => {
			to(location);
			const { items } = await run();
			expect(await fileOf(items[0])).toEqual(VIDEO);
			expect(gateway.withKey()).toEqual([...API, CONTENT]);
		},
	);

	it('to another host gets no key, but a redirect back does', async () => {
		to(`${other.url}/jump`);
		other.paths['/jump'] = reply(307, '', { location: `${gateway.url}/gw/x.mp4` });
		const { items } = await run();
		expect(await fileOf(items[0])).toEqual(VIDEO);
		expect(gateway.withKey()).toEqual([...API, CONTENT, '/gw/x.mp4']);
		expect(other.withKey()).toEqual([]);
	});

	it('is resolved against the URL of the response', async () => {
		to('file/x.mp4');
		await run();
		expect(gateway.withKey()).toEqual([...API, CONTENT, '/gw/v1/videos/task_1/file/x.mp4']);
	});
});

describe('a link in a response to a request for the file', () => {
	it('is resolved against the URL that the response came from', async () => {
		gateway.paths[CONTENT] = reply(302, '', { location: `${other.url}/files/info` });
		other.paths['/files/info'] = reply(200, { url: '/v1/x.mp4' });
		other.paths['/v1/x.mp4'] = video;
		const { items } = await run();
		expect(await fileOf(items[0])).toEqual(VIDEO);
		expect(other.requests.map(({ path }) => path)).toEqual(['/files/info', '/v1/x.mp4']);
		expect(other.withKey()).toEqual([]);
	});
});

it('a Base URL without a path sends the key to its whole origin', async () => {
	gateway.task.video_url = `${gateway.url}/anywhere/x.mp4`;
	for (const path of ['/v1/videos', '/v1/videos/task_1']) {
		gateway.paths[path] = reply(200, path.endsWith('1') ? gateway.task : { id: 'task_1' });
	}
	const { run: runNode } = await setUp();
	const { items } = await runNode({ credential: { apiKey: KEY, baseUrl: gateway.url } });
	expect(await fileOf(items[0])).toEqual(VIDEO);
	expect(gateway.withKey()).toContain('/anywhere/x.mp4');
});

it('is not in the address of a redirect to another host', async () => {
	gateway.paths[CONTENT] = reply(302, '', { location: `${other.url}/x.mp4?token=${KEY}` });
	const { items } = await run();
	expect(await fileOf(items[0])).toEqual(VIDEO);
	expect(other.requests.map(({ path }) => path)).toEqual(['/x.mp4?token=***']);
});

it.each(['{other}/?token=', 'sk', ''])(
	'a redirect of the list of models is not followed, nor is its address logged: %s',
	async (start) => {
		const location = `${start.replace('{other}', other.url)}${KEY}:x`;
		gateway.paths['/gw/api/models?page=1&page_size=1000'] = reply(302, '', { location });
		const { run: runNode } = await setUp();
		const { error, logs } = await runNode({
			credential: { apiKey: KEY, baseUrl: `${gateway.url}/gw` },
			parameters: { options: { maxCost: 100 } },
		});
		expect(error?.message).toMatch(/price list/);
		expect(other.requests).toEqual([]);
		expect(JSON.stringify(logs)).not.toContain(KEY);
	},
);

it('is hidden however JSON escapes its characters', async () => {
	const escaped = [...KEY].map((char, index) =>
		index % 2 ? char : `\\u00${Buffer.from(char).toString('hex')}`,
	);
	gateway.paths['/gw/v1/videos/task_1'] = reply(
		200,
		`{"id":"task_1","status":"completed","note":"${escaped.join('')}","${escaped.join('')}":1}`,
	);
	const { items } = await run();
	expect(items[0].json).toMatchObject({ note: '***', '***': 1 });
});
