import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { npmInstall } from './npmInstall';
import versions from './versions.json';

const exec = promisify(execFile);

/** The n8n version to start; the tests on older versions change it. */
export const N8N_VERSION = process.env.N8N_VERSION ?? versions.main;
/** The Node version that this n8n needs. The project's own tools may run on another one. */
const NODE_MAJOR = 24;

/** The older n8n engines that the node is tested on: the oldest supported one and the first 2.x. */
export const CORES = [
	{ n8n: '1.100.1', core: '1.99.0', workflow: '1.97.0' },
	{ n8n: '2.0.0', core: '2.0.0', workflow: '2.0.0' },
];

/** A folder outside the checkout, shared by all checkouts on this machine. */
export const cacheFolder = (name: string) =>
	join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-cometapi-veo', name);

/** Provides n8n and the Node to run it with. The first time, it installs 2 to 3 GB in 3 to 15 minutes. */
export async function ensureN8n(version = N8N_VERSION): Promise<{ node: string; n8n: string }> {
	const nodePackage = `node-${process.platform}-${process.arch}`;
	const nodeModules = await ensureInstalled(`node${NODE_MAJOR}`, [`${nodePackage}@${NODE_MAJOR}`]);
	const nodeHome = join(nodeModules, nodePackage);
	// the only install script that n8n needs, built for n8n's own Node
	const buildSqlite = async (cwd: string) => {
		const env = { ...process.env, npm_config_nodedir: nodeHome };
		console.error('  building sqlite3, which may take minutes too');
		await exec('npm', ['rebuild', '--ignore-scripts=false', 'sqlite3'], { cwd, env });
	};
	const n8nModules = await ensureInstalled(`n8n-${version}`, [`n8n@${version}`], buildSqlite);
	return { node: join(nodeHome, 'bin', 'node'), n8n: join(n8nModules, 'n8n', 'bin', 'n8n') };
}

/** @returns the `node_modules` with this version of n8n's engine; installs 200 MB the first time */
export async function ensureCore({ core, workflow }: (typeof CORES)[number]): Promise<string> {
	const packages = [`n8n-core@${core}`, `n8n-workflow@${workflow}`];
	return await ensureInstalled(`n8n-core-${core}`, packages);
}

/** n8n 1.x gets xlsx from a URL outside the registry, which some networks block. */
const MANIFEST = { private: true, overrides: { xlsx: '0.18.5' } };

/** Installs packages into a cache folder, unless an earlier installation was completed. */
async function ensureInstalled(
	name: string,
	packages: string[],
	finish?: (cwd: string) => Promise<void>,
): Promise<string> {
	const folder = cacheFolder(name);
	const marker = join(folder, '.installed');
	if (!existsSync(marker)) {
		console.error(
			`Installing ${packages.join(' and ')} into ${folder}; this may take several minutes`,
		);
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify(MANIFEST));
		// some install scripts download files that are not needed here, and fail without network access
		await npmInstall(folder, packages);
		await finish?.(folder);
		await writeFile(marker, '');
	}
	return join(folder, 'node_modules');
}
