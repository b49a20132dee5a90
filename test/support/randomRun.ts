import type { Finished } from './engine';
import type { FaultFor, RecordedRequest, Sandbox } from '../sandbox/server';
import { expectOwnFiles } from './expect';
import { randomBatch, randomFrom } from './randomBatch';
import type { ErrorMode, RandomBatch } from './randomBatch';
import { setUp } from './setUp';

const MAX_BATCHES = 300;
/** Enough for a manual run; CI runs all. */
const DEFAULT_BATCHES = 100;
const MANUAL_RETRIES = 3;
/** Four times as many as in any batch: one with more never ends. */
const MAX_REQUESTS = 1_000;

/**
 * Tests random batches in these error modes. `SEED=17 npx jest random` runs a single batch,
 * `BATCHES=20` the first 20, and `BATCHES=300` all.
 */
export function describeRandomBatches(most: number, modes: ErrorMode[]): void {
	const count = Math.min(most, Number(process.env.BATCHES ?? DEFAULT_BATCHES));
	const only = process.env.SEED ? [Number(process.env.SEED)] : undefined;
	const seeds = only ?? Array.from({ length: count }, (_, index) => index + 1);
	it.each(seeds)(
		'batch %i pays for nothing twice and loses nothing',
		async (seed) => await check(seed, modes),
	);
}

async function check(seed: number, modes: ErrorMode[]): Promise<void> {
	const batch = randomBatch(seed, modes);
	const { run, sandbox, credential } = await setUp(batch.sandbox);
	jest.spyOn(Math, 'random').mockImplementation(randomFrom(seed + MAX_BATCHES));
	const { tooMany, bounded } = boundRequests(sandbox);
	sandbox.faultFor = bounded(batch.faultFor);

	/** The number of requests at the end of each execution. */
	const ends: number[] = [];
	const results: Finished[] = [await Promise.race([run(batch.run), tooMany])];
	ends.push(sandbox.requests.length);
	while (results.at(-1)!.error && results.length <= MANUAL_RETRIES) {
		if (results.length === MANUAL_RETRIES) sandbox.faultFor = bounded();
		results.push(await Promise.race([results.at(-1)!.retry(), tooMany]));
		ends.push(sandbox.requests.length);
	}
	const last = results.at(-1)!;

	expectNothingSentTwice(batch, sandbox, (request) => {
		const index = sandbox.requests.indexOf(request);
		return ends.findIndex((end) => index < end);
	});
	await expectOrder(sandbox, batch.run.items!.length, last);
	await expectOwnFiles(
		sandbox,
		last.items.filter(({ binary }) => binary),
	);
	expectNothingLost(batch, sandbox, last);
	expectKeyKept(sandbox, results, credential.apiKey);
}

/** Ends a batch that never ends: by the number of its requests, as time depends on the machine. */
function boundRequests({ requests }: Sandbox) {
	let fail: (error: Error) => void;
	const tooMany = new Promise<never>((_, reject) => (fail = reject));
	const bounded =
		(faultFor?: FaultFor): FaultFor =>
		(...call) => {
			if (requests.length > MAX_REQUESTS) fail(new Error(`More than ${MAX_REQUESTS} requests`));
			return faultFor?.(...call);
		};
	return { tooMany, bounded };
}

/** A prompt stands for one item, so two requests with the same prompt are the same request. */
function expectNothingSentTwice(
	batch: RandomBatch,
	sandbox: Sandbox,
	executionOf: (request: RecordedRequest) => number,
): void {
	const last = new Map<string, RecordedRequest>();
	for (const request of sandbox.requests.filter(({ call }) => call === 'create')) {
		const prompt = promptOf(request);
		const earlier = last.get(prompt);
		if (prompt) last.set(prompt, request);
		if (!earlier) continue;
		const mayBeSentAgain =
			batch.wasRefused(earlier) ||
			earlier.status === 401 ||
			(earlier.taskId !== undefined && wasGivenUp(batch, sandbox, earlier.taskId)) ||
			executionOf(earlier) < executionOf(request);
		expect({ prompt, earlier: earlier.fault, mayBeSentAgain }).toMatchObject({
			mayBeSentAgain: true,
		});
		// even the Retry button may not send a request again after a response to it
		const wasAnswered = batch.wasUnderstood(earlier) && earlier.status === 200;
		expect(wasAnswered && !wasGivenUp(batch, sandbox, earlier.taskId!)).toBe(false);
	}
}

const promptOf = ({ parts }: RecordedRequest) => {
	const part = parts?.find(({ name }) => name === 'prompt');
	return part && 'value' in part ? String(part.value) : '';
};

/** CometAPI reported that the task failed, is unknown or has no file. */
const wasGivenUp = (batch: RandomBatch, sandbox: Sandbox, taskId: string) =>
	sandbox.tasks.some(({ id, outcome }) => id === taskId && outcome !== 'completed') ||
	sandbox.requests.some(
		(request) =>
			request.call === 'retrieve' && request.taskId === taskId && batch.wasGivenUp(request),
	);

async function expectOrder(sandbox: Sandbox, count: number, { items, errors, error }: Finished) {
	const itemOf = ({ pairedItem }: { pairedItem?: unknown }) =>
		(pairedItem as { item: number }).item;
	const indexes = [items.map(itemOf), errors.map(itemOf)];
	for (const list of indexes) expect(list).toEqual([...list].sort((a, b) => a - b));
	if (!error) expect(indexes.flat().sort()).toEqual(Array.from({ length: count }, (_, i) => i));
	for (const item of items.filter(({ json }) => !json.error)) {
		const task = sandbox.tasks.find(({ id }) => id === item.json.id);
		expect(task?.prompt).toBe(`video ${itemOf(item)}`);
	}
}

/** Expects every task whose id reached the node to end as a file or to be named. */
function expectNothingLost(
	batch: RandomBatch,
	sandbox: Sandbox,
	{ items, errors, error }: Finished,
): void {
	const named = JSON.stringify([
		...[...items, ...errors].map(({ json }) => json),
		error?.message,
		error?.description,
	]);
	for (const request of sandbox.requests) {
		if (request.call !== 'create' || !request.taskId || !batch.wasUnderstood(request)) continue;
		if (!wasGivenUp(batch, sandbox, request.taskId)) expect(named).toContain(request.taskId);
	}
	for (const item of items.filter(({ json }) => !json.error)) expect(item.binary).toBeDefined();
}

function expectKeyKept(sandbox: Sandbox, results: Finished[], key: string): void {
	for (const { stored, logs, error } of results) {
		expect(stored + JSON.stringify([logs, error])).not.toContain(key);
	}
	for (const { origin, url, headers } of sandbox.requests) {
		const { authorization, ...others } = headers;
		expect(url + JSON.stringify(others)).not.toContain(key);
		if (origin === 'files') expect(authorization).toBeUndefined();
	}
}
