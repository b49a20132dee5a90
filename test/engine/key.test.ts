import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { CATALOGUE, replies } from '../sandbox/server';
import type { Call, Fault } from '../sandbox/server';
import type { Finished } from '../support/engine';
import { prompts, setUp } from '../support/setUp';

const KEY = 'sk-a-key-that-must-stay-home';

const echo = (status: number): Fault => ({
	kind: 'reply',
	status,
	message: `Invalid token ${KEY}: not allowed`,
	code: KEY,
	headers: { 'x-token': KEY },
});

/** Everything about a run that a user, a log or a database sees. */
const seen = ({ stored, logs, error, items, errors, hints }: Finished) =>
	JSON.stringify([stored, logs, items, errors, hints, error, error?.stack, error?.cause]);

const places: Array<[name: string, call: Call, status: number]> = [
	['rejects a request', 'create', 400],
	['rejects the key', 'create', 401],
	['loses a request', 'create', 500],
	['answers a request with nonsense', 'create', 200],
	['rejects a status check', 'retrieve', 403],
	['refuses a file', 'content', 403],
];

describe.each(places)('a server that repeats the key as it %s', (_name, call, status) => {
	it.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'does not leak it: %s',
		async (onError) => {
			const { run, sandbox } = await setUp({
				apiKey: KEY,
				videoUrl: false,
				faults: [{ call, fault: echo(status) }],
			});
			const finished = await run({ items: prompts('a', 'b'), settings: { onError } });
			expect(seen(finished)).not.toContain(KEY);
			expect(seen(finished)).toContain('CometAPI');
			expect(sandbox.requests.some(({ headers }) => headers.authorization?.endsWith(KEY))).toBe(
				true,
			);
		},
	);
});

it('hides the key in a task that contains it', async () => {
	const body = { id: 'task_1', status: 'queued', metadata: { caller: KEY } };
	const { run } = await setUp({
		apiKey: KEY,
		faults: [{ call: 'create', fault: { kind: 'reply', status: 200, body } }],
	});
	const finished = await run({ parameters: { operation: 'create' } });
	expect(finished.items[0].json).toMatchObject({ id: 'task_1', metadata: { caller: '***' } });
	expect(seen(finished)).not.toContain(KEY);
});

it('hides a key of digits that a task contains as a number', async () => {
	const apiKey = '123456789012345';
	const body = { id: 'task_1', status: 'queued', caller: Number(apiKey), at: [Number(apiKey), 7] };
	const { run } = await setUp({
		apiKey,
		faults: [{ call: 'create', fault: { kind: 'reply', status: 200, body } }],
	});
	const finished = await run({ parameters: { operation: 'create' } });
	expect(finished.items[0].json).toMatchObject({ caller: '***', at: ['***', 7] });
	expect(seen(finished)).not.toContain(apiKey);
});

it.each(['', ' '.repeat(200), '\u00a0'])(
	'hides a key that a quoted response has in escapes, after %j',
	async (blanks) => {
		const quoted =
			blanks + JSON.stringify({ error: { message: `No token ${KEY}, nor any other` } });
		const body = { error: { message: quoted.replace('sk-', '\\u0073k-') } };
		const { run } = await setUp({
			apiKey: KEY,
			faults: [{ call: 'create', fault: { kind: 'reply', status: 400, body } }],
		});
		const finished = await run();
		expect(finished.error?.description).toContain('No token ***, nor any other');
		expect(seen(finished)).not.toContain(KEY);
	},
);

it('hides the key in a list of models that contains it', async () => {
	const model = CATALOGUE.find(({ id }) => id === 'veo3.1');
	const { run } = await setUp({
		apiKey: KEY,
		catalogue: [{ ...model, id: `veo-${KEY}` }],
		faults: [{ call: 'create', fault: replies.modelNotFound503 }],
	});
	const finished = await run();
	expect(finished.error?.description).toContain(
		"Choose another 'Model' from the list, e.g. veo-***",
	);
	expect(seen(finished)).not.toContain(KEY);
});

it('hides the key of each item in a list of models that contains it', async () => {
	const model = CATALOGUE.find(({ id }) => id === 'veo3.1');
	const { run, credential } = await setUp({
		apiKey: KEY,
		catalogue: [{ ...model, id: `veo-${KEY}` }],
		faults: [{ call: 'create', fault: replies.modelNotFound503 }],
	});
	const { items } = await run({
		items: prompts('a', 'b'),
		credential: (item) => (item === 0 ? { ...credential, apiKey: 'sk-other-key' } : credential),
		settings: { onError: 'continueRegularOutput' },
	});
	expect(items[1].json.message).toContain('e.g. veo-***');
});

