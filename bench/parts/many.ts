import { draw, listSchedule, mean } from '../draw';
import { idleShare, measure } from '../measure';
import { openStage } from '../stage';
import { createAndWait, httpRequestInBatches, prompts } from '../workflows';
import { download } from './download';

export interface ManyPlan {
	videos: number;
	few: number;
	idleMs: number;
	jobMs: { min: number; max: number; seed: number };
}

export interface ManyResult extends ManyPlan {
	wallMs: number;
	/** As long as it takes where every place takes up the next video at once. */
	idealMs: number;
	peakMb: number;
	peakMbOfFew: number;
	cpuMsPerVideo: number;
	posts: number;
	requests: number;
	/** n8n's own HTTP Request node, which fetches as many files in about the same time. */
	httpRequest: { peakMb: number; peakMbOfFew: number };
}

const PLACES = 100;
const FILE_BYTES = 300_000;

/** A batch far larger than what may run at once. */
export async function many(
	userFolder: string,
	plan: ManyPlan,
	log: (line: string) => void,
): Promise<ManyResult> {
	const videos = await makeVideos(userFolder, plan, log);
	const httpRequest = await fetchFiles(userFolder, plan);
	log(`${plan.videos} files by HTTP Request: done`);
	return { ...plan, ...videos, httpRequest };
}

async function makeVideos(userFolder: string, plan: ManyPlan, log: (line: string) => void) {
	const stage = await openStage(userFolder);
	const run = async (videos: number, jobsMs: number[]) => {
		await stage.sandbox.start({ jobsMs, progress: 'linear', fileBytes: FILE_BYTES });
		return await measure(stage, createAndWait(prompts(videos), stage.credentials), videos);
	};
	await run(plan.few, draw(plan.few, { ...plan.jobMs, min: 0, max: 0 }));
	const idle = await idleShare(stage, plan.idleMs);
	const few = await run(plan.few, draw(plan.few, plan.jobMs));
	log(`${plan.few} videos: done`);
	const jobsMs = draw(plan.videos, plan.jobMs);
	const { wallMs, cpuMs, peakMb, report } = await run(plan.videos, jobsMs);
	log(`${plan.videos} videos: done`);
	await stage.close();
	return {
		wallMs,
		idealMs: listSchedule(jobsMs, PLACES),
		peakMb,
		peakMbOfFew: few.peakMb,
		cpuMsPerVideo: (cpuMs - idle * wallMs) / plan.videos,
		posts: report.posts,
		requests: report.requests,
	};
}

async function fetchFiles(userFolder: string, { videos, few, idleMs, jobMs }: ManyPlan) {
	const stage = await openStage(userFolder);
	const way = httpRequestInBatches({
		batchSize: PLACES,
		batchInterval: mean([jobMs.min, jobMs.max]),
	});
	const peakMbOf = async (count: number) => (await download(stage, way, count, FILE_BYTES)).peakMb;
	await peakMbOf(few);
	await idleShare(stage, idleMs);
	const peakMbOfFew = await peakMbOf(few);
	const peakMb = await peakMbOf(videos);
	await stage.close();
	return { peakMb, peakMbOfFew };
}
