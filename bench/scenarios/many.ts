import { measure, startBenchN8n, startVideoSandbox, videoMs, type Setup } from '../measure';
import { compare, log, megabytes, seconds, table } from '../report';
import { createAndWait, MAX_CONCURRENT } from '../workflows';

const FEW = 4;

/** One run with far more videos than this node creates in parallel. */
export async function many(setup: Setup): Promise<string[]> {
	const videos = setup.isQuick ? 200 : 1000;
	const n8n = await startBenchN8n(setup, createAndWait);
	const sandbox = await startVideoSandbox();
	const few = await measure(sandbox, n8n, createAndWait, FEW);
	const run = await measure(sandbox, n8n, createAndWait, videos);
	log(`${videos} videos: ${seconds(run.wallMs)}`);
	await Promise.all([n8n.stop(), sandbox.close()]);
	return [
		`## ${videos.toLocaleString('en')} videos in one run`,
		table([
			compare('Wall time ÷ ideal', run.wallMs, idealMs(videos), seconds),
			compare(`Peak memory ÷ peak with ${FEW} videos`, run.peakMb, few.peakMb, megabytes),
			compare('Create requests ÷ videos', run.creates, videos, String),
			compare('All requests ÷ videos', run.requests, videos, String),
			{ Figure: 'CPU per video', Ratio: '', Measured: `${(run.cpuMs / videos).toFixed(0)} ms` },
		]),
		`Every video is returned once, with the bytes that were served: ${0.3 * videos} MB in all. In the ideal run, the next video starts as soon as one of ${MAX_CONCURRENT} in parallel is finished.`,
	];
}

function idealMs(videos: number): number {
	const freeAtMs = new Array<number>(MAX_CONCURRENT).fill(0);
	for (let index = 0; index < videos; index++) {
		freeAtMs[freeAtMs.indexOf(Math.min(...freeAtMs))] += videoMs(index);
	}
	return Math.max(...freeAtMs);
}
