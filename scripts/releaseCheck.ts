import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

import { packProject } from './n8n/pack';
import {
	changelogFaults,
	fileFaults,
	linkFaults,
	manifestFaults,
	tagFaults,
	treeFaults,
	type Manifest,
} from './release/rules';

const exec = promisify(execFile);

const PROJECT = join(__dirname, '..');
/** Of what a command says before it fails. */
const TOLD_LINES = 20;

const read = (file: string) => readFileSync(join(PROJECT, file), 'utf8');

async function run(command: string, ...args: string[]): Promise<string> {
	return (await exec(command, args, { cwd: PROJECT, maxBuffer: Infinity })).stdout;
}

/** @returns what a command says where it fails */
async function commandFaults(command: string, ...args: string[]): Promise<string[]> {
	try {
		await run(command, ...args);
		return [];
	} catch (error) {
		const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
		const lines = `${stdout}\n${stderr}`.trim().split('\n').slice(-TOLD_LINES);
		return [[[command, ...args].join(' '), ...lines].join('\n       ')];
	}
}

async function packFaults(manifest: Manifest): Promise<string[]> {
	const folder = await mkdtemp(join(tmpdir(), 'veo-release-'));
	try {
		await run('npm', 'run', 'build');
		const { paths } = await packProject(folder);
		return fileFaults(paths, ['credentials', 'icons', 'nodes'].flatMap(filesUnder), manifest);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const filesUnder = (folder: string) =>
	readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(PROJECT, join(entry.parentPath, entry.name)));

function pageFaults(): string[] {
	const docs = existsSync(join(PROJECT, 'docs')) ? readdirSync(join(PROJECT, 'docs')) : [];
	const pages = docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
	return ['README.md', ...pages].flatMap((file) =>
		linkFaults(file, read(file), (link) => existsSync(join(PROJECT, dirname(file), link))),
	);
}

/** All that can be found out about a release without publishing it. */
async function main(): Promise<void> {
	const manifest = JSON.parse(read('package.json')) as Manifest;
	const { version } = manifest;
	const steps: Array<[string, () => string[] | Promise<string[]>]> = [
		['Everything is committed', async () => treeFaults(await run('git', 'status', '--porcelain'))],
		['Changelog', () => changelogFaults(read('CHANGELOG.md'), version)],
		['Tag', () => tagFaults(version, process.env)],
		['package.json', () => manifestFaults(manifest)],
		['Links', pageFaults],
		['Packed files', async () => await packFaults(manifest)],
		["n8n's scanner", async () => await commandFaults('npm', 'run', 'scan')],
		['npm', async () => await commandFaults('npm', 'publish', '--dry-run', '--access', 'public')],
	];
	let isFit = true;
	for (const [name, faultsOf] of steps) {
		const faults = await faultsOf();
		console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
		for (const fault of faults) console.log(`       ${fault}`);
		isFit &&= faults.length === 0;
	}
	console.log(isFit ? `\n${version} can be released.` : `\n${version} cannot be released yet.`);
	if (!isFit) process.exitCode = 1;
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
