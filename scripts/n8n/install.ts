import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

export const N8N_VERSION = '2.41.1';
/** What this n8n wants, whatever Node runs the project's own tools. */
const NODE_MAJOR = 24;

const MARKER = '.installed';

/** What is too large to be made anew for every checkout. */
export const cacheFolder = join(
	process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
	'n8n-nodes-cometapi-veo',
);

export interface N8nInstall {
	/** The Node to run it with. */
	node: string;
	/** n8n's start script. */
	n8n: string;
}

/** A real n8n and its Node, installed once per machine: some 3 GB and 6 minutes the first time. */
export async function ensureN8n(log = console.error): Promise<N8nInstall> {
	const nodeFolder = join(cacheFolder, `node${NODE_MAJOR}`);
	const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const nodeHome = join(nodeFolder, 'node_modules', nodePackage);
	const node = join(nodeHome, 'bin', 'node');
	const n8nFolder = join(cacheFolder, `n8n-${N8N_VERSION}`);
	const n8n = join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n');

	await once(nodeFolder, [node, '--version'], async () => {
		log(`Installing Node ${NODE_MAJOR} into ${nodeFolder}`);
		await npm(nodeFolder, ['install', '--ignore-scripts', `${nodePackage}@${NODE_MAJOR}`]);
	});
	await once(n8nFolder, [node, n8n, '--version'], async () => {
		log(`Installing n8n ${N8N_VERSION} into ${n8nFolder}; this takes some minutes`);
		// one of the scripts downloads a library that nothing here needs, and fails where it may not
		await npm(n8nFolder, ['install', '--ignore-scripts', `n8n@${N8N_VERSION}`]);
		await npm(n8nFolder, ['rebuild', '--ignore-scripts=false', 'sqlite3'], {
			npm_config_nodedir: nodeHome,
		});
	});
	return { node, n8n };
}

/** Installs into a folder, unless that was finished before: by the marker, or as the command works. */
async function once(
	folder: string,
	command: string[],
	install: () => Promise<void>,
): Promise<void> {
	const marker = join(folder, MARKER);
	if (existsSync(marker)) return;
	if (!(await works(command))) {
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
		await install();
	}
	await writeFile(marker, '');
}

async function works([file, ...args]: string[]): Promise<boolean> {
	return await exec(file, args).then(
		() => true,
		() => false,
	);
}

async function npm(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
	await exec('npm', [...args, '--no-audit', '--no-fund'], {
		cwd,
		env: { ...process.env, ...env },
		maxBuffer: Infinity,
	});
}
