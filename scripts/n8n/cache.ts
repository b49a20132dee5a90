import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

const MARKER = '.installed';

/** What is installed once per machine, outside the checkout. */
export const cacheFolder = (name: string) =>
	join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-cometapi-veo', name);

export interface Installation {
	folder: string;
	/** Packages with their versions, as `npm install` takes them. */
	packages: string[];
	/** What has to be done after that. */
	finish?: () => Promise<void>;
	/** Works where it was all done before, whatever the marker says. */
	check?: string[];
	/** Told to whoever waits. */
	notice: string;
	log?: (line: string) => void;
}

/** Installs packages into a folder, unless that was finished before. */
export async function ensureInstalled(installation: Installation): Promise<void> {
	const { folder, packages, finish, check, notice, log = console.error } = installation;
	const marker = join(folder, MARKER);
	if (existsSync(marker)) return;
	if (!check || !(await works(check))) {
		log(notice);
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
		// some scripts download what nothing here needs, and fail where they may not
		await npm(folder, ['install', '--ignore-scripts', ...packages]);
		await finish?.();
	}
	await writeFile(marker, '');
}

async function works([file, ...args]: string[]): Promise<boolean> {
	return await exec(file, args).then(
		() => true,
		() => false,
	);
}

export async function npm(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
	await exec('npm', [...args, '--no-audit', '--no-fund'], {
		cwd,
		env: { ...process.env, ...env },
		maxBuffer: Infinity,
	});
}
