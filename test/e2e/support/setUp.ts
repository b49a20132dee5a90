import { N8nRest, type CredentialRef } from '../../../scripts/n8n/rest';
import { startN8n, type RunningN8n } from '../../../scripts/n8n/start';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server';
import { nameOf, shared } from './shared';
import { binaryModeSetting, newUserFolder } from './userFolder';

export interface TestContext {
	n8n: RunningN8n;
	rest: N8nRest;
	sandbox: Sandbox;
	/** A credential for the sandbox. */
	credential: CredentialRef;
}

export interface SetUpOptions {
	sandbox?: SandboxOptions;
	/** Additional environment variables of n8n. */
	env?: Record<string, string> | (() => Promise<Record<string, string>>);
	/** Changes n8n's user folder before n8n starts. */
	prepareUserFolder?: (userFolder: string) => Promise<void>;
}

const START_TIMEOUT_MS = 300_000;

/**
 * Starts n8n with the packed package, and a sandbox with its credential, once for all tests of a
 * file. Files may share an n8n that the test run has started.
 */
export function setUp(options: SetUpOptions = {}): TestContext {
	const context = {} as TestContext;
	beforeAll(async () => {
		// assigned one by one, so that each is stopped even if the next one fails to start
		context.sandbox = await startSandbox({ jobMs: 1_000, ...options.sandbox });
		const isPlain = !options.env && !options.prepareUserFolder;
		context.n8n = (isPlain ? sharedN8n() : undefined) ?? (await ownN8n(options));
		context.rest = await N8nRest.signIn(context.n8n.url);
		context.credential = await createVeoCredential(context);
	}, START_TIMEOUT_MS);
	afterAll(async () => {
		await context.n8n?.stop();
		await context.sandbox?.close();
	});
	return context;
}

/** The n8n that the test run shares, if it has this version and this setting. */
function sharedN8n(): RunningN8n | undefined {
	const { N8N_VERSION = '', N8N_DEFAULT_BINARY_DATA_MODE } = process.env;
	const server = shared.get().n8n[nameOf(N8N_VERSION, N8N_DEFAULT_BINARY_DATA_MODE)];
	if (!server) return undefined;
	// it ends with the test run
	const ended = new Promise<null>(() => {});
	return { ...server, ended, signal: () => {}, stop: async () => {} };
}

/** Starts n8n again on the same port and in the same folder after it has ended. */
export async function restart(context: TestContext, env?: Record<string, string>): Promise<void> {
	const { userFolder, url, ended, stop } = context.n8n;
	await ended;
	// stops its child processes too
	await stop();
	context.n8n = await startN8n({ userFolder, port: Number(new URL(url).port), env });
	context.rest = await N8nRest.signIn(url);
}

async function ownN8n({ env, prepareUserFolder }: SetUpOptions): Promise<RunningN8n> {
	const userFolder = await newUserFolder();
	await prepareUserFolder?.(userFolder);
	const settings = typeof env === 'function' ? await env() : env;
	return await startN8n({ userFolder, env: { ...binaryModeSetting(), ...settings } });
}

/** Creates a credential for the sandbox in n8n. */
export async function createVeoCredential(
	{ rest, sandbox }: Pick<TestContext, 'rest' | 'sandbox'>,
	name?: string,
): Promise<CredentialRef> {
	const { apiKey, baseUrl } = sandbox;
	return await rest.createCredential('cometApiVeoApi', { apiKey, baseUrl }, name);
}
