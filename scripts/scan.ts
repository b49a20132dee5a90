import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { packProject, unpack } from './n8n/pack';
import { scanPackage, type Scanned } from './n8n/scan';

const ROOT = join(__dirname, '..');

/** Scans the package in the given folder, or this checkout and what would be published of it. */
async function main([given]: string[]): Promise<void> {
	if (given) {
		await scan('The sources', resolve(given), 'sources');
		return await scan('The built files', resolve(given), 'published');
	}
	const folder = await mkdtemp(join(tmpdir(), 'veo-scan-'));
	try {
		const pack = await packProject(folder);
		const unpacked = join(folder, 'package');
		await unpack(pack, unpacked);
		await scan('The checkout', ROOT, 'sources');
		await scan(`The package (${pack.files} files)`, unpacked, 'published');
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function scan(what: string, folder: string, kind: Scanned): Promise<void> {
	const report = await scanPackage(folder, kind);
	if (report) process.exitCode = 1;
	console.log(`${what}: ${report ?? "n8n's scanner has nothing against it."}`);
}

main(process.argv.slice(2)).catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
