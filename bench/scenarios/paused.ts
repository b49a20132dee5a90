import { measure, startBenchN8n, startVideoSandbox, type Setup } from '../measure';
import { compare, log, seconds, table } from '../report';
import { createAndPause, createAndWait } from '../workflows';

const VIDEOS = 60;

/** An execution that pauses, compared with one that keeps running. */
export async function paused(setup: Setup): Promise<string[]> {
	const n8n = await startBenchN8n(setup, createAndWait, createAndPause);
	const sandbox = await startVideoSandbox();
	const running = await measure(sandbox, n8n, createAndWait, VIDEOS);
	const run = await measure(sandbox, n8n, createAndPause, VIDEOS);
	log(`${VIDEOS} videos in an execution that pauses: ${seconds(run.wallMs)}`);
	await Promise.all([n8n.stop(), sandbox.close()]);
	const perVideo = (ms: number) => `${(ms / VIDEOS).toFixed(0)} ms`;
	return [
		`## ${VIDEOS} videos in an execution that pauses`,
		table([
			compare('CPU per video ÷ that of a running execution', run.cpuMs, running.cpuMs, perVideo),
			compare('All requests ÷ videos', run.requests, VIDEOS, String),
			compare(
				'Executions in the list ÷ those of a running one',
				run.listed,
				running.listed,
				String,
			),
			compare('Rows in the database ÷ those of a running one', run.rows, running.rows, String),
			{
				Figure: 'From the last video being finished to the end',
				Ratio: '',
				Measured: seconds(run.endDelayMs),
			},
		]),
		'Rows are counted at the end of the execution; n8n deletes those that are not in the list at its next clean-up.',
	];
}
