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

/** Everything that a user, a log or a database sees of a run. */
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
		'does not spread it: %s',
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

it('hides the key in a task that a server returns with it', async () => {
	const body = { id: 'task_1', status: 'queued', metadata: { caller: KEY } };
	const { run } = await setUp({
		apiKey: KEY,
		faults: [{ call: 'create', fault: { kind: 'reply', status: 200, body } }],
	});
	const finished = await run({ parameters: { operation: 'create' } });
	expect(finished.items[0].json).toMatchObject({ id: 'task_1', metadata: { caller: '***' } });
	expect(seen(finished)).not.toContain(KEY);
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
