import { draw, mean } from '../draw';
import { idleShare, measure } from '../measure';
import { openStage, type Stage } from '../stage';
import { TRIGGER } from '../../scripts/n8n/workflow';
import { createAndWait, createThenLoop, openAi, prompts } from '../workflows';

export interface BatchPlan {
	jobMs: { min: number; max: number; seed: number };
	idleMs: number;
	runs: Array<{ way: Way; progress: 'linear' | 'none'; videos: number }>;
}

export interface BatchResult {
	way: Way;
	progress: 'linear' | 'none';
	videos: number;
	longestMs: number;
	wallMs: number;
	requests: number;
	polls: number;
	/** Mean, idling taken off. */
	cpuMsPerVideo: number;
	/** Mean. */
	lateMs: number;
	/** Mean lateness times polls per video over the mean job's time. */
	latePolls: number;
}

export type Way = keyof typeof WAYS;

export const WAYS = {
	'this node': createAndWait,
	'Create, Wait 5 s, Retrieve': createThenLoop,
	"n8n's OpenAI node": openAi,
};

const FILE_BYTES = 300_000;

/** One, some and many videos, by this node and by the ways that n8n has without it. */
export async function batches(
	userFolder: string,
	plan: BatchPlan,
	log: (line: string) => void,
): Promise<BatchResult[]> {
	const stage = await openStage(userFolder);
	await warmUp(stage);
	const idle = await idleShare(stage, plan.idleMs);
	log(`n8n idles at ${(100 * idle).toFixed(2)} % of a processor`);
	const results: BatchResult[] = [];
	for (const { way, progress, videos } of plan.runs) {
		const jobsMs = draw(videos, plan.jobMs);
		await stage.sandbox.start({ jobsMs, progress, fileBytes: FILE_BYTES });
		const workflow = WAYS[way](prompts(videos), stage.credentials);
		const { wallMs, cpuMs, report } = await measure(stage, workflow, videos);
		const polls = mean(report.tasks.map((task) => task.polls));
		const lateMs = mean(report.tasks.map((task) => task.lateMs));
		const longestMs = Math.max(...jobsMs);
		results.push({
			...{ way, progress, videos, longestMs, wallMs, polls, lateMs },
			requests: report.requests / videos,
			cpuMsPerVideo: (cpuMs - idle * wallMs) / videos,
			latePolls: (lateMs * polls) / mean(jobsMs),
		});
		log(`${videos} by ${way} (${progress}): ${(wallMs / longestMs).toFixed(2)} × the longest job`);
	}
	await stage.close();
	return results;
}

/** Each way once, so that no code is run for the first time while it is measured. */
async function warmUp({ sandbox, rest, credentials }: Stage): Promise<void> {
	await sandbox.start({ jobsMs: [0], progress: 'linear', fileBytes: FILE_BYTES });
	await Promise.all(
		Object.values(WAYS).map(async (way) => {
			const workflow = await rest.createWorkflow(way(prompts(1), credentials));
			await rest.untilEnded(workflow.id, await rest.run(workflow, TRIGGER));
		}),
	);
}
