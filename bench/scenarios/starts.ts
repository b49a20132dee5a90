import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { packageFolder } from '../../scripts/n8n/pack';
import { startN8n } from '../../scripts/n8n/start';
import type { Setup } from '../measure';
import { compare, log, median, seconds, table } from '../report';

/** How long n8n takes to start with and without this package. */
export async function starts({ folder, pack, isQuick }: Setup): Promise<string[]> {
	const rounds = isQuick ? 1 : 5;
	const installed = packageFolder(folder, pack.name);
	const removed = join(folder, pack.name);
	const loadTimes = join(folder, 'load-times');
	const env = {
		NODE_OPTIONS: `--require ${join(__dirname, '..', 'timePackageLoad.js')}`,
		TIMED_PACKAGE: pack.name,
		LOAD_TIMES: loadTimes,
	};
	const startMs = async () => {
		const n8n = await startN8n({ userFolder: folder, env });
		await n8n.stop();
		return n8n.startMs;
	};
	// the first start creates the database
	await startMs();
	const [withMs, withoutMs, loadMs]: number[][] = [[], [], []];
	for (let round = 0; round < rounds; round++) {
		await rename(installed, removed);
		withoutMs.push(await startMs());
		await rename(removed, installed);
		await rm(loadTimes, { force: true });
		withMs.push(await startMs());
		const times = (await readFile(loadTimes, 'utf8')).split('\n').map(Number);
		loadMs.push(times.reduce((a, b) => a + b));
		log(`start with the package: ${seconds(withMs[round])}, without: ${seconds(withoutMs[round])}`);
	}
	const load = `${median(loadMs).toFixed(1)} ms`;
	return [
		"## n8n's start",
		table([
			compare('Start ÷ start without the package', median(withMs), median(withoutMs), seconds),
			{ Figure: "Loading the package's files, part of the start", Ratio: '', Measured: load },
		]),
		`Times are medians of ${rounds}.`,
	];
}
