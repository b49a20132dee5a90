import { join } from 'node:path';

import { cacheFolder, ensureInstalled } from './cache';

/** The engines of older n8n that the node is tested on: of the oldest it supports, and of the first 2. */
export const CORES = [
	{ n8n: '1.100.1', core: '1.99.0', workflow: '1.97.0' },
	{ n8n: '2.0.0', core: '2.0.0', workflow: '2.0.0' },
];

/** n8n's engine as one of its versions has it, installed once per machine: some 200 MB. */
export async function ensureCore({ core, workflow }: (typeof CORES)[number]): Promise<string> {
	const folder = cacheFolder(`n8n-core-${core}`);
	await ensureInstalled({
		folder,
		packages: [`n8n-core@${core}`, `n8n-workflow@${workflow}`],
		notice: `Installing n8n-core ${core} into ${folder}`,
	});
	return join(folder, 'node_modules');
}
