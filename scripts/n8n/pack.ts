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
	files: number;
	paths: string[];
}

/** What npm says of a tarball. */
interface PackReport extends Pick<Pack, 'name' | 'version' | 'size' | 'unpackedSize'> {
	filename: string;
	entryCount: number;
	files: Array<{ path: string }>;
}

/** What would be published of the project as it is built now. */
export async function packProject(folder: string): Promise<Pack> {
	await mkdir(folder, { recursive: true });
	const { stdout } = await exec('npm', ['pack', '--json', '--pack-destination', folder], {
		cwd: PROJECT,
	});
	const [{ filename, files, ...told }] = JSON.parse(stdout) as [PackReport];
	const { name, version, size, unpackedSize, entryCount } = told;
	const paths = files.map(({ path }) => path);
	const tarball = join(folder, filename);
	return { tarball, name, version, size, unpackedSize, files: entryCount, paths };
}

export const packageFolder = (userFolder: string, name: string) =>
	join(userFolder, '.n8n', 'nodes', 'node_modules', name);

/** Puts the package where n8n has its community packages. */
export async function unpackFor(userFolder: string, pack: Pack): Promise<void> {
	await unpack(pack, packageFolder(userFolder, pack.name));
}

/** The folder is emptied first. */
export async function unpack({ tarball }: Pack, folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await exec('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}
