import type { Task } from '../../nodes/Veo/api/task';
import { clock } from '../../nodes/Veo/clock';
import { Pace, Siblings } from '../../nodes/Veo/run/pace';

const INTERVAL_MS = 5_000;
const SHORTEST_MS = 20_000;
/** Seen before the first video was as old as the shortest, by less than an interval. */
const AGE_MS = SHORTEST_MS - 0.9 * INTERVAL_MS;
const unmoved = { progress: 0 } as Task;

function startTogether(count: number) {
	const siblings = new Siblings();
	const now = jest.spyOn(clock, 'now').mockReturnValue(0);
	const paces = Array.from({ length: count }, () => new Pace(INTERVAL_MS, 0, siblings));
	for (const pace of paces) pace.pauseAfter(unmoved);
	return { siblings, now, paces };
}

it('should not ask in step for videos that were started together and learn from a finished one', () => {
	const { siblings, now, paces } = startTogether(20);
	siblings.finished(SHORTEST_MS);
	now.mockReturnValue(AGE_MS);
	const waits = paces.map((pace) => pace.pauseAfter(unmoved)());
	expect(new Set(waits).size).toBe(waits.length);
});

it('should learn from a video that is finished during the pause', () => {
	const { siblings, now, paces } = startTogether(1);
	now.mockReturnValue(SHORTEST_MS - 1);
	const pauseMs = paces[0].pauseAfter(unmoved);
	expect(pauseMs()).toBeGreaterThan(0.8 * INTERVAL_MS);
	siblings.finished(SHORTEST_MS);
	expect(pauseMs()).toBeLessThan(0.5 * INTERVAL_MS);
});
