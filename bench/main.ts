import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { packProject, unpackFor } from '../scripts/n8n/pack';
import { killAllServers } from '../scripts/n8n/server';
import { atEnd, cleanUp, cleanUpOnSignals } from './cleanUp';
import { describeMachine } from './machine';
import { batches } from './parts/batches';
import { files } from './parts/files';
import { many } from './parts/many';
import { starts } from './parts/starts';
import { full, quick } from './plans';
import { untilQuiet, worstShareOfStrangers } from './strangers';
import { report, type Results } from './report';

const PARTS = ['batches', 'files', 'many', 'starts'] as const;

const USAGE = `Usage: npm run bench -- [options]
  --quick        fewer and smaller runs, within 3 minutes
  --only <part>  only this one of: ${PARTS.join(', ')}; may be repeated
  --out <file>   where to write the results (default: bench/results.md for a full run, else nowhere)
  --help         print this`;

const OPTIONS = {
	quick: { type: 'boolean' },
	only: { type: 'string', multiple: true },
	out: { type: 'string' },
	help: { type: 'boolean' },
} as const;

async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	if (values.help) return console.log(USAGE);
	const unknown = values.only?.find((part) => !PARTS.some((known) => known === part));
	if (unknown) throw new TypeError(`--only knows ${PARTS.join(', ')}, and not '${unknown}'`);
	if (process.platform !== 'linux') throw new Error('The benchmark reads /proc: it needs Linux');

	const text = await report(await measureAll(values));
	console.log(text);
	const isFull = !values.quick && !values.only;
	const out = values.out ?? (isFull ? join(__dirname, 'results.md') : undefined);
	if (out) await writeFile(out, text);
}

async function measureAll(values: { quick?: boolean; only?: string[] }): Promise<Results> {
	const plan = values.quick ? quick : full;
	const isNext = async (part: (typeof PARTS)[number]) => {
		if (values.only && !values.only.includes(part)) return false;
		if (!values.quick) await untilQuiet(log);
		return true;
	};
	const { jobMs, idleMs } = plan;

	const folder = await mkdtemp(join(tmpdir(), 'n8n-bench-'));
	atEnd(async () => await rm(folder, { recursive: true, force: true, maxRetries: 3 }));
	atEnd(killAllServers);
	const pack = await packProject(folder);
	const userFolder = join(folder, 'n8n');
	await unpackFor(userFolder, pack);

	const results: Results = {
		command: ['npm run bench', ...process.argv.slice(2)].join(' ').replace('bench -', 'bench -- -'),
		date: new Date().toISOString().slice(0, 10),
		machine: await describeMachine(pack.version),
		jobMs,
		pack,
		strangers: 0,
	};
	if (await isNext('batches')) {
		results.batches = await batches(userFolder, { jobMs, idleMs, runs: plan.batches }, log);
	}
	if (await isNext('files')) results.files = await files(userFolder, plan.files, log);
	if (plan.many && (await isNext('many'))) {
		results.many = await many(userFolder, { jobMs, idleMs, ...plan.many }, log);
	}
	if (plan.startRounds > 0 && (await isNext('starts'))) {
		results.starts = await starts(userFolder, pack.name, plan.startRounds, log);
	}
	results.strangers = worstShareOfStrangers();
	return results;
}

const startedAt = performance.now();

function log(line: string): void {
	console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}

cleanUpOnSignals();
main()
	.catch((error: Error) => {
		console.error(error.cause ? error : error.message);
		process.exitCode = 1;
	})
	.finally(cleanUp);
