import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ensureN8n } from '../../../scripts/n8n/install';
import { packProject } from '../../../scripts/n8n/pack';
import { shared } from './shared';

const exec = promisify(execFile);

/** Once for all test files: a real n8n, and the package as it would be published. */
export default async function globalSetup(): Promise<void> {
	await ensureN8n();
	await exec('npm', ['run', 'build']);
	const folder = await mkdtemp(join(tmpdir(), 'veo-e2e-'));
	shared.set({ folder, pack: await packProject(folder) });
}
