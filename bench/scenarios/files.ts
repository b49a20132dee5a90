import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ensureN8n } from '../../scripts/n8n/install';
import type { Sandbox } from '../../test/sandbox/server';
import { measure, startBenchN8n, startVideoSandbox, type Setup } from '../measure';
import { compare, log, median, megabytes, seconds, table } from '../report';
import { createThenRetrieve, httpRequest } from '../workflows';

const FILES = 4;
/** The size of n8n 2.41's heap after it starts. V8 scans all of it to free received bytes. */
const HEAP_MB = 200;

/** Large files in parallel: memory use and transfer rate. */
export async function files(setup: Setup): Promise<string[]> {
	const [fileMb, rounds] = setup.isQuick ? [20, 1] : [200, 3];
	const n8n = await startBenchN8n(setup, createThenRetrieve, httpRequest);
	const small = await startVideoSandbox({ jobMs: 0 });
	const smallRun = await measure(small, n8n, createThenRetrieve, FILES);

	// the same bytes for every file, in memory: generating them would slow the downloads down
	const video = randomBytes(fileMb * 1e6);
	// the type and an empty index: without one, the node takes the file for unfinished
	const start = '\0\0\0\x1cftypisom\0\0\x02\0isomiso2mp41\0\0\0\x08moov';
	video.write(`${start}\0\0\0\0mdat`, 'latin1');
	video.writeUInt32BE(video.length - start.length, start.length);
	const large = await startVideoSandbox({ jobMs: 0, video, uniqueFiles: false });
	const [peaksMb, nodeMs, curlMs, httpRequestMs, aloneMs, fullMs] = Array.from(
		{ length: 6 },
		(): number[] => [],
	);
	for (let round = 0; round < rounds; round++) {
		const run = await measure(large, n8n, createThenRetrieve, FILES);
		peaksMb.push(run.peakMb);
		nodeMs.push(run.filesMs);
		aloneMs.push(await timeNode(large, join(setup.folder, 'alone'), 0));
		fullMs.push(await timeNode(large, join(setup.folder, 'alone'), HEAP_MB));
		curlMs.push(await timeCurl(large, join(setup.folder, 'curl')));
		httpRequestMs.push((await measure(large, n8n, httpRequest, FILES)).filesMs);
		log(`files, round ${round + 1} of ${rounds}: ${seconds(run.filesMs)}`);
	}
	await Promise.all([n8n.stop(), small.close(), large.close()]);

	const peakMb = Math.max(...peaksMb);
	const rate = (timesMs: number[]) => (FILES * fileMb * 1000) / median(timesMs);
	const compareRate = (name: string, timesMs: number[]) =>
		compare(`Rate ÷ rate of ${name}`, rate(nodeMs), rate(timesMs), (mb) => `${megabytes(mb)}/s`);
	return [
		`## ${FILES} files of ${fileMb} MB in parallel`,
		table([
			compare('Peak memory ÷ peak with 300 kB files', peakMb, smallRun.peakMb, megabytes),
			compareRate("n8n's HTTP Request node", httpRequestMs),
			compareRate(`Node alone with ${HEAP_MB} MB on its heap, as n8n has`, fullMs),
			compareRate('Node alone', aloneMs),
			compareRate('curl', curlMs),
		]),
		`Rates are medians of ${rounds}, from the first request for a file to the end of the execution. Node alone is a script without n8n that pipes the files to the same disk, as curl does. To free the bytes that came, V8 goes through its whole heap: that is why Node is so much slower with as much on it as n8n has, and so is any node of n8n.`,
	];
}

const urlsOf = ({ fileHostUrl, tasks }: Sandbox) =>
	tasks.map(({ id }) => `${fileHostUrl}/files/${id}.mp4`);

const DOWNLOAD = `
	const { createWriteStream } = require('node:fs');
	const { get } = require('node:http');
	const { pipeline } = require('node:stream/promises');
	const [folder, heapMb, ...urls] = process.argv.slice(1);
	const held = [];
	while (process.memoryUsage().heapUsed < heapMb * 1e6)
		for (let count = 0; count < 1000; count++) held.push({ name: String(held.length), values: [count] });
	const store = async (response, index) =>
		await pipeline(response, createWriteStream(folder + '/' + index));
	const download = (url, index) =>
		new Promise((resolve, reject) =>
			get(url, (response) => store(response, index).then(resolve, reject)).on('error', reject),
		);
	const startedAt = performance.now();
	Promise.all(urls.map(download)).then(() => console.log(performance.now() - startedAt));`;

/** How long n8n's version of Node takes to download the same files, without its start. */
async function timeNode(sandbox: Sandbox, folder: string, heapMb: number): Promise<number> {
	const { node } = await ensureN8n();
	await mkdir(folder);
	const args = ['-e', DOWNLOAD, folder, String(heapMb), ...urlsOf(sandbox)];
	const { stdout } = await promisify(execFile)(node, args);
	await rm(folder, { recursive: true });
	return Number(stdout);
}

/** How long curl takes to download the same files. */
async function timeCurl(sandbox: Sandbox, folder: string): Promise<number> {
	const urls = urlsOf(sandbox);
	const options = ['-sS', '--fail', '--parallel', '--create-dirs', '--output-dir', folder];
	const startedAt = performance.now();
	await promisify(execFile)('curl', [...options, '--remote-name-all', ...urls]);
	const tookMs = performance.now() - startedAt;
	await rm(folder, { recursive: true });
	return tookMs;
}
