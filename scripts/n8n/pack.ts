import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

const PROJECT = join(__dirname, '..', '..');

export interface Pack {
	tarball: string;
	name: string;
	version: string;
	/** In bytes. */
	size: number;
	unpackedSize: number;
	/** The number of files. */
	files: number;
	paths: string[];
}

/** Packs the project as it would be published, from its current build. */
export async function packProject(folder: string): Promise<Pack> {
	await mkdir(folder, { recursive: true });
	const args = ['pack', '--json', '--pack-destination', folder];
	const { stdout } = await exec('npm', args, { cwd: PROJECT });
	const [{ filename, files, ...report }] = JSON.parse(stdout);
	const paths = files.map(({ path }: { path: string }) => path);
	return { ...report, tarball: join(folder, filename), files: paths.length, paths };
}

/** The folder that n8n loads a community package from. */
export const packageFolder = (userFolder: string, name: string) =>
	join(userFolder, '.n8n', 'nodes', 'node_modules', name);

export async function unpackFor(userFolder: string, { tarball, name }: Pack): Promise<void> {
	const folder = packageFolder(userFolder, name);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await exec('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}
