import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const REPORT_MS = 10_000;

/** Counts the packages of an installation, from npm's log of its requests. */
export class NpmProgress {
	private found = 0;
	private installed = 0;
	/** The lines of the log that are not about requests. */
	readonly otherLines: string[] = [];

	add(line: string): void {
		if (!line.startsWith('npm http ')) this.otherLines.push(line);
		else if (line.includes('.tgz ')) this.installed++;
		else this.found++;
	}

	/** npm first looks up all packages, then gets their files. */
	toString(): string {
		if (this.installed === 0) return `${this.found} packages found`;
		return `${this.installed} of about ${Math.max(this.found, this.installed)} packages installed`;
	}
}

/** Runs `npm install` without install scripts, and prints its progress, because it may take minutes. */
export async function npmInstall(cwd: string, packages: string[]): Promise<void> {
	const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'];
	const npm = spawn('npm', ['install', ...options, ...packages], {
		cwd,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const progress = new NpmProgress();
	createInterface({ input: npm.stderr }).on('line', (line) => progress.add(line));
	const startedAt = performance.now();
	const timer = setInterval(() => {
		const seconds = Math.round((performance.now() - startedAt) / 1_000);
		console.error(`  after ${seconds} seconds: ${progress}`);
	}, REPORT_MS);
	const [exitCode] = await once(npm, 'close').finally(() => clearInterval(timer));
	if (exitCode !== 0) throw new Error(`npm failed:\n${progress.otherLines.join('\n')}`);
}
