import { measure, startBenchN8n, startVideoSandbox, videoMs, type Setup } from '../measure';
import { compare, log, megabytes, ratio, seconds, table } from '../report';
import { createAndWait, httpRequests, MAX_CONCURRENT } from '../workflows';

const FEW = 4;

/** One run with far more videos than this node creates in parallel. */
export async function many(setup: Setup): Promise<string[]> {
	const [videos, most] = setup.isQuick ? [200, 400] : [1000, 5000];
	const n8n = await startBenchN8n(setup, createAndWait, httpRequests);
	const sandbox = await startVideoSandbox();
	const finished = await startVideoSandbox({ jobMs: 0 });
	// otherwise the largest run would take a quarter of an hour
	const quicker = await startVideoSandbox({ jobMs: (index) => videoMs(index) / 2 });
	const few = await measure(sandbox, n8n, createAndWait, FEW);
	const many_ = await measure(sandbox, n8n, createAndWait, videos);
	log(`${videos} videos: ${seconds(many_.wallMs)}`);
	const fewHttp = await measure(finished, n8n, httpRequests, FEW);
	const manyHttp = await measure(finished, n8n, httpRequests, videos);
	log(`as many requests by HTTP Request: ${seconds(manyHttp.wallMs)}`);
	const max = await measure(quicker, n8n, createAndWait, most);
	log(`${most} videos: ${seconds(max.wallMs)}`);
	await Promise.all([n8n.stop(), ...[sandbox, finished, quicker].map((each) => each.close())]);

	const [cpu, maxCpu, httpCpu] = [
		many_.cpuMs / many_.requests,
		max.cpuMs / max.requests,
		manyHttp.cpuMs / manyHttp.requests,
	];
	const ms = (value: number) => `${value.toFixed(1)} ms`;
	return [
		`## ${videos.toLocaleString('en')} videos in one run`,
		table([
			compare('Wall time ÷ ideal', many_.wallMs, idealMs(videos), seconds),
			compare(`Peak memory ÷ peak with ${FEW} videos`, many_.peakMb, few.peakMb, megabytes),
			compare("The same for n8n's HTTP Request node", manyHttp.peakMb, fewHttp.peakMb, megabytes),
			compare("CPU per request ÷ HTTP Request's", cpu, httpCpu, ms),
			compare('Create requests ÷ videos', many_.creates, videos, String),
			compare('All requests ÷ videos', many_.requests, videos, String),
			compare(`CPU per request with ${most.toLocaleString('en')} videos ÷ that`, maxCpu, cpu, ms),
			compare('Its create requests ÷ videos', max.creates, most, String),
			compare(`Its peak memory ÷ peak with ${FEW} videos`, max.peakMb, few.peakMb, megabytes),
			compare('Its wall time ÷ ideal', max.wallMs, idealMs(most) / 2, seconds),
		]),
		`Every video is returned once, with the bytes that were served. In the ideal run, the next video starts as soon as one of ${MAX_CONCURRENT} in parallel is finished. HTTP Request makes ${ratio(manyHttp.requests, videos)} requests per video: it creates it, checks it and downloads its file. The ${most.toLocaleString('en')} videos take half as long as the others.`,
	];
}

function idealMs(videos: number): number {
	const freeAtMs = new Array<number>(MAX_CONCURRENT).fill(0);
	for (let index = 0; index < videos; index++) {
		freeAtMs[freeAtMs.indexOf(Math.min(...freeAtMs))] += videoMs(index);
	}
	return Math.max(...freeAtMs);
}
