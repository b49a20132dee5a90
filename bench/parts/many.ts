import { draw, listSchedule } from '../draw';
import { idleShare, measure } from '../measure';
import { openStage } from '../stage';
import { createAndWait, prompts } from '../workflows';

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
}

const PLACES = 100;
const FILE_BYTES = 300_000;

/** A batch far larger than what may run at once. */
export async function many(
	userFolder: string,
	plan: ManyPlan,
	log: (line: string) => void,
): Promise<ManyResult> {
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
		...plan,
		wallMs,
		idealMs: listSchedule(jobsMs, PLACES),
		peakMb,
		peakMbOfFew: few.peakMb,
		cpuMsPerVideo: (cpuMs - idle * wallMs) / plan.videos,
		posts: report.posts,
		requests: report.requests,
	};
}
