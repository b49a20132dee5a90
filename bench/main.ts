import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packProject, unpackFor } from '../scripts/n8n/pack';
import { killAllServers } from '../scripts/n8n/server';
import { report } from './report';
import { batches } from './scenarios/batches';
import { files } from './scenarios/files';
import { many } from './scenarios/many';
import { paused } from './scenarios/paused';
import { starts } from './scenarios/starts';

const SCENARIOS = { batches, many, paused, files, starts };
const NAMES = Object.keys(SCENARIOS);

async function main(): Promise<void> {
	const options = {
		quick: { type: 'boolean', default: false },
		only: { type: 'string', multiple: true },
		help: { type: 'boolean' },
	} as const;
	const { quick: isQuick, only, help } = parseArgs({ options }).values;
	const usage = `Usage: npm run bench -- [--quick] [--only <${NAMES.join('|')}>]...`;
	if (help) return console.log(usage);
	if (only?.some((name) => !NAMES.includes(name))) throw new TypeError(usage);
	if (process.platform !== 'linux') throw new Error('The benchmark reads /proc, which needs Linux');

	// a quick run takes less than 3 minutes
	const names = only ?? (isQuick ? ['batches', 'files'] : NAMES);
	const folder = await mkdtemp(join(tmpdir(), 'n8n-bench-'));
	try {
		const text = await Promise.race([run(names, folder, isQuick), interruption]);
		console.log(text);
		if (!isQuick && !only) await writeFile(join(__dirname, 'results.md'), text);
	} finally {
		await killAllServers();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	}
}

async function run(names: string[], folder: string, isQuick: boolean): Promise<string> {
	const pack = await packProject(folder);
	await unpackFor(folder, pack);
	const setup = { folder, pack, isQuick };
	const sections: string[] = [];
	for (const [name, scenario] of Object.entries(SCENARIOS)) {
		if (names.includes(name)) sections.push(...(await scenario(setup)));
	}
	return await report(setup, sections);
}

/** Rejects on Ctrl+C and other signals, so that the run can clean up. */
const interruption = new Promise<never>((_resolve, reject) => {
	for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, reject);
});

main()
	.catch((error: Error) => {
		console.error(error);
		process.exitCode = 1;
	})
	// sandboxes may still be listening
	.finally(() => process.exit());
