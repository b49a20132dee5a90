import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { INodeParameters } from 'n8n-workflow';

import { limits } from '../../nodes/Veo/limits';
import { isFile, replies } from '../sandbox/server';
import type { FilePart } from '../sandbox/server';
import type { InputFile, InputItem, RunOptions } from '../support/engine';
import * as host from '../support/imageHost';
import type { Handler, ImageHost } from '../support/imageHost';
import { images, NEVER_MS, setUp } from '../support/setUp';

const { png, jpeg, webp } = images;

let site: ImageHost;

beforeAll(async () => {
	site = await host.startImageHost();
});

beforeEach(() => {
	site.requests.length = 0;
	site.paths = {
		'/a.png': host.image(png),
		'/b.jpg': host.image(jpeg),
		'/c.webp': host.image(webp),
	};
});

afterAll(async () => await site.close());

const one = {
	operation: 'create',
	imageInput: 'image',
	imageSource: 'url',
	imageUrl: '={{ $json.image }}',
};

const rows = (...paths: string[]): InputItem[] =>
	paths.map((path) => ({ json: { prompt: path, image: site.url + path } }));

async function run(items: InputItem[], parameters: INodeParameters, more?: Partial<RunOptions>) {
	const stage = await setUp();
	const finished = await stage.run({ items, ...more, parameters: { ...one, ...parameters } });
	const { sandbox } = stage;
	const imagesOf = (prompt: string) =>
		sandbox.tasks.find((task) => task.prompt === prompt)!.parts.filter(isFile);
	return { ...stage, ...finished, imagesOf };
}

const expectSent = (sent: FilePart[], ...files: Array<InputFile & { fileName: string }>) =>
	expect(sent).toEqual(
		files.map(({ fileName, mimeType, bytes }) =>
			expect.objectContaining({ name: 'input_reference', filename: fileName, mimeType, bytes }),
		),
	);

const named = (file: InputFile, fileName: string) => ({ ...file, fileName });

