import { measure, startBenchN8n, startVideoSandbox, videoMs, type Setup } from '../measure';
import { log, ratio, table } from '../report';
import { createAndWait, openAi, singleSteps } from '../workflows';

const NODES = {
	'this node': createAndWait,
	'Create, Wait 5 s, Retrieve': singleSteps,
	"n8n's OpenAI node": openAi,
};

type Runs = Array<{ by: keyof typeof NODES; hasProgress: boolean; videos: number[] }>;

const FULL: Runs = [
	{ by: 'this node', hasProgress: true, videos: [1, 10, 50] },
	{ by: 'this node', hasProgress: false, videos: [1, 10, 50] },
	{ by: 'Create, Wait 5 s, Retrieve', hasProgress: true, videos: [1, 10, 50] },
	{ by: "n8n's OpenAI node", hasProgress: true, videos: [1, 10] },
];
const QUICK: Runs = [
	{ by: 'this node', hasProgress: true, videos: [1, 50] },
	{ by: "n8n's OpenAI node", hasProgress: true, videos: [1] },
];

/** One or more videos, created by this node and by the nodes it is compared with. */
export async function batches(setup: Setup): Promise<string[]> {
	const n8n = await startBenchN8n(setup, ...Object.values(NODES));
	const rows = [];
	for (const { by, hasProgress, videos } of setup.isQuick ? QUICK : FULL) {
		const sandbox = await startVideoSandbox({ progress: hasProgress ? 'linear' : 'none' });
		for (const count of videos) {
			const run = await measure(sandbox, n8n, NODES[by], count);
			const longestMs = Math.max(...Array.from({ length: count }, (_, index) => videoMs(index)));
			rows.push({
				Videos: count,
				'Created by': by,
				'Progress reported': hasProgress ? 'yes' : 'no',
				'Wall time ÷ longest video': ratio(run.wallMs, longestMs),
				'Requests per video': (run.requests / count).toFixed(1),
				'CPU ms per video': (run.cpuMs / count).toFixed(0),
				'Mean delay (s)': (run.delayMs / 1000).toFixed(2),
			});
			log(Object.values(rows[rows.length - 1]).join(', '));
		}
		await sandbox.close();
	}
	await n8n.stop();
	return [
		'## Batches',
		table(rows),
		'CPU is what the n8n process uses, minus what it uses in the same time when idle; with one video, it varies up to threefold between runs. The delay is the time from a video being finished to the status check that finds it so. Each file has 300 kB.',
	];
}
