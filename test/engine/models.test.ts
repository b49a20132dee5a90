import { CATALOGUE, replies } from '../sandbox/server';
import type { SandboxOptions } from '../sandbox/server';
import { prompts, setUp } from '../support/setUp';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

const GONE = {
	call: 'create',
	fault: { kind: 'reply', status: 503, code: 'model_not_found', message: 'No channel' },
} as const;

const HINT = (ids: string) =>
	`Not in CometAPI's list of models now: ${ids}. If it was retired, choose another 'Model'`;

async function run(model: string, sandbox: SandboxOptions = {}, options = {}) {
	const stage = await setUp(sandbox);
	const finished = await stage.run({
		items: prompts('a', 'b', 'c'),
		parameters: { operation: 'create', model: byId(model), options },
	});
	return { ...stage, ...finished };
}

describe("a model's place in the catalogue", () => {
	it.each(['create', 'createAndWait'])('is a hint if it has none: %s', async (operation) => {
		const { run: start, sandbox } = await setUp();
		const { items, hints } = await start({
			items: prompts('a', 'b', 'c'),
			parameters: { operation, model: byId('={{ $json.prompt === "b" ? "veo1" : "veo3" }}') },
		});
		expect(items).toHaveLength(3);
		expect(hints).toEqual([HINT('veo1')]);
		expect(sandbox.catalogueRequests).toHaveLength(1);
	});

	it('names a model that has retired since the last run', async () => {
		const catalogue = [...CATALOGUE];
		const { run: start } = await setUp({ catalogue });
		const parameters = { operation: 'create', model: byId('veo3.1') };
		expect((await start({ parameters })).hints).toEqual([]);
		catalogue.splice(
			catalogue.findIndex(({ id }) => id === 'veo3.1'),
			1,
		);
		expect((await start({ parameters })).hints).toEqual([HINT('veo3.1')]);
	});

	it.each<[string, SandboxOptions['faults']]>([
		['an error', [{ call: 'catalogue', fault: replies.unavailable }]],
		['a page', [{ call: 'catalogue', fault: { kind: 'reply', status: 200, body: '<html>' } }]],
		['no response', [{ call: 'catalogue', fault: { kind: 'hang' } }]],
	])('is not looked for if the catalogue is %s', async (_name, faults) => {
		const { items, hints, clock, sandbox } = await run('veo1', { faults });
		expect(items).toHaveLength(3);
		expect(hints).toEqual([]);
		// no longer than a hint is worth
		expect(clock.now() - sandbox.requests.at(-1)!.atMs).toBeLessThanOrEqual(2_000);
	});

	it('does not hold up a payment', async () => {
		const faults = [{ call: 'catalogue', fault: { kind: 'hang' } }] as SandboxOptions['faults'];
		const { sandbox } = await run('veo1', { faults });
		expect(new Set(sandbox.requests.map(({ atMs }) => atMs)).size).toBe(1);
	});
});

describe('a model that has gone', () => {
	it('is refused with up to five others that the catalogue has, Veo first', async () => {
		const { error } = await run('veo3-fast', { faults: [GONE] });
		expect(error?.description).toContain(
			"Nothing was created. Choose another 'Model' from the list, e.g. veo3.1-pro, veo3.1-fast, veo3.1, veo3-pro, veo3",
		);
	});

	it('is refused without others if the catalogue can not be read', async () => {
		const noCatalogue = { call: 'catalogue', fault: replies.unavailable } as const;
		const { error } = await run('veo3-fast', { faults: [GONE, noCatalogue] });
		expect(error?.description).toContain("Choose another 'Model' from the list. CometAPI says");
	});
});

it('a refused model does not wait long for the others', async () => {
	const hanging = { call: 'catalogue', fault: { kind: 'hang' } } as const;
	const { error, clock, sandbox } = await run('veo3-fast', { faults: [GONE, hanging] });
	expect(error?.description).toContain("Choose another 'Model' from the list. CometAPI says");
	expect(clock.now() - sandbox.requests[0].atMs).toBeLessThanOrEqual(2_000);
});

describe('a duration', () => {
	const shortDuration = (sizes: string) =>
		`Google's models ask for 8 seconds at ${sizes}. If a video fails, set 'Duration (Seconds)' to 8`;

	it.each<[size: string, duration: unknown, hints: string[]]>([
		['1920x1080', undefined, [shortDuration('1920x1080')]],
		['={{ "2160x3840" }}', 6, [shortDuration('2160x3840')]],
		['3840x2160', 8, []],
		['1280x720', 4, []],
		['16x9', undefined, []],
	])('for %s, of %s seconds', async (size, duration, expected) => {
		const { run: start } = await setUp();
		const options = duration === undefined ? {} : { duration };
		const { hints, items } = await start({
			items: prompts('a', 'b'),
			parameters: { operation: 'create', size, options: options as never },
		});
		expect(items).toHaveLength(2);
		expect(hints).toEqual(expected);
	});

	it('is not asked for if the model is another one than a Veo', async () => {
		const { run: start } = await setUp({ catalogue: [{ ...CATALOGUE[0], id: 'wan2.5' }] });
		const parameters = { operation: 'create', size: '1920x1080', model: byId('wan2.5') };
		expect((await start({ parameters })).hints).toEqual([]);
	});

	it.each([
		[
			'1920x1080',
			6,
			"Google's models ask for 8 seconds at 1920x1080: set 'Duration (Seconds)' to 8",
		],
		['1920x1080', 8, "'Additional Fields'. CometAPI says"],
		['16x9', 4, "'Additional Fields'. CometAPI says"],
	])('of a refused request at %s, of %s seconds', async (size, duration, text) => {
		const { run: start } = await setUp({
			faults: [{ call: 'create', fault: { kind: 'reply', status: 400 } }],
		});
		const { error } = await start({
			parameters: { operation: 'create', size, options: { duration } },
		});
		expect(error?.description).toContain(text);
	});

	it.each(['8s', '8 s', '"8"', ' 8 ', '8 seconds', '8.0', 8])('is 8: %j', async (duration) => {
		const { run: start, sandbox } = await setUp();
		await start({
			items: [{ json: { duration } }],
			parameters: { operation: 'create', options: { duration: '={{ $json.duration }}' } },
		});
		expect(sandbox.requests[0].parts).toContainEqual(
			expect.objectContaining({ name: 'seconds', value: '8' }),
		);
	});
});
