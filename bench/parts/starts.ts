import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';

import { packageFolder } from '../../scripts/n8n/pack';
import { startN8n } from '../../scripts/n8n/start';
import { median } from '../draw';

export interface StartsResult {
	rounds: number;
	/** Medians. */
	withMs: number;
	withoutMs: number;
}

/** How long n8n takes to start on a folder that it knows, with and without this package. */
export async function starts(
	userFolder: string,
	packageName: string,
	rounds: number,
	log: (line: string) => void,
): Promise<StartsResult> {
	const folder = packageFolder(userFolder, packageName);
	const aside = `${userFolder}/${packageName}`;
	const start = async () => {
		const n8n = await startN8n({ userFolder });
		await n8n.stop();
		return n8n.startMs;
	};
	// the first start makes the database
	if (!existsSync(`${userFolder}/.n8n`)) await start();
	const [withMs, withoutMs]: number[][] = [[], []];
	for (let round = 1; round <= rounds; round++) {
		await rename(folder, aside);
		withoutMs.push(await start());
		await rename(aside, folder);
		withMs.push(await start());
		log(`start with ${withMs.at(-1)?.toFixed(0)} ms, without ${withoutMs.at(-1)?.toFixed(0)} ms`);
	}
	return { rounds, withMs: median(withMs), withoutMs: median(withoutMs) };
}
