import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** n8n's scanner for community packages, which has no types. */
const SCANNER: string = '@n8n/scan-community-package/scanner/scanner.mjs';
/** The files that the scanner reads in a published package. */
const PUBLISHED_FILE_PATTERNS = ['dist/**/*.js', 'package.json'];

// with 'test', the scanner's lint treats every file as one of the scanner's tests
delete process.env.NODE_ENV;

/**
 * Runs n8n's scanner on the sources and the built files of a folder, without its checks of the
 * publisher and the provenance in the npm registry.
 */
async function main(folder = join(__dirname, '..')): Promise<void> {
	// when loaded, the scanner creates a temporary folder and does not remove it
	process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'veo-scan-'));
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(SCANNER);
	rmSync(process.env.TMPDIR, { recursive: true });
	const scan = async (name: string, patterns: string[]) => {
		const { passed, message, details = '' } = await analyzePackage(folder, patterns);
		// a folder without any matching file also passes, with a message
		if (passed && !message) return console.log(`${name}: passed n8n's scanner`);
		console.log(`${name}: ${message}\n${details}`);
		process.exitCode = 1;
	};
	await scan('Sources', SOURCE_FILE_PATTERNS);
	await scan('Built files', PUBLISHED_FILE_PATTERNS);
}

void main(process.argv[2]);
