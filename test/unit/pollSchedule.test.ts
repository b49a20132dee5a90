import { clock } from '../../nodes/Veo/clock';
import { CompletionTimes } from '../../nodes/Veo/core/completionTimes';
import { PollSchedule } from '../../nodes/Veo/core/pollSchedule';
import type { Task } from '../../nodes/Veo/transport/task';
import { VirtualClock } from '../support/virtualClock';

const INTERVAL_MS = 5_000;
const SHORTEST_MS = 20_000;
/** The age of the videos at the check: less than an interval below the shortest duration. */
const AGE_MS = SHORTEST_MS - 0.9 * INTERVAL_MS;
const unmoved = { progress: 0 } as Task;

function startTogether(count: number) {
	const completionTimes = new CompletionTimes();
	const now = jest.spyOn(clock, 'now').mockReturnValue(0);
	const schedules = Array.from(
		{ length: count },
		() => new PollSchedule(INTERVAL_MS, 0, completionTimes),
	);
	for (const schedule of schedules) schedule.pauseAfter(unmoved);
	return { completionTimes, now, schedules };
}

it('videos that start together and learn from a finished one are not checked in step', () => {
	const { completionTimes, now, schedules } = startTogether(20);
	completionTimes.add(SHORTEST_MS);
	now.mockReturnValue(AGE_MS);
	const pauses = schedules.map((schedule) => schedule.pauseAfter(unmoved)(0));
	expect(new Set(pauses).size).toBe(pauses.length);
});

it('a pause gets shorter when another video is finished meanwhile', () => {
	const { completionTimes, now, schedules } = startTogether(1);
	now.mockReturnValue(SHORTEST_MS - 1);
	const pauseMs = schedules[0].pauseAfter(unmoved);
	expect(pauseMs(0)).toBeGreaterThan(0.8 * INTERVAL_MS);
	completionTimes.add(SHORTEST_MS);
	expect(pauseMs(0)).toBeLessThan(0.5 * INTERVAL_MS);
});

it('a pause never ends before it begins', () => {
	const { completionTimes, now, schedules } = startTogether(1);
	now.mockReturnValue(SHORTEST_MS - 1);
	const pauseMs = schedules[0].pauseAfter(unmoved);
	completionTimes.add(SHORTEST_MS);
	expect(pauseMs(4_000)).toBeGreaterThanOrEqual(4_000);
});

describe('progress that moves', () => {
	/** The pause after these percentages, each seen at the given time in ms. */
	function pauseAfter(...seen: Array<[atMs: number, percent: number]>) {
		const schedule = new PollSchedule(INTERVAL_MS, 0, new CompletionTimes());
		const pauses = seen.map(([atMs, progress]) =>
			schedule.pauseAfter({ progress } as Task, atMs)(0),
		);
		return pauses.at(-1)!;
	}

	it('leads to a check just after the estimated end', () => {
		expect(pauseAfter([10_000, 50], [16_000, 80])).toBe(4_200);
	});

	it('is divided into equal pauses no longer than the interval', () => {
		expect(pauseAfter([10_000, 50], [12_000, 60])).toBe(8_200 / 2);
	});

	it('is not checked too often when the end is overdue', () => {
		const ends = [10_000, 50] as const;
		expect(pauseAfter([...ends], [19_000, 99], [19_500, 99])).toBe(1_000);
		expect(pauseAfter([...ends], [19_000, 99], [22_000, 99])).toBeGreaterThan(2_500);
		expect(pauseAfter([...ends], [19_000, 99], [90_000, 99])).toBe(INTERVAL_MS);
	});
});

describe('the pause itself', () => {
	const { signal } = new AbortController();
	let virtual: VirtualClock;
	let sleep: jest.SpyInstance;

	beforeEach(() => {
		virtual = new VirtualClock();
		jest.spyOn(clock, 'now').mockImplementation(virtual.now);
		sleep = jest.spyOn(clock, 'sleep').mockImplementation(virtual.sleep);
	});

	afterEach(() => virtual.close());

	const start = (completionTimes = new CompletionTimes()) => ({
		schedule: new PollSchedule(INTERVAL_MS, clock.now(), completionTimes),
		startedAt: clock.now(),
	});

	it('sleeps once when no video is finished meanwhile', async () => {
		const { schedule, startedAt } = start();
		await schedule.pause(unmoved, Infinity, signal);
		expect(sleep).toHaveBeenCalledTimes(1);
		expect(clock.now() - startedAt).toBeGreaterThanOrEqual(INTERVAL_MS);
		expect(clock.now() - startedAt).toBeLessThanOrEqual(2 * INTERVAL_MS);
	});

	it('ends at the deadline', async () => {
		const { schedule, startedAt } = start();
		await schedule.pause(unmoved, startedAt + 1_234, signal);
		expect(clock.now() - startedAt).toBe(1_234);
	});

	it('is woken by a video that is finished meanwhile, and sleeps at most twice', async () => {
		const completionTimes = new CompletionTimes();
		const { schedule, startedAt } = start(completionTimes);
		await schedule.pause(unmoved, Infinity, signal);
		sleep.mockClear();
		const pausedAt = clock.now();
		const [pausing] = [
			schedule.pause(unmoved, Infinity, signal),
			virtual.sleep(100).then(() => completionTimes.add(pausedAt - startedAt + 100)),
		];
		await pausing;
		expect(sleep).toHaveBeenCalledTimes(2);
		expect(clock.now() - pausedAt).toBeLessThanOrEqual(0.5 * INTERVAL_MS);
	});

	it('is not woken by a video that reveals nothing about this one', async () => {
		const completionTimes = new CompletionTimes();
		const { schedule } = start(completionTimes);
		void virtual.sleep(100).then(() => completionTimes.add(3_600_000));
		await schedule.pause(unmoved, Infinity, signal);
		expect(sleep).toHaveBeenCalledTimes(1);
	});

	it('ends with the reason of its signal', async () => {
		const stop = new AbortController();
		const { schedule } = start();
		const reason = new Error('Canceled');
		void virtual.sleep(10).then(() => stop.abort(reason));
		await expect(schedule.pause(unmoved, Infinity, stop.signal)).rejects.toBe(reason);
	});
});
