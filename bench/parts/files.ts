import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ensureN8n } from '../../scripts/n8n/install';
import { median } from '../draw';
import { openStage, type Stage } from '../stage';
import { httpRequest, retrieve } from '../workflows';
import { download, type Download } from './download';

export interface FilesPlan {
	files: number;
	largeBytes: number;
	smallBytes: number;
	rounds: number;
}

export interface FilesResult extends FilesPlan {
	peakMbOfLarge: number;
	peakMbOfSmall: number;
	/** From the first request for a file until the execution had ended; medians of the rounds. */
	nodeMs: number;
	httpRequestMs: number;
	curlMs: number;
	/** Of a process that does nothing else. */
	bareMs: number;
	bareGrownMb: number;
}

/** What n8n 2.41 has on its heap when it has started. */
const HEAP_MB = 200;

const exec = promisify(execFile);

/** Large files at once: what they take of n8n's memory, and of the time that others need for them. */
export async function files(
	userFolder: string,
	plan: FilesPlan,
	log: (line: string) => void,
): Promise<FilesResult> {
	const stage = await openStage(userFolder);
	const { files: count, smallBytes, largeBytes } = plan;
	await download(stage, httpRequest, count, smallBytes);
	await download(stage, retrieve, count, smallBytes);
	const small = await download(stage, retrieve, count, smallBytes);
	const large: Array<Download & { curlMs: number; httpRequestMs: number; bare: Bare }> = [];
	for (let round = 1; round <= plan.rounds; round++) {
		const byNode = await download(stage, retrieve, count, largeBytes);
		const curlMs = await curl(stage, byNode.links);
		const bare = await bareDownload(stage, byNode.links);
		const { tookMs: httpRequestMs } = await download(stage, httpRequest, count, largeBytes);
		large.push({ ...byNode, curlMs, bare, httpRequestMs });
		const times = [byNode.tookMs, httpRequestMs, bare.tookMs, curlMs].map((ms) => ms.toFixed(0));
		log(`files by this node, HTTP Request, bare Node, curl: ${times.join(', ')} ms`);
	}
	await stage.close();
	return {
		...plan,
		peakMbOfLarge: Math.max(...large.map(({ peakMb }) => peakMb)),
		peakMbOfSmall: small.peakMb,
		nodeMs: median(large.map(({ tookMs }) => tookMs)),
		httpRequestMs: median(large.map((round) => round.httpRequestMs)),
		curlMs: median(large.map((round) => round.curlMs)),
		bareMs: median(large.map(({ bare }) => bare.tookMs)),
		bareGrownMb: Math.max(...large.map(({ bare }) => bare.grownMb)),
	};
}

/** To the same disk, one curl for each file. */
async function curl({ n8n }: Stage, links: string[]): Promise<number> {
	const folder = join(n8n.userFolder, 'curl');
	await mkdir(folder);
	const startedAt = performance.now();
	await Promise.all(
		links.map(
			async (link, index) =>
				await exec('curl', ['-sS', '--fail', '-o', join(folder, String(index)), link]),
		),
	);
	const tookMs = performance.now() - startedAt;
	await rm(folder, { recursive: true });
	return tookMs;
}

interface Bare {
	tookMs: number;
	grownMb: number;
}

/** To the same disk, by n8n's Node in a process of its own: what V8 leaves to any node in n8n. */
async function bareDownload({ n8n }: Stage, links: string[]): Promise<Bare> {
	const { node } = await ensureN8n();
	const folder = join(n8n.userFolder, 'bare');
	const script = join(__dirname, '..', 'bareDownload.js');
	const { stdout } = await exec(node, ['--expose-gc', script, folder, `${HEAP_MB}`, ...links]);
	await rm(folder, { recursive: true });
	return JSON.parse(stdout) as Bare;
}
