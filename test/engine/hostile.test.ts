import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import type { Call, Fault, RecordedRequest, Sandbox } from '../sandbox/server';
import type { Finished, RunOptions } from '../support/engine';
import { expectOwnFiles } from '../support/expect';
import { bePatient, setUp } from '../support/setUp';

const RUNS = Number(process.env.BATCHES ?? 100) / 2;

const KEY = 'sk-Hostile/Key+with=all"kinds';
const KEY_FORMS = [
	KEY,
	JSON.stringify(KEY).slice(1, -1),
	encodeURIComponent(KEY),
	Buffer.from(KEY).toString('base64'),
	`Bearer ${KEY}`,
];

/** Fields that some code reads, but none that holds a task's ID or its end. */
const FIELDS = [
	...['status', 'progress', 'url', 'metadata', 'message', 'paused', 'isWaiting', 'version'],
	...['itemIndexes', 'json', 'binary', 'pairedItem', '__proto__', 'constructor', 'toString'],
];

const itemText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 100 }),
	fc.constantFrom('\\'.repeat(99), '<img src=x>', '../../etc/passwd', 'CON', '{{ $json }}'),
);

const text = fc.oneof(
	itemText,
	fc.constantFrom(...KEY_FORMS, '<a href="javascript:x">y</a>', 'queued', '\\'.repeat(99)),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3 },
		...[text, fc.double(), fc.boolean(), fc.constant(null)],
		fc.array(tie('value'), { maxLength: 3 }),
		fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 4 }),
	),
}));

const nested = fc
	.integer({ min: 1, max: 20_000 })
	.map((depth) => `${'{"url":'.repeat(depth)}0${'}'.repeat(depth)}`);

const body = fc.oneof(
	value.map((json) => JSON.stringify(json)),
	text,
	nested,
	fc.constant('<html>Bad gateway</html>'),
);

const HEADERS = ['retry-after', 'x-request-id', 'location', 'etag', 'content-range', 'date'];
const headerText = fc.oneof(
	fc.string({ maxLength: 20 }).map((given) => given.replace(/[^ -~]/g, '')),
	fc.constantFrom(encodeURIComponent(KEY), 'http://[bad', '//127.0.0.1:1/', '-1', '1e99'),
);
const headers = fc.dictionary(fc.constantFrom(...HEADERS), headerText, { maxKeys: 2 });

const reply = (...statuses: number[]) =>
	fc.record({
		kind: fc.constant('reply' as const),
		status: fc.constantFrom(...statuses),
		body,
		headers,
		contentType: fc.constantFrom('application/json', 'text/html', 'video/mp4'),
	});

const raw = fc.record({
	kind: fc.constant('raw' as const),
	bytes: fc.oneof(
		text,
		fc.constantFrom(
			'HTTP/1.1 100 Continue\r\n\r\n\0garbage',
			'HTTP/1.1 200 OK\r\n',
			'\x15\x03\x01',
		),
	),
});

/** Faults that leave it unknown whether the video was created. */
const lost = fc
	.tuple(
		fc.oneof(
			reply(200, 201, 202, 302, 303, 500, 502, 503, 504, 524),
			raw,
			fc.constantFrom({ kind: 'resetAfterBody' as const }, { kind: 'brokenJson' as const }),
		),
		fc.boolean(),
	)
	.map(([fault, created]) => ({ ...fault, created }));

/** Faults that create nothing. */
const refused = fc.oneof(
	reply(400, 403, 413, 422, 429),
	fc.constantFrom(replies.modelNotFound503, replies.contentPolicy200),
);

const passing = fc.oneof(
	reply(200, 204, 301, 303, 400, 403, 404, 418, 429, 500, 502, 503),
	raw,
	fc.constantFrom<Fault>({ kind: 'resetAfterBody' }, { kind: 'brokenJson' }),
);

const badFile = fc.oneof(
	passing,
	fc.constantFrom<Fault>(
		...([
			{ kind: 'resetMidway' },
			{ kind: 'truncated' },
			{ kind: 'truncatedChunked' },
			{ kind: 'empty' },
		] as const),
	),
);

/** Mostly a value that is accepted, so that most runs get as far as the server. */
const mostly = <T>(value: T, ...hostile: Array<fc.Arbitrary<unknown>>) =>
	fc.oneof(
		{ weight: 6, arbitrary: fc.constant<unknown>(value) },
		{ weight: 1, arbitrary: fc.oneof(itemText, ...hostile) },
	);

