import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import { unpackFor } from '../../../scripts/n8n/pack';
import { N8nRest, type CredentialRef } from '../../../scripts/n8n/rest';
import { startN8n, type RunningN8n } from '../../../scripts/n8n/start';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server';
import { shared } from './shared';

export interface Stage {
	n8n: RunningN8n;
	rest: N8nRest;
	sandbox: Sandbox;
	/** The credential of the sandbox. */
	credential: CredentialRef;
}

export interface SetUpOptions {
	sandbox?: SandboxOptions;
	/** Further settings of n8n. */
	env?: Record<string, string>;
}

const START_TIMEOUT_MS = 300_000;

/** A real n8n with the packed package and a credential for a sandbox; one for all tests of a file. */
export function setUp({ sandbox: sandboxOptions, env }: SetUpOptions = {}): Stage {
	const stage = {} as Stage;
	beforeAll(async () => {
		// each as soon as it is there, so that it is stopped whatever comes after it
		stage.sandbox = await startSandbox({ jobMs: 1_000, ...sandboxOptions });
		stage.n8n = await startN8n({ userFolder: await newUserFolder(), env });
		stage.rest = await N8nRest.signIn(stage.n8n.url);
		const { apiKey, baseUrl } = stage.sandbox;
		stage.credential = await stage.rest.createCredential('cometApi', { apiKey, baseUrl });
	}, START_TIMEOUT_MS);
	afterAll(async () => {
		await stage.n8n?.stop();
		await stage.sandbox?.close();
	});
	return stage;
}

/** A new folder for an n8n, with the packed package as one of its community packages. */
export async function newUserFolder(): Promise<string> {
	const { folder, pack } = shared.get();
	const userFolder = await mkdtemp(join(folder, 'n8n-'));
	await unpackFor(userFolder, pack);
	return userFolder;
}
