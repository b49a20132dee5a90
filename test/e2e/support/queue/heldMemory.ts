import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { RunningN8n } from '../../../../scripts/n8n/start';
import { until } from '../until';

/** The settings of an n8n whose memory is measured. */
export const measurable = { NODE_OPTIONS: `--require ${join(__dirname, 'writeHeldMemory.js')}` };

/** Memory that the process still uses after a garbage collection, in MB. */
export async function heldMb({ userFolder, signal }: RunningN8n): Promise<number> {
	const file = join(userFolder, 'held-memory');
	await rm(file, { force: true });
	signal('SIGUSR2');
	await until('the memory of n8n', () => existsSync(file));
	return Number(await readFile(file, 'utf8')) / 1024 ** 2;
}
