import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { packageFolder } from '../../scripts/n8n/pack';
import { startN8n } from '../../scripts/n8n/start';
import { median } from '../draw';

export interface StartsResult {
	rounds: number;
	/** Medians. */
	withMs: number;
	withoutMs: number;
	/** What of it goes to the files of the package. */
	loadMs: number;
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
	const loadTimes = join(userFolder, 'load-times');
	const env = {
		NODE_OPTIONS: `--require ${join(__dirname, '..', 'timeLoads.js')}`,
		TIMED_PACKAGE: packageName,
		LOAD_TIMES: loadTimes,
	};
	const start = async () => {
		const n8n = await startN8n({ userFolder, env });
		await n8n.stop();
		return n8n.startMs;
	};
	// the first start makes the database
	if (!existsSync(`${userFolder}/.n8n`)) await start();
	const [withMs, withoutMs, loadMs]: number[][] = [[], [], []];
	for (let round = 1; round <= rounds; round++) {
		await rename(folder, aside);
		withoutMs.push(await start());
		await rename(aside, folder);
		await rm(loadTimes, { force: true });
		withMs.push(await start());
		loadMs.push(sum(await readFile(loadTimes, 'utf8')));
		const [last, lastWithout, lastLoad] = [withMs, withoutMs, loadMs].map((all) =>
			all[round - 1].toFixed(0),
		);
		log(`start with ${last} ms, ${lastLoad} ms of it for its files, without ${lastWithout} ms`);
	}
	return {
		rounds,
		withMs: median(withMs),
		withoutMs: median(withoutMs),
		loadMs: median(loadMs),
	};
}

const sum = (lines: string) => lines.split('\n').reduce((total, line) => total + Number(line), 0);