const item = fc.record({
	prompt: fc.oneof(itemText, fc.constant('a kite')),
	fileName: itemText,
	model: mostly('veo3-fast', fc.integer()),
	size: mostly('16x9', fc.dictionary(fc.string(), fc.string(), { maxKeys: 1 })),
	duration: mostly(8, fc.double(), fc.boolean()),
	downloadVideo: mostly(true, fc.double(), fc.constantFrom('false', 'no', null)),
	timeout: mostly(15, fc.double()),
});

/** The faults of the first calls of each kind; later calls work. */
const scenario = fc.record({
	create: fc.array(fc.oneof(lost, refused), { maxLength: 3 }),
	retrieve: fc.array(passing, { maxLength: 2 }),
	file: fc.array(badFile, { maxLength: 2 }),
	content: fc.array(badFile, { maxLength: 1 }),
	// without the key: an item would otherwise contain it
	item,
	onError: fc.constantFrom<'stopWorkflow' | 'continueErrorOutput'>(
		'stopWorkflow',
		'continueErrorOutput',
	),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** Every fault of a scenario once, in order. The same prompt is sent twice, as two videos. */
function faultsOf(given: Scenario) {
	const left: Partial<Record<Call, Fault[]>> = {
		create: [...given.create],
		retrieve: [...given.retrieve],
		file: [...given.file],
		content: [...given.content],
	} as Partial<Record<Call, Fault[]>>;
	return (call: Call) => left[call]?.shift();
}

/** Every parameter has a value of the item. */
const runOf = ({ onError, item: json }: Scenario): Partial<RunOptions> => ({
	items: [{ json: json as IDataObject }],
	parameters: {
		prompt: '={{ $json.prompt }}',
		model: { __rl: true, mode: 'id', value: '={{ $json.model }}' },
		size: '={{ $json.size }}',
		downloadVideo: '={{ $json.downloadVideo }}',
		options: {
			fileName: '={{ $json.fileName }}',
			duration: '={{ $json.duration }}',
			timeout: '={{ $json.timeout }}',
		},
	},
	settings: { onError, retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
});

function expectKeyKept({ requests }: Sandbox, { stored, logs, error, items, errors }: Finished) {
	const shown = JSON.stringify([logs, error, error?.description, items, errors]) + stored;
	for (const form of KEY_FORMS) expect(shown.includes(form)).toBe(false);
	for (const { origin, url, headers: sent } of requests) {
		expect(url.includes(KEY) || url.includes(encodeURIComponent(KEY))).toBe(false);
		if (origin === 'files') expect(sent.authorization).toBeUndefined();
	}
}

const isCreate = ({ call }: RecordedRequest) => call === 'create';

it('a hostile server and a hostile item cause no double payment, leak no key and store no wrong file', async () => {
	const unhandled = jest.fn();
	process.on('unhandledRejection', unhandled);
	await fc.assert(
		fc.asyncProperty(scenario, async (given) => {
			const { run, sandbox, close } = await setUp({ jobMs: 20_000, apiKey: KEY });
			try {
				bePatient();
				sandbox.faultFor = faultsOf(given);
				const finished = await run(runOf(given));
				expect(['success', 'error']).toContain(finished.status);
				expect(sandbox.tasks.length).toBeLessThanOrEqual(1);
				// the last create request if its result is unknown, or the one that created the video
				const sent = sandbox.requests.filter(isCreate);
				const isRefused = ({ status, fault = 'reply' }: RecordedRequest) =>
					fault === 'reply' && is4xx(status);
				const mayBePaid = sent.filter((request) => !isRefused(request));
				expect(mayBePaid.length).toBeLessThanOrEqual(1 + contentPolicies(given));
				expectKeyKept(sandbox, finished);
				await expectOwnFiles(
					sandbox,
					finished.items.filter(({ binary }) => binary),
				);
			} finally {
				await close();
			}
		}),
		{ numRuns: RUNS, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
	);
	process.off('unhandledRejection', unhandled);
	expect(unhandled).not.toHaveBeenCalled();
});

const is4xx = (status = 0) => status >= 400 && status < 500;

/** Refusals with another status than 4xx. */
const contentPolicies = ({ create }: Scenario) =>
	create.filter(
		(fault) => 'status' in fault && [200, 503].includes(fault.status) && !('created' in fault),
	).length;
