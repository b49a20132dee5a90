import { format } from 'prettier';

import type { Pack } from '../scripts/n8n/pack';
import type { BatchResult } from './parts/batches';
import type { FilesResult } from './parts/files';
import type { ManyResult } from './parts/many';
import type { StartsResult } from './parts/starts';

export interface Results {
	command: string;
	date: string;
	machine: string;
	/** Of the drawn job times, in ms. */
	jobMs: { min: number; max: number };
	pack: Pack;
	/** The largest share of all processors that other processes had during a run. */
	strangers: number;
	batches?: BatchResult[];
	files?: FilesResult;
	many?: ManyResult;
	starts?: StartsResult;
}

type Row = Array<string | number>;

/** The results as Markdown: only what was measured. */
export async function report(results: Results): Promise<string> {
	const { command, date, machine, jobMs, pack, strangers } = results;
	const parts = [
		'# Benchmark',
		`\`${command}\`, ${date}`,
		machine,
		`A real n8n against a CometAPI on loopback; video times are drawn evenly between ${jobMs.min / 1000} and ${jobMs.max / 1000} s, the same for every way. This node has its default options but for 'Max Concurrent Videos', which is the number of videos up to 100. Other processes had at most ${(100 * strangers).toFixed(0)} % of the processors during a run.`,
		...(results.batches ? batchPart(results.batches) : []),
		...(results.many ? manyPart(results.many) : []),
		...(results.files ? filesPart(results.files) : []),
		...startPart(pack, results.starts),
	];
	return await format(parts.join('\n\n'), { parser: 'markdown' });
}

function batchPart(results: BatchResult[]): string[] {
	const rows = results.map((run) => [
		run.videos,
		run.way,
		run.progress === 'linear' ? 'yes' : 'no',
		(run.wallMs / run.longestMs).toFixed(2),
		run.requests.toFixed(1),
		run.polls.toFixed(1),
		run.cpuMsPerVideo.toFixed(0),
		(run.lateMs / 1000).toFixed(2),
		run.latePolls.toFixed(2),
	]);
	return [
		'## Batches',
		table(
			[
				'Videos',
				'Made by',
				'Progress told',
				'Wall time ÷ longest job',
				'Requests per video',
				'Polls per video',
				'CPU ms per video',
				'Mean lateness (s)',
				'Lateness × polls ÷ job',
			],
			rows,
		),
		'CPU is what the n8n process used, less what it uses when idle for as long. Lateness is the time from a video being ready to a poll being told so. Each file has 300 kB.',
		...compare(results),
	];
}

/** This node against each other way, at the most videos that both have made. */
function compare(results: BatchResult[]): string[] {
	const told = results.filter(({ progress }) => progress === 'linear');
	const ours = told.filter(({ way }) => way === 'this node');
	const others = new Set(told.map(({ way }) => way).filter((way) => way !== 'this node'));
	const rows: Row[] = [];
	for (const other of others) {
		const pairs = ours.flatMap((own) => {
			const theirs = told.find(({ way, videos }) => way === other && videos === own.videos);
			return theirs ? [{ own, theirs }] : [];
		});
		const most = pairs.sort((a, b) => b.own.videos - a.own.videos)[0];
		if (!most) continue;
		const { own, theirs } = most;
		rows.push([
			`${other}, ${own.videos} ${own.videos === 1 ? 'video' : 'videos'}`,
			times(own.wallMs, theirs.wallMs),
			times(own.requests, theirs.requests),
			times(own.cpuMsPerVideo, theirs.cpuMsPerVideo),
			times(own.lateMs, theirs.lateMs),
		]);
	}
	if (rows.length === 0) return [];
	return [table(['This node ÷', 'Wall time', 'Requests', 'CPU', 'Lateness'], rows)];
}

