import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** n8n's scanner for community packages, which has no types. */
const SCANNER: string = '@n8n/scan-community-package/scanner/scanner.mjs';
/** The files that the scanner reads in a published package. */
const PUBLISHED_FILE_PATTERNS = ['dist/**/*.js', 'package.json'];

// with 'test', the scanner's lint takes every file for one of its own tests
delete process.env.NODE_ENV;

/**
 * Runs n8n's scanner on the sources and the built files of a folder. Its checks in the npm registry,
 * for the publisher and the provenance, are left out.
 */
async function main(folder = join(__dirname, '..')): Promise<void> {
	// when loaded, the scanner creates a temporary folder that it does not remove
	process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'veo-scan-'));
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(SCANNER);
	rmSync(process.env.TMPDIR, { recursive: true });
	const scan = async (name: string, patterns: string[]) => {
		const { passed, message, details = '' } = await analyzePackage(folder, patterns);
		// a folder without any matching file passes too, with a message
		if (passed && !message) return console.log(`${name}: passed n8n's scanner`);
		console.log(`${name}: ${message}\n${details}`);
		process.exitCode = 1;
	};
	await scan('Sources', SOURCE_FILE_PATTERNS);
	await scan('Built files', PUBLISHED_FILE_PATTERNS);
}

void main(process.argv[2]);
