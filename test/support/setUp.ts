import { readFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { clock as nodeClock } from '../../nodes/Veo/clock';
import { limits } from '../../nodes/Veo/limits';
import { startSandbox } from '../sandbox/server';
import type { Sandbox, SandboxOptions } from '../sandbox/server';
import type { Finished, InputFile, InputItem, RunOptions, Running } from './engine';
import { engine } from './veo';
import { VirtualClock } from './virtualClock';

/**
 * Long enough for every response of the sandbox. A request that hangs waits for it only on the
 * virtual clock.
 */
const REQUEST_TIMEOUT_MS = 3_000;
/** For tests with many parallel requests, or with requests that hang until something else ends them. */
const PATIENCE_MS = 60_000;

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

/** The node on n8n's engine, a sandbox CometAPI, and one clock for both. */
export async function setUp(options: SandboxOptions = {}): Promise<TestSetup> {
	const clock: VirtualClock = new VirtualClock(() => sandbox.heldConnections(), requestTimeoutMs);
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
	setRequestTimeouts(REQUEST_TIMEOUT_MS);
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

/** Lets no request time out, even on a slow machine; call it after `setUp`. */
export const bePatient = () => setRequestTimeouts(PATIENCE_MS);

export function setRequestTimeouts(ms: number): void {
	for (const name of ['createTimeoutMs', 'pollTimeoutMs', 'downloadTimeoutMs'] as const) {
		jest.replaceProperty(limits, name, ms);
	}
}

function requestTimeoutMs({ method, path }: ClientRequest): number {
	if (method === 'POST') return limits.createTimeoutMs;
	return /\/(content|files)\b/.test(path) ? limits.downloadTimeoutMs : limits.pollTimeoutMs;
}

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
