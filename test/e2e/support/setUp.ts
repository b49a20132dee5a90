import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import { unpackFor } from '../../../scripts/n8n/pack';
import { N8nRest, type CredentialRef } from '../../../scripts/n8n/rest';
import { startN8n, type RunningN8n } from '../../../scripts/n8n/start';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server';
import { shared } from './shared';

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
	env?: Record<string, string>;
	/** Changes n8n's user folder before n8n starts. */
	prepareUserFolder?: (userFolder: string) => Promise<void>;
}

const START_TIMEOUT_MS = 300_000;

/** Starts n8n with the packed package, and a sandbox with its credential, once for all tests of a file. */
export function setUp(options: SetUpOptions = {}): TestContext {
	const context = {} as TestContext;
	beforeAll(async () => {
		// assigned one by one, so that each is stopped even if the next one fails to start
		context.sandbox = await startSandbox({ jobMs: 1_000, ...options.sandbox });
		const userFolder = await newUserFolder();
		await options.prepareUserFolder?.(userFolder);
		context.n8n = await startN8n({ userFolder, env: options.env });
		context.rest = await N8nRest.signIn(context.n8n.url);
		context.credential = await createVeoCredential(context);
	}, START_TIMEOUT_MS);
	afterAll(async () => {
		await context.n8n?.stop();
		await context.sandbox?.close();
	});
	return context;
}

/** Creates a user folder for n8n, with the packed package as a community package. */
export async function newUserFolder(): Promise<string> {
	const { folder, pack } = shared.get();
	const userFolder = await mkdtemp(join(folder, 'n8n-'));
	await unpackFor(userFolder, pack);
	return userFolder;
}

/** Creates a credential for the sandbox in n8n. */
export async function createVeoCredential(
	{ rest, sandbox }: Pick<TestContext, 'rest' | 'sandbox'>,
	name?: string,
): Promise<CredentialRef> {
	const { apiKey, baseUrl } = sandbox;
	return await rest.createCredential('cometApiVeoApi', { apiKey, baseUrl }, name);
}
