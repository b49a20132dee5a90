import { reply, startGateway } from '../support/gateway';
import type { Gateway } from '../support/gateway';
import { setUp } from '../support/setUp';

const MARKUP =
	'<a href="https://evil.example">Sign in</a> <img src=x onerror=x> <b>now</b> <!--x--> <?x?> </p><IMG src=x>';
const SHOWN =
	'< a href="https://evil.example">Sign in< /a> < img src=x onerror=x> < b>now< /b> < !--x--> < ?x?> < /p>< IMG src=x>';

/** The start of an HTML tag, comment or declaration. */
const TAG = /<[a-z!/?]/i;

let gateway: Gateway;
beforeEach(async () => {
	gateway = await startGateway();
});
afterEach(async () => await gateway.close());

const run = async (parameters: object = {}, settings: object = {}, json: object = {}) =>
	await (
		await setUp()
	).run({
		credential: { apiKey: 'sk-test-key', baseUrl: `${gateway.url}/gw` },
		items: [{ json: json as never }],
		parameters: parameters as never,
		settings,
	});

/** CometAPI's words in each place that a message quotes. */
const PLACES: Array<[string, () => void]> = [
	[
		'a refusal',
		() => {
			gateway.paths['/gw/v1/videos'] = reply(400, {
				error: { message: MARKUP, code: '<b>code</b>' },
			});
		},
	],
	[
		'a failed task',
		() => {
			gateway.task = { id: 'task_1', status: 'failed', error: { message: MARKUP } };
		},
	],
	[
		'a file that is refused',
		() => {
			gateway.paths['/gw/v1/videos/task_1/content'] = reply(403, { error: { message: MARKUP } });
		},
	],
];

describe.each(PLACES)('markup in %s', (_name, arrange) => {
	it('is shown as text in the error of the node', async () => {
		arrange();
		const { error } = await run();
		expect(`${error?.message} ${error?.description}`).toContain(SHOWN);
		expect(error?.message).not.toMatch(TAG);
		expect(error?.description).not.toMatch(TAG);
	});

	it('is readable and not markup in an error item', async () => {
		arrange();
		const { items } = await run({}, { onError: 'continueRegularOutput' });
		const { error, message } = items[0].json;
		expect(`${error} ${message}`).toContain(SHOWN);
		expect(`${error} ${message}`).not.toMatch(TAG);
		expect(`${error} ${message}`).not.toMatch(/&(lt|gt|amp|#)/);
	});
});

it('markup in a parameter is shown as text in the error of the node', async () => {
	const { error } = await run({ imageInput: 'image', imageField: MARKUP });
	expect(error?.message).toContain("no binary field '< a href=");
	expect(error?.message).not.toMatch(TAG);
	expect(error?.description).not.toMatch(TAG);
});

it('markup in the name of a binary field is shown as text', async () => {
	const { error } = await (
		await setUp()
	).run({
		items: [{ files: { [MARKUP]: { bytes: Buffer.from('x'), mimeType: 'text/plain' } } }],
		parameters: { imageInput: 'image' },
	});
	expect(error?.description).toContain("'< a href=");
	expect(error?.description).not.toMatch(TAG);
});

it('markup in a model is shown as text if its price is unknown', async () => {
	const model = { __rl: true, mode: 'id', value: '<b>veo</b>' };
	const { run: runNode } = await setUp();
	const { error } = await runNode({ parameters: { model, options: { maxCost: 1 } } });
	expect(error?.message).toContain("'< b>veo< /b>'");
});

it('a text without markup stays unchanged', async () => {
	const text = 'seconds < 8 && size <= "720p" & a<-b, 3<4 > 2 &lt;b&gt; <<7>>';
	gateway.paths['/gw/v1/videos'] = reply(400, { error: { message: text } });
	const { error } = await run();
	expect(error?.description).toContain(`CometAPI says: ${text}`);
});
