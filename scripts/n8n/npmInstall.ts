import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const REPORT_MS = 10_000;

/**
 * How far an installation is: npm first looks up all packages, then creates all folders, then fills them.
 * @param lookUps the number of packages looked up
 */
export function progressText(folder: string, lookUps: number): string {
	const modules = join(folder, 'node_modules');
	const list = (parent: string) => (existsSync(parent) ? readdirSync(parent) : []);
	const names = list(modules).flatMap((name) =>
		name.startsWith('@') ? list(join(modules, name)).map((own) => join(name, own)) : [name],
	);
	const packages = names.filter((name) => !name.startsWith('.'));
	if (packages.length === 0) return `${lookUps} packages found`;
	const unpacked = packages.filter((name) => existsSync(join(modules, name, 'package.json')));
	return `${unpacked.length} of ${packages.length} packages unpacked`;
}

/** Runs `npm install` without install scripts, and prints its progress, because it may take minutes. */
export async function npmInstall(folder: string, packages: string[]): Promise<void> {
	const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'];
	const npm = spawn('npm', ['install', ...options, ...packages], {
		cwd: folder,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let lookUps = 0;
	const messages: string[] = [];
	createInterface({ input: npm.stderr }).on('line', (line) => {
		if (line.startsWith('npm http ')) lookUps++;
		else messages.push(line);
	});
	const startedAt = performance.now();
	const timer = setInterval(() => {
		const seconds = Math.round((performance.now() - startedAt) / 1_000);
		console.error(`  after ${seconds} seconds: ${progressText(folder, lookUps)}`);
	}, REPORT_MS);
	const [exitCode] = await once(npm, 'close').finally(() => clearInterval(timer));
	if (exitCode !== 0) throw new Error(`npm failed:\n${messages.join('\n')}`);
}
