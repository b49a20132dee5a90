import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

import { format } from 'prettier';

import { ensureN8n, N8N_VERSION } from '../scripts/n8n/install';
import { VIDEO_SECONDS, type Setup } from './measure';

type Row = Record<string, string | number>;

/** The results as Markdown. */
export async function report({ pack }: Setup, sections: string[]): Promise<string> {
	const command = ['npm run bench', ...process.argv.slice(2)].join(' ').replace(' -', ' -- -');
	const { node } = await ensureN8n();
	const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
	const blocks = [
		'# Benchmark',
		`\`${command}\`, ${new Date().toISOString().slice(0, 10)}`,
		`${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform}; n8n ${N8N_VERSION} on Node ${nodeVersion}, this package ${pack.version}`,
		`A real n8n uses a simulated CometAPI on the same machine. Videos take between ${VIDEO_SECONDS.min} and ${VIDEO_SECONDS.max} s, evenly spread, and the same for all nodes. This node has its default options, except for a 'Max Concurrent Videos' of 100.`,
		...sections,
	];
	return await format(blocks.join('\n\n'), { parser: 'markdown' });
}

/** A table whose columns are the keys of its rows. */
export function table(rows: Row[]): string {
	const head = Object.keys(rows[0]);
	const lines = [head, head.map(() => '---'), ...rows.map((row) => Object.values(row))];
	return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

type Print = (value: number) => string;

/** A row with a value and the one it is compared with. */
export function compare(name: string, value: number, reference: number, print: Print): Row {
	const measured = `${print(value)} and ${print(reference)}`;
	return { Figure: name, Ratio: ratio(value, reference), Measured: measured };
}

export const ratio = (a: number, b: number) => (a / b).toFixed(2);
export const seconds: Print = (ms) => `${(ms / 1000).toFixed(1)} s`;
export const megabytes: Print = (mb) => `${mb.toFixed(0)} MB`;

/** Only for an odd number of values. */
export const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Prints progress; the report alone goes to standard output. */
export const log = (line: string) =>
	console.error(`${Math.round(performance.now() / 1000)} s: ${line}`);
