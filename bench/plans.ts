import type { BatchPlan, Way } from './parts/batches';
import type { FilesPlan } from './parts/files';
import type { ManyPlan } from './parts/many';

export interface Plan {
	jobMs: { min: number; max: number; seed: number };
	/** How long an idle n8n is looked at. */
	idleMs: number;
	batches: BatchPlan['runs'];
	files: FilesPlan;
	/** Absent where it would take too long. */
	many?: Pick<ManyPlan, 'videos' | 'few'>;
	/** 0 for none. */
	startRounds: number;
}

const runs = (way: Way, progress: 'linear' | 'none', ...counts: number[]) =>
	counts.map((videos) => ({ way, progress, videos }));

export const full: Plan = {
	jobMs: { min: 18_000, max: 22_000, seed: 1 },
	idleMs: 20_000,
	batches: [
		...runs('this node', 'linear', 1, 10, 50),
		...runs('this node', 'none', 1, 10, 50),
		...runs('Create, Wait 5 s, Retrieve', 'linear', 1, 10, 50),
		...runs("n8n's OpenAI node", 'linear', 1, 10),
	],
	files: { files: 4, largeBytes: 200_000_000, smallBytes: 300_000, rounds: 3 },
	many: { videos: 1000, few: 4 },
	startRounds: 5,
};

/** Fewer and smaller runs, to be done within 3 minutes: to see that all works. */
export const quick: Plan = {
	jobMs: full.jobMs,
	idleMs: 8_000,
	batches: [...runs('this node', 'linear', 1, 50), ...runs("n8n's OpenAI node", 'linear', 1)],
	files: { files: 4, largeBytes: 20_000_000, smallBytes: 300_000, rounds: 1 },
	startRounds: 0,
};
