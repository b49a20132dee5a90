import { join } from 'node:path';

import { cacheFolder, ensureInstalled, npm } from './cache';

export const N8N_VERSION = '2.41.1';
/** What this n8n wants, whatever Node runs the project's own tools. */
const NODE_MAJOR = 24;

export interface N8nInstall {
	/** The Node to run it with. */
	node: string;
	/** n8n's start script. */
	n8n: string;
}

/** A real n8n and its Node, installed once per machine: some 3 GB and 6 minutes the first time. */
export async function ensureN8n(log = console.error): Promise<N8nInstall> {
	const nodeFolder = cacheFolder(`node${NODE_MAJOR}`);
	const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const nodeHome = join(nodeFolder, 'node_modules', nodePackage);
	const node = join(nodeHome, 'bin', 'node');
	const n8nFolder = cacheFolder(`n8n-${N8N_VERSION}`);
	const n8n = join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n');

	await ensureInstalled({
		folder: nodeFolder,
		packages: [`${nodePackage}@${NODE_MAJOR}`],
		check: [node, '--version'],
		notice: `Installing Node ${NODE_MAJOR} into ${nodeFolder}`,
		log,
	});
	await ensureInstalled({
		folder: n8nFolder,
		packages: [`n8n@${N8N_VERSION}`],
		finish: async () => {
			await npm(n8nFolder, ['rebuild', '--ignore-scripts=false', 'sqlite3'], {
				npm_config_nodedir: nodeHome,
			});
		},
		check: [node, n8n, '--version'],
		notice: `Installing n8n ${N8N_VERSION} into ${n8nFolder}; this takes some minutes`,
		log,
	});
	return { node, n8n };
}
