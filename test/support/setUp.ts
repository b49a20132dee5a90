import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { clock as nodeClock } from '../../nodes/Veo/clock';
import { limits } from '../../nodes/Veo/limits';
import { startSandbox } from '../sandbox/server';
import type { Sandbox, SandboxOptions } from '../sandbox/server';
import type { Finished, InputFile, InputItem, RunOptions, Running } from './engine';
import { engine } from './veo';
import { VirtualClock } from './virtualClock';

/** How long the node waits for the response of a request that hangs, on the virtual clock. */
const REQUEST_TIMEOUT_MS = 3_000;
/** Node's longest timer: no machine is so slow that a request times out on the real clock. */
export const NEVER_MS = 2 ** 31 - 1;

export interface TestSetup {
	sandbox: Sandbox;
	clock: VirtualClock;
	/** The credential of the sandbox. */
	credential: { apiKey: string; baseUrl: string };
	run: (options?: Partial<RunOptions>) => Promise<Finished>;
	start: (options?: Partial<RunOptions>) => Promise<Running>;
	/** Runs after each test; only a test that sets up often has to call it. */
	close: () => Promise<void>;
}

const open = new Set<() => Promise<void>>();
let requestTimeoutMs: number;

/** The node on n8n's engine, a sandbox CometAPI, and one clock for both. */
export async function setUp(options: SandboxOptions = {}): Promise<TestSetup> {
	const clock: VirtualClock = new VirtualClock(
		() => sandbox.connections(),
		() => requestTimeoutMs,
	);
	requestTimeoutMs = REQUEST_TIMEOUT_MS;
	const sandbox = await startSandbox({ clock, ...options });
	const close = async () => {
		open.delete(close);
		jest.restoreAllMocks();
		clock.close();
		await sandbox.close();
	};
	open.add(close);
	jest.spyOn(nodeClock, 'now').mockImplementation(clock.now);
	jest.spyOn(nodeClock, 'date').mockImplementation(clock.date);
	jest.spyOn(nodeClock, 'sleep').mockImplementation(clock.sleep);
	for (const name of ['createTimeoutMs', 'pollTimeoutMs', 'downloadTimeoutMs'] as const) {
		jest.replaceProperty(limits, name, NEVER_MS);
	}
	const credential = { apiKey: sandbox.apiKey, baseUrl: sandbox.baseUrl };
	const complete = (given: Partial<RunOptions> = {}): RunOptions => ({
		credential,
		...given,
		parameters: { ...PARAMETERS, ...given.parameters },
	});
	return {
		sandbox,
		clock,
		credential,
		run: async (given) => await engine.run(complete(given)),
		start: async (given) => await engine.start(complete(given)),
		close,
	};
}

/** Lets no request time out, for those that hang until something else ends them; call it after `setUp`. */
export const bePatient = () => (requestTimeoutMs = Infinity);

afterEach(async () => {
	for (const close of open) await close();
});

const PARAMETERS: INodeParameters = {
	operation: 'createAndWait',
	prompt: '={{ $json.prompt ?? "A paper kite floats above a field" }}',
};

/** An item for each prompt. */
export const prompts = (...texts: string[]): InputItem[] =>
	texts.map((prompt) => ({ json: { prompt } }));

const fixture = (fileName: string, mimeType: string): InputFile => ({
	fileName,
	mimeType,
	bytes: readFileSync(join(__dirname, '../sandbox/fixtures', fileName)),
});

export const images = {
	png: fixture('first-frame.png', 'image/png'),
	jpeg: fixture('last-frame.jpg', 'image/jpeg'),
	webp: fixture('product.webp', 'image/webp'),
};
