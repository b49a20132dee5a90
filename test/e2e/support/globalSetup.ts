import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ensureN8n, N8N_VERSION } from '../../../scripts/n8n/install';
import { packProject } from '../../../scripts/n8n/pack';
import { shared } from './shared';

const exec = promisify(execFile);

export default async function globalSetup(): Promise<void> {
	await prepare([N8N_VERSION]);
}

/** Installs n8n and packs the package as it would be published, once for all test files. */
export async function prepare(versions: string[]): Promise<void> {
	for (const version of versions) await ensureN8n(version);
	await exec('npm', ['run', 'build']);
	const folder = await mkdtemp(join(tmpdir(), 'veo-e2e-'));
	shared.set({ folder, pack: await packProject(folder), n8n: {} });
}
