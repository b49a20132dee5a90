import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As the scanner itself looks at what is published; its patterns for the sources are exported. */
const PUBLISHED_FILE_PATTERNS = ['**/*.js', 'package.json'];

// where it is 'test', the scanner's lint takes every file for one of its own tests
delete process.env.NODE_ENV;

export type Scanned = 'sources' | 'published';

/**
 * What n8n's own scanner has against a package, with its lint as it is. Left out are its looks into
 * the registry: who has published the package, and from which commit.
 * @returns its report, or nothing where it has nothing to say
 */
export async function scanPackage(folder: string, kind: Scanned): Promise<string | undefined> {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await scanner();
	const patterns = kind === 'sources' ? SOURCE_FILE_PATTERNS : PUBLISHED_FILE_PATTERNS;
	const { passed, message, details } = await analyzePackage(folder, patterns);
	// it passes a folder in which it finds nothing to look at, and says so
	return passed && !message ? undefined : [message, details].filter(Boolean).join('\n');
}

/** As it is loaded the scanner makes a temporary folder, and leaves it behind: here, in one that is removed. */
async function scanner() {
	const { TMPDIR } = process.env;
	const folder = await mkdtemp(join(tmpdir(), 'veo-scanner-'));
	process.env.TMPDIR = folder;
	try {
		return await import('@n8n/scan-community-package/scanner/scanner.mjs');
	} finally {
		if (TMPDIR === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = TMPDIR;
		await rm(folder, { recursive: true, force: true });
	}
}
