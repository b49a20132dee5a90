import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { median } from '../draw';
import { measure, storedFile } from '../measure';
import { openStage, type Stage } from '../stage';
import { httpRequest, prompts, RESULT, retrieve } from '../workflows';

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
}

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
	const large: Array<Download & { curlMs: number; httpRequestMs: number }> = [];
	for (let round = 1; round <= plan.rounds; round++) {
		const byNode = await download(stage, retrieve, count, largeBytes);
		const curlMs = await curl(stage, byNode.links);
		const { tookMs: httpRequestMs } = await download(stage, httpRequest, count, largeBytes);
		large.push({ ...byNode, curlMs, httpRequestMs });
		const times = [byNode.tookMs, httpRequestMs, curlMs].map((ms) => ms.toFixed(0));
		log(`files by this node, HTTP Request, curl: ${times.join(', ')} ms`);
	}
	await stage.close();
	return {
		...plan,
		peakMbOfLarge: Math.max(...large.map(({ peakMb }) => peakMb)),
		peakMbOfSmall: small.peakMb,
		nodeMs: median(large.map(({ tookMs }) => tookMs)),
		httpRequestMs: median(large.map((round) => round.httpRequestMs)),
		curlMs: median(large.map((round) => round.curlMs)),
	};
}

interface Download {
	peakMb: number;
	tookMs: number;
	links: string[];
}

/** The files of so many finished tasks, all at once. */
async function download(
	stage: Stage,
	way: typeof retrieve | typeof httpRequest,
	count: number,
	fileBytes: number,
): Promise<Download> {
	const { sandbox, address, credentials, n8n } = stage;
	const jobsMs = new Array<number>(count).fill(0);
	await sandbox.start({ jobsMs, progress: 'linear', fileBytes, isShared: true });
	const ids = await Promise.all(prompts(count).map(async (item) => await post(stage, item)));
	const tasks = ids.map((id) => ({ id, link: `${address.fileHostUrl}/files/${id}.mp4` }));
	const { peakMb, execution, report } = await measure(stage, way(tasks, credentials), count);
	for (const { binary } of execution.itemsOf(RESULT)) {
		await rm(storedFile(n8n.userFolder, binary));
	}
	return {
		peakMb,
		tookMs: execution.stoppedAtMs - report.firstFileAtMs,
		links: tasks.map(({ link }) => link),
	};
}

async function post({ address }: Stage, item: Record<string, string>): Promise<string> {
	const body = new FormData();
	for (const [name, value] of Object.entries(item)) body.append(name, value);
	const response = await fetch(`${address.baseUrl}/v1/videos`, {
		method: 'POST',
		headers: { authorization: `Bearer ${address.apiKey}` },
		body,
	});
	const { id } = (await response.json()) as { id: string };
	return id;
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