function manyPart(run: ManyResult): string[] {
	return [
		`## ${run.videos.toLocaleString('en')} videos in one run`,
		table(
			['Figure', 'Ratio', 'Measured'],
			[
				[
					'Wall time ÷ ideal (each of 100 places takes up the next video at once)',
					times(run.wallMs, run.idealMs),
					`${seconds(run.wallMs)} and ${seconds(run.idealMs)}`,
				],
				[
					`Peak memory ÷ that of ${run.few} videos`,
					times(run.peakMb, run.peakMbOfFew),
					`${mb(run.peakMb)} and ${mb(run.peakMbOfFew)}`,
				],
				[
					`The same for n8n's HTTP Request node with ${run.videos.toLocaleString('en')} files`,
					times(run.httpRequest.peakMb, run.httpRequest.peakMbOfFew),
					`${mb(run.httpRequest.peakMb)} and ${mb(run.httpRequest.peakMbOfFew)}`,
				],
				['POSTs per video', times(run.posts, run.videos), `${run.posts}`],
				['Requests per video', times(run.requests, run.videos), `${run.requests}`],
				['CPU per video', '', `${run.cpuMsPerVideo.toFixed(0)} ms`],
			],
		),
		"Every video came out as an item once, with the bytes that were served. HTTP Request makes one request for each file, 100 at a time and as long after each other as a video takes; that n8n's memory grows all the same is V8, which gives new objects more room the more of them there are.",
	];
}

function filesPart(run: FilesResult): string[] {
	const size = (bytes: number) => (bytes >= 1e6 ? `${bytes / 1e6} MB` : `${bytes / 1e3} kB`);
	const rate = (ms: number) => `${((run.files * run.largeBytes) / 1e3 / ms).toFixed(0)} MB/s`;
	return [
		`## ${run.files} files of ${size(run.largeBytes)} at once`,
		table(
			['Figure', 'Ratio', 'Measured'],
			[
				[
					`Peak memory ÷ that with files of ${size(run.smallBytes)}`,
					times(run.peakMbOfLarge, run.peakMbOfSmall),
					`${mb(run.peakMbOfLarge)} and ${mb(run.peakMbOfSmall)}`,
				],
				[
					"Rate ÷ that of n8n's HTTP Request node",
					times(run.httpRequestMs, run.nodeMs),
					`${rate(run.nodeMs)} and ${rate(run.httpRequestMs)}`,
				],
				[
					'Rate ÷ that of curl',
					times(run.curlMs, run.nodeMs),
					`${rate(run.nodeMs)} and ${rate(run.curlMs)}`,
				],
				[
					'Rate ÷ that of Node alone',
					times(run.bareMs, run.nodeMs),
					`${rate(run.nodeMs)} and ${rate(run.bareMs)}`,
				],
				['What Node alone grows by', '', mb(run.bareGrownMb)],
			],
		),
		`Rates are medians of ${run.rounds}, from the first request for a file to the end of the execution; curl runs as ${run.files} processes and writes to the same disk. Node alone is a process that only writes the answers to files, with as much on its heap as n8n: V8 frees the bytes of a stream by going through the whole heap, about once for every 50 MB, and lets them lie until then. What it reaches is the limit for any node of n8n.`,
	];
}

function startPart(pack: Pack, starts?: StartsResult): string[] {
	const rows: Row[] = starts
		? [
				[
					'Start of n8n ÷ without the package',
					times(starts.withMs, starts.withoutMs),
					`${seconds(starts.withMs)} and ${seconds(starts.withoutMs)} (medians of ${starts.rounds})`,
				],
				[
					"Loading of the package's files, within that start",
					'',
					`${starts.loadMs.toFixed(1)} ms (median of ${starts.rounds})`,
				],
			]
		: [];
	const kb = (bytes: number) => `${(bytes / 1e3).toFixed(0)} kB`;
	rows.push([
		'Size of the package',
		'',
		`${kb(pack.size)} packed, ${kb(pack.unpackedSize)} unpacked, ${pack.files} files`,
	]);
	return ['## Start and size', table(['Figure', 'Ratio', 'Measured'], rows)];
}

const table = (head: Row, rows: Row[]) =>
	[head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const times = (a: number, b: number) => (a / b).toFixed(2);

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const mb = (value: number) => `${value.toFixed(0)} MB`;