describe('an image from a URL', () => {
	it("is sent as the file at its own item's URL", async () => {
		const { imagesOf, error } = await run(rows('/a.png', '/b.jpg', '/c.webp'), {});
		expect(error).toBeUndefined();
		expectSent(imagesOf('/a.png'), named(png, 'a.png'));
		expectSent(imagesOf('/b.jpg'), named(jpeg, 'b.jpg'));
		expectSent(imagesOf('/c.webp'), named(webp, 'c.webp'));
	});

	it("is requested without the key, even from CometAPI's host", async () => {
		const { sandbox, run: again } = await run(rows('/a.png'), {});
		expect(site.requests).toHaveLength(2);
		for (const { headers } of site.requests) expect(headers).not.toHaveProperty('authorization');
		await again({ parameters: { ...one, imageUrl: `${sandbox.baseUrl}/a.png` } });
		const [last] = sandbox.requests.slice(-1);
		expect(last).toMatchObject({ method: 'GET', url: '/a.png' });
		expect(last.headers).not.toHaveProperty('authorization');
	});

	it('is the first frame, and another one is the last frame', async () => {
		const { sandbox } = await run([{}], {
			imageInput: 'frames',
			firstFrameUrl: `${site.url}/b.jpg`,
			lastFrameUrl: `${site.url}/a.png`,
		});
		const [{ parts }] = sandbox.tasks;
		expectSent(parts.filter(isFile), named(jpeg, 'b.jpg'), named(png, 'a.png'));
	});

	it('is taken from both items for one video of all items', async () => {
		const { sandbox, items } = await run(rows('/a.png', '/c.webp'), { imageInput: 'items' });
		expect(sandbox.tasks).toHaveLength(1);
		expectSent(sandbox.tasks[0].parts.filter(isFile), named(png, 'a.png'), named(webp, 'c.webp'));
		expect(items[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('is recognized by its bytes, regardless of the declared type and the URL', async () => {
		site.paths['/pic?id=1'] = host.serve(jpeg.bytes, 'text/plain');
		const { imagesOf } = await run(rows('/pic?id=1'), {});
		expectSent(imagesOf('/pic?id=1'), named(jpeg, 'pic.jpg'));
	});

	it('gets its name from the path, decoded', async () => {
		site.paths['/my%20caf%C3%A9.gif'] = host.image(png);
		site.paths['/%ff'] = host.image(png);
		const { imagesOf } = await run(rows('/my%20caf%C3%A9.gif', '/%ff'), {});
		expect(imagesOf('/my%20caf%C3%A9.gif')[0].filename).toBe('my café.png');
		expect(imagesOf('/%ff')[0].filename).toBe('%ff.png');
	});

	it('is taken from the target of redirects', async () => {
		site.paths['/old'] = host.redirect('/older');
		site.paths['/older'] = host.redirect(`${site.url}/a.png`);
		const { imagesOf } = await run(rows('/old'), {});
		expect(imagesOf('/old')[0].bytes).toEqual(png.bytes);
	});

	it('may arrive in pieces and without a length', async () => {
		site.paths['/chunked'] = host.chunked(png.bytes);
		const { imagesOf } = await run(rows('/chunked'), {});
		expect(imagesOf('/chunked')[0].bytes).toEqual(png.bytes);
	});

	it('has spaces around its URL removed', async () => {
		const { sandbox } = await run([{}], { imageUrl: ` ${site.url}/a.png\n` });
		expect(sandbox.tasks).toHaveLength(1);
	});

	it.each([429, 503])('is requested again when its server responds with %s once', async (code) => {
		site.paths['/busy'] = [host.status(code), host.image(png)];
		const { imagesOf } = await run(rows('/busy'), {});
		expect(imagesOf('/busy')[0].bytes).toEqual(png.bytes);
	});

	it('works in Create Video and Wait', async () => {
		const { items, sandbox } = await run(rows('/a.png'), { operation: 'createAndWait' });
		expect(items[0].json.status).toBe('completed');
		expect(sandbox.counts()).toMatchObject({ creates: 1, delivered: 1 });
	});
});

describe('the requests for images', () => {
	it('check all images before the first video is created, and read each one when its turn comes', async () => {
		const order: string[] = [];
		for (const path of ['/a.png', '/b.jpg']) {
			const serve = site.paths[path] as Handler;
			site.paths[path] = (req, res) => {
				order.push(path);
				serve(req, res);
			};
		}
		const stage = await setUp();
		stage.sandbox.faultFor = (call) => void (call === 'create' && order.push(call));
		await stage.run({
			items: rows('/a.png', '/b.jpg'),
			parameters: { ...one, options: { maxConcurrent: 1 } },
		});
		expect(order.slice(0, 2).sort()).toEqual(['/a.png', '/b.jpg']);
		expect(order.slice(2)).toEqual(['/a.png', 'create', '/b.jpg', 'create']);
	});

	it('check a shared URL once', async () => {
		const { sandbox } = await run(rows('/a.png', '/a.png', '/a.png'), {});
		expect(sandbox.tasks).toHaveLength(3);
		expect(site.requests).toHaveLength(1 + 3);
	});

	it('read only the beginning for a check', async () => {
		const big = Buffer.concat([png.bytes, Buffer.alloc(15 * 1024 * 1024)]);
		let sent = 0;
		site.paths['/big.png'] = (_, res) => {
			res.writeHead(200, { 'content-type': 'image/png', 'content-length': big.length });
			const write = (at: number) => {
				sent = at;
				if (at >= big.length || res.destroyed) return void res.end();
				res.write(big.subarray(at, at + 65_536), () => setImmediate(write, at + 65_536));
			};
			write(0);
		};
		await run([...rows('/big.png'), { json: { prompt: ' ' } }], {});
		expect(site.requests).toHaveLength(1);
		expect(sent).toBeLessThan(big.length / 2);
	});

	it('are not made if the images come from binary fields', async () => {
		const { sandbox } = await run(
			[{ json: { image: `${site.url}/a.png` }, files: { data: jpeg } }],
			{
				imageSource: 'binary',
			},
		);
		expect(sandbox.tasks[0].parts.filter(isFile)[0].bytes).toEqual(jpeg.bytes);
		expect(site.requests).toEqual([]);
	});

	it('end when the execution is canceled', async () => {
		const { start, sandbox } = await setUp();
		// only the cancel can end the request
		jest.replaceProperty(limits, 'imageTimeoutMs', NEVER_MS);
		const requested = new Promise((resolve) => (site.paths['/hang'] = resolve));
		const { finished, cancel } = await start({ items: rows('/hang'), parameters: one });
		await requested;
		cancel();
		expect((await finished).status).toBe('canceled');
		expect(sandbox.requests).toEqual([]);
	});
});

/** Lets the node's time for images run out once the server has the request, or the node has the response. */
function timeOutAt(event: 'request' | 'response', handler: Handler): Handler {
	const timeout = new AbortController();
	jest.spyOn(AbortSignal, 'timeout').mockReturnValue(timeout.signal);
	const channel = 'http.client.response.finish';
	const runOut = () => {
		unsubscribe(channel, runOut);
		timeout.abort();
	};
	return (req, res) => {
		if (event === 'response') subscribe(channel, runOut);
		handler(req, res);
		if (event === 'request') runOut();
	};
}

/** The message of a run that stopped before anything was created. */
async function refusal(items: InputItem[], parameters: INodeParameters = {}) {
	const { error, sandbox } = await run(items, parameters);
	expect(sandbox.requests).toEqual([]);
	return { message: error?.message, advice: error?.description, details: error?.context.details };
}

const LINK = 'direct URL of the image file';
const TAKEN = 'Use a PNG, JPEG or WebP image';
const oversize = Buffer.concat([png.bytes, Buffer.alloc(limits.maxImageBytes)]);

describe('a URL that leads to no image', () => {
	it.each<[string, Handler, string, string, boolean]>([
		[
			'a web page',
			host.serve('<!doctype html><p>Hi', 'text/html'),
			'the URL leads to a web page',
			LINK,
			false,
		],
		[
			'a page declared as an image',
			host.serve('\n<HTML><body>'),
			'the URL leads to a web page',
			LINK,
			false,
		],
		[
			'a PDF',
			host.serve('%PDF-1.7 and so on', 'application/pdf'),
			'it is not a PNG, JPEG or WebP file (application/pdf)',
			TAKEN,
			false,
		],
		[
			'a GIF',
			host.serve('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'image/gif'),
			'it is not a PNG, JPEG or WebP file (image/gif)',
			TAKEN,
			false,
		],
		[
			'an SVG',
			host.serve('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml; charset=utf-8'),
			'it is not a PNG, JPEG or WebP file (image/svg+xml)',
			TAKEN,
			false,
		],
		[
			'JSON',
			host.serve('{}', 'application/json'),
			'it is not a PNG, JPEG or WebP file (application/json)',
			TAKEN,
			false,
		],
		[
			'half a signature',
			host.serve('\x89PNG'),
			'it is not a PNG, JPEG or WebP file (image/png)',
			TAKEN,
			false,
		],
		['an empty file', host.serve(''), 'the file is empty', TAKEN, false],
		['nothing', host.status(404), 'the server responded with status 404', 'Check the URL', false],
		[
			'a page that is forbidden',
			host.status(403),
			'the server responded with status 403',
			LINK,
			false,
		],
		['a login', host.status(401), 'the server responded with status 401', LINK, false],
		[
			'a broken server',
			host.status(500),
			'the server responded with status 500',
			'Try again later',
			true,
		],
		[
			'a redirect to a web page',
			host.redirect('/page'),
			'the URL leads to a web page',
			LINK,
			false,
		],
		[
			'a redirect to a file',
			host.redirect('file:///etc/passwd'),
			'it is not a web address',
			'Enter a URL',
			false,
		],
		[
			'endless redirects',
			host.redirect('/bad'),
			'the server could not be reached',
			'Check the URL',
			true,
		],
		['a reset connection', host.reset, 'the server could not be reached', 'Check the URL', true],
		[
			'an image that is too large',
			host.serve(oversize),
			'the image is larger than 20 MB',
			'Use a smaller image',
			false,
		],
	])(
		'is refused before anything is created: %s',
		async (_name, handler, what, advice, retryable) => {
			site.paths['/bad'] = handler;
			site.paths['/page'] = host.serve('<!DOCTYPE html>', 'text/html');
			const refused = await refusal(rows('/a.png', '/bad', '/b.jpg'));
			expect(refused.message).toContain(`The image of 'Image URL' could not be loaded: ${what}`);
			expect(refused.message).toMatch(/\[item 1\]$/);
			expect(refused.advice).toContain(advice);
			expect(refused.details).toMatchObject({
				kind: 'imageNotLoaded',
				retryable,
				mayHaveBeenCreated: false,
			});
		},
	);

	it('is refused when no server listens', async () => {
		const { message, advice } = await refusal([{ json: { image: 'http://127.0.0.1:9/a.png' } }]);
		expect(message).toMatch(/the server could not be reached \[item 0\]$/);
		expect(advice).toContain('ECONNREFUSED');
	});

	it.each<[string, Handler, 'request' | 'response']>([
		['before its answer', host.hang, 'request'],
		['within its first bytes', host.stall(png.bytes.subarray(0, 4), 1_000), 'response'],
	])('is refused when the server is silent %s', async (_name, handler, event) => {
		site.paths['/slow'] = timeOutAt(event, handler);
		const { message, details } = await refusal(rows('/slow'));
		expect(message).toMatch(/could not be loaded: it took longer than 60 seconds \[item 0\]$/);
		expect(details).toMatchObject({ retryable: true });
		expect(site.requests).toHaveLength(1);
	});

	it.each([
		...['ftp://127.0.0.1/a.png', 'file:///etc/passwd', 'data:image/png;base64,iVBORw0KGgo='],
		...['example.com/a.png', '/a.png', 'a.png', 'http://', 'https:///a.png', 'javascript:alert(1)'],
		...['http://[', 'undefined'],
	])('is refused when it is not a web address: %s', async (image) => {
		const { message, advice } = await refusal([{ json: { image } }]);
		expect(message).toBe(
			"The image of 'Image URL' could not be loaded: it is not a web address [item 0]",
		);
		expect(advice).toBe('Enter a URL that starts with https:// or http://');
	});

	it.each([
		[' ', 'is empty'],
		['={{ undefined }}', 'is empty'],
		['={{ null }}', 'is empty'],
		['={{ ["https://example.com/a.png"] }}', 'must be a URL, but is ["https://example.com/a.png"]'],
		['={{ {url: 1} }}', 'must be a URL, but is {"url":1}'],
		['={{ 7 }}', 'must be a URL, but is 7'],
	])('is refused when it is not text: %s', async (imageUrl, what) => {
		const { message, advice } = await refusal([{}], { imageUrl });
		expect(message).toBe(`'Image URL' ${what} [item 0]`);
		expect(advice).toMatch(/^Enter the URL of a PNG, JPEG or WebP image/);
	});

	it('is named with its own parameter among two frames, and with its own item', async () => {
		const parameters = { imageInput: 'frames', firstFrameUrl: `${site.url}/a.png` };
		const missing = { lastFrameUrl: `${site.url}/none` };
		expect((await refusal([{}], { ...parameters, ...missing })).message).toMatch(
			/'Last Frame URL'/,
		);
		const items = rows('/a.png', '/none');
		const { message } = await refusal(items, { imageInput: 'items' });
		expect(message).toMatch(/'Image URL' .* \[item 1\]$/);
	});

	it('ends the node with the first of several bad items, even if that one is slow', async () => {
		const isAnswered = new Promise((resolve) => {
			site.paths['/none'] = (_, res) => res.writeHead(404).end().once('close', resolve);
		});
		site.paths['/late'] = (_, res) => void isAnswered.then(() => res.writeHead(404).end());
		const { message } = await refusal(rows('/a.png', '/late', '/none'));
		expect(message).toMatch(/\[item 1\]$/);
	});

	it('does not delay the other items when the node continues', async () => {
		const settings = { onError: 'continueRegularOutput' } as const;
		const { items, sandbox } = await run(rows('/none', '/a.png'), {}, { settings });
		expect(items).toMatchObject([
			{ json: { details: { kind: 'imageNotLoaded', httpCode: 404 } }, pairedItem: { item: 0 } },
			{ json: { status: 'queued' }, pairedItem: { item: 1 } },
		]);
		expect(sandbox.counts().creates).toBe(1);
	});
});

it('refuses an unknown Image Source', async () => {
	const { message } = await refusal([{}], { imageSource: '={{ "ftp" }}' });
	expect(message).toBe("'Image Source' has an unknown value: 'ftp' [item 0]");
});

describe('an image that changes after its check', () => {
	it.each<[string, Handler, RegExp]>([
		['to nothing', host.status(404), /status 404/],
		['to a web page', host.serve('<!doctype html>', 'text/html'), /web page/],
		['to one that is too large', host.chunked(oversize), /larger than 20 MB/],
		['to one that breaks off', host.cut(png.bytes.subarray(0, 40), 9_000), /could not be reached/],
	])('fails its own item and creates nothing: %s', async (_name, changed, text) => {
		site.paths['/a.png'] = [host.image(png), changed];
		const settings = { onError: 'continueRegularOutput' } as const;
		const { items, sandbox } = await run(rows('/a.png', '/b.jpg'), {}, { settings });
		expect(items[0].json.error).toMatch(text);
		expect(items[1].json).toMatchObject({ status: 'queued' });
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['/b.jpg']);
	});

	it('is not sent in part when its server stops responding', async () => {
		const half = host.stall(png.bytes.subarray(0, 40), png.bytes.length);
		site.paths['/a.png'] = [host.image(png), timeOutAt('response', half)];
		const { error, sandbox } = await run(rows('/a.png'), {});
		expect(error?.message).toMatch(/took longer than 60 seconds/);
		expect(sandbox.requests).toEqual([]);
	});
});

describe('a retry', () => {
	const failsOnce = {
		call: 'create',
		prompt: '/b.jpg',
		times: 1,
		fault: replies.badRequest,
	} as const;

	it('reuses the task when the URL still serves the same image', async () => {
		const { run: start, sandbox } = await setUp({ faults: [failsOnce] });
		const options = { maxConcurrent: 1 };
		const first = await start({ items: rows('/a.png', '/b.jpg'), parameters: { ...one, options } });
		expect(first.error).toBeDefined();
		const second = await first.retry();
		expect(second.error).toBeUndefined();
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['/a.png', '/b.jpg']);
	});

	it.each<[string, () => void]>([
		['serves another image', () => (site.paths['/a.png'] = host.image(webp))],
		['has expired', () => delete site.paths['/a.png']],
	])('reuses the task and does not request its image when the URL %s', async (_, change) => {
		const { run: start, sandbox } = await setUp({ faults: [failsOnce] });
		const options = { maxConcurrent: 1 };
		const first = await start({ items: rows('/a.png', '/b.jpg'), parameters: { ...one, options } });
		change();
		site.requests.length = 0;
		const second = await first.retry();
		expect(second.error).toBeUndefined();
		expect(sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['/a.png', '/b.jpg']);
		expect(site.requests.map(({ path }) => path)).not.toContain('/a.png');
	});
});
