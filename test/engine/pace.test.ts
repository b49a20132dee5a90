import { clock as nodeClock } from '../../nodes/Veo/clock';
import type { Sandbox } from '../sandbox/server';
import { randomFrom } from '../support/randomBatch';
import { bePatient, prompts, setUp } from '../support/setUp';

const VIDEOS = 60;

/** How late the end of each video was noticed. */
function latenessMs({ tasks, requests }: Sandbox): number[] {
	return tasks.map(({ id, createdAtMs, jobMs }) => {
		const last = requests.findLast(({ call, taskId }) => call === 'retrieve' && taskId === id);
		return last!.atMs - (createdAtMs + jobMs);
	});
}

/**
 * For each video: the delay in noticing its end times the number of its checks, divided by its
 * duration.
 */
function costs({ tasks, requests }: Sandbox): number[] {
	return tasks.map(({ id, createdAtMs, jobMs }) => {
		const polls = requests.filter(({ call, taskId }) => call === 'retrieve' && taskId === id);
		const latenessMs = polls.at(-1)!.atMs - (createdAtMs + jobMs);
		return (latenessMs * polls.length) / jobMs;
	});
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

async function createAll(progress: 'linear' | 'none', maxConcurrent = 20): Promise<Sandbox> {
	const random = randomFrom(7);
	const { run, sandbox } = await setUp({ progress, jobMs: () => 18_000 + 4_000 * random() });
	bePatient();
	jest.spyOn(Math, 'random').mockImplementation(random);
	await run({
		items: prompts(...Array.from({ length: VIDEOS }, (_, index) => `video ${index}`)),
		parameters: { downloadVideo: false, options: { maxConcurrent } },
	});
	expect(sandbox.counts().created).toBe(VIDEOS);
	return sandbox;
}

it('the end is noticed sooner, without more requests, when progress moves', async () => {
	const sandbox = await createAll('linear');
	expect(mean(costs(sandbox))).toBeLessThan(0.3);
	expect(sandbox.counts().retrieves / VIDEOS).toBeLessThan(6);
});

it('finished videos determine when to check the others when progress stands still', async () => {
	const sandbox = await createAll('none');
	expect(mean(costs(sandbox))).toBeLessThan(0.4);
	expect(sandbox.counts().retrieves / VIDEOS).toBeLessThan(6);
});

it('finished videos also determine the checks when all videos run in parallel', async () => {
	const sandbox = await createAll('none', VIDEOS);
	expect(mean(costs(sandbox))).toBeLessThan(0.3);
	const endedAtMs = Math.max(...sandbox.requests.map(({ atMs }) => atMs));
	const longestMs = Math.max(...sandbox.tasks.map(({ jobMs }) => jobMs));
	expect((endedAtMs - sandbox.tasks[0].createdAtMs) / longestMs).toBeLessThan(1.1);
});

it('a video that takes far longer than the others is not checked more often', async () => {
	const { run, sandbox } = await setUp({
		progress: 'none',
		jobMs: (index) => (index === 0 ? 300_000 : 20_000),
	});
	bePatient();
	await run({ items: prompts('long', 'short', 'short too'), parameters: { downloadVideo: false } });
	const polls = sandbox.requests.filter(
		({ call, taskId }) => call === 'retrieve' && taskId === sandbox.tasks[0].id,
	);
	expect(polls.length).toBeLessThan(300 / 5 + 5);
});

it('no two videos are checked at the same time', async () => {
	const sandbox = await createAll('none');
	const times = sandbox.requests.filter(({ call }) => call === 'retrieve').map(({ atMs }) => atMs);
	expect(new Set(times).size).toBe(times.length);
});

it('a task that hangs at 99 % is not checked more often', async () => {
	const { run, sandbox } = await setUp({ jobMs: 20_000 });
	bePatient();
	sandbox.faultFor = (call) =>
		call === 'retrieve' && sandbox.requests.length > 4
			? { kind: 'taskStatus', status: 'in_progress' }
			: undefined;
	await run({ parameters: { options: { timeout: 2, onTimeout: 'returnTask' } } });
	expect(sandbox.counts().retrieves).toBeLessThan(40);
});

describe('100 videos of 120 seconds in one run', () => {
	const VIDEOS_AT_ONCE = 100;
	const JOB_MS = 120_000;

	it('cause few wake-ups, few checks and short delays', async () => {
		const { run, sandbox, clock } = await setUp({ jobMs: JOB_MS, progress: 'linear' });
		bePatient();
		jest.spyOn(Math, 'random').mockImplementation(randomFrom(7));
		const sleep = jest.spyOn(nodeClock, 'sleep').mockImplementation(clock.sleep);
		await run({
			items: prompts(...Array.from({ length: VIDEOS_AT_ONCE }, (_, index) => `video ${index}`)),
			parameters: {
				downloadVideo: false,
				options: { maxConcurrent: VIDEOS_AT_ONCE, pollInterval: 30 },
			},
		});
		const { creates, retrieves } = sandbox.counts();
		expect(creates).toBe(VIDEOS_AT_ONCE);
		expect(retrieves).toBeLessThanOrEqual(415);
		expect(sleep.mock.calls.length).toBeLessThanOrEqual(1.2 * retrieves);
		expect(mean(latenessMs(sandbox))).toBeLessThan(900);
		expect(Math.max(...latenessMs(sandbox))).toBeLessThan(2_000);
	});
});
