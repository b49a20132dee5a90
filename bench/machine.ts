import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

import { ensureN8n, N8N_VERSION } from '../scripts/n8n/install';

/** What the figures were measured on. */
export async function describeMachine(packageVersion: string): Promise<string> {
	const { node } = await ensureN8n();
	const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
	const [{ model }] = cpus();
	const gb = Math.round(totalmem() / 2 ** 30);
	const machine = `${cpus().length} cores (${model}), ${gb} GB of memory, ${process.platform}`;
	const versions = `n8n ${N8N_VERSION} on Node ${nodeVersion.slice(1)}, this package ${packageVersion}`;
	return `${machine}; ${versions}`;
}
