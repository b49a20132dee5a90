import type { Task } from '../../nodes/Veo/api/task';
import { clock } from '../../nodes/Veo/clock';
import { Pace, Siblings } from '../../nodes/Veo/run/pace';

const INTERVAL_MS = 5_000;
const SHORTEST_MS = 20_000;
/** Seen before the first video was as old as the shortest, by less than an interval. */
const AGE_MS = SHORTEST_MS - 0.9 * INTERVAL_MS;
const unmoved = { progress: 0 } as Task;

it('should not ask in step for videos that were started together and learn from a finished one', () => {
	const siblings = new Siblings();
	const now = jest.spyOn(clock, 'now').mockReturnValue(0);
	const paces = Array.from({ length: 20 }, () => new Pace(INTERVAL_MS, 0, siblings));
	for (const pace of paces) pace.nextInMs(unmoved);
	siblings.finished(SHORTEST_MS);
	now.mockReturnValue(AGE_MS);
	const waits = paces.map((pace) => pace.nextInMs(unmoved));
	expect(new Set(waits).size).toBe(waits.length);
});