it('never sends the key to a file host', async () => {
	const { run, sandbox } = await setUp({
		apiKey: KEY,
		faults: (['file', 'content'] as const).map((call) => ({ call, fault: echo(403) })),
	});
	const finished = await run();
	expect(finished.error?.message).toMatch(/could not be downloaded/);
	expect(seen(finished)).not.toContain(KEY);
	for (const { origin, url, headers } of sandbox.requests) {
		if (origin === 'files') expect(url + JSON.stringify(headers)).not.toContain(KEY);
	}
});

/** Contains every character that needs escaping somewhere. */
const ODD_KEY = 'sk-Ab/cd+ef==&"gh<ij>%kl';

const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
const unicode = (text: string) =>
	[...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percent = (text: string) =>
	[...text].map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');

const typedKeys: Array<[string, (key: string) => string]> = [
	['as it is', (key) => key],
	['with blanks around it', (key) => `  ${key} `],
	['with a newline', (key) => `${key}\n`],
	['with a newline of Windows', (key) => `${key}\r\n`],
	['with Bearer', (key) => `Bearer ${key}`],
	['with bearer, blanks and a newline', (key) => ` bearer   ${key} \n`],
	['with the name of the header', (key) => `Authorization: Bearer ${key}`],
	['with invisible characters', (key) => `\uFEFF${key}\u200B`],
	['broken over two lines', (key) => `${key.slice(0, 10)}\n${key.slice(10)}`],
	['in quotes', (key) => `"${key}"`],
];

describe('a key', () => {
	it.each(typedKeys)('works when it is typed %s', async (_name, typed) => {
		const { run, sandbox } = await setUp({ apiKey: KEY });
		const { items, error } = await run({
			credential: { apiKey: typed(KEY), baseUrl: sandbox.baseUrl },
		});
		expect(error).toBeUndefined();
		expect(items[0].json.status).toBe('completed');
	});

	it.each(typedKeys)('works in the test of the credential: %s', async (_name, typed) => {
		const { authenticate } = new CometApiVeoApi();
		expect(await authenticateWith(authenticate, typed(KEY))).toMatchObject({
			url: '/v1/models',
			headers: { accept: 'application/json', Authorization: `Bearer ${KEY}` },
		});
	});

	it.each([
		['as it is', escaped],
		['with Bearer', (key: string) => `Bearer ${escaped(key)}`],
		['in lower case', (key: string) => escaped(key).toLowerCase()],
		['encoded for a URL', encodeURIComponent],
		['encoded for a URL in full', percent],
		['escaped in a text within JSON', (key: string) => escaped(escaped(key))],
		['escaped in JSON, slashes too', (key: string) => escaped(key).replace(/\//g, '\\/')],
		['escaped in JSON in full', unicode],
		['in base64', base64],
		['in base64 with Bearer', (key: string) => base64(`Bearer ${key}`)],
		['in base64 with the name of the header', (key: string) => base64(`authorization: ${key}.`)],
		['in base64 for a URL', (key: string) => base64url(`:${key}`)],
	])('is hidden when a server repeats it %s', async (_form, repeated) => {
		const text = repeated(ODD_KEY);
		const body = `{"error":{"code":"","message":"Invalid: <<${text}>>"}}`;
		const { run, sandbox } = await setUp({
			apiKey: ODD_KEY,
			faults: [{ call: 'create', fault: { kind: 'reply', status: 400, body } }],
		});
		const finished = await run({
			credential: { apiKey: ` Bearer ${ODD_KEY}\n`, baseUrl: sandbox.baseUrl },
		});
		expect(finished.error?.description).toMatch(/Invalid: <<.*\*\*\*.*>>/);
		for (const form of [ODD_KEY, ODD_KEY.toLowerCase(), text]) {
			expect(finished.error?.description).not.toContain(form);
			expect(seen(finished)).not.toContain(escaped(form));
		}
	});
});

async function authenticateWith(
	authenticate: CometApiVeoApi['authenticate'],
	apiKey: string,
): Promise<unknown> {
	if (typeof authenticate !== 'function') throw new Error('The credential has no function');
	return await authenticate(
		{ apiKey },
		{ url: '/v1/models', headers: { accept: 'application/json' } },
	);
}

it('hides the key in the request ID of a header', async () => {
	const { run } = await setUp({
		apiKey: KEY,
		faults: [
			{
				call: 'create',
				fault: {
					kind: 'reply',
					status: 400,
					body: { error: { message: 'Not allowed' } },
					headers: { 'x-request-id': `for ${KEY}` },
				},
			},
		],
	});
	const finished = await run();
	expect(finished.error?.description).toContain('Not allowed (request id: for ***)');
	expect(seen(finished)).not.toContain(KEY);
});
