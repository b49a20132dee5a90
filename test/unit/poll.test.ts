import { clock } from '../../nodes/Veo/clock';
import { poll } from '../../nodes/Veo/core/poll';
import type { PollOptions } from '../../nodes/Veo/core/poll';

/** Polls answers that come one after the other, the last one again and again. */
async function pollFor(
	answers: Array<string | Error>,
	{ deadline = Infinity, pauseMs = () => 10_000 } = {} as {
		deadline?: number;
		pauseMs?: (answer: string) => number;
	},
) {
	let nowMs = 0;
	jest.spyOn(clock, 'now').mockImplementation(() => nowMs);
	const checkedAt: number[] = [];
	const pauses: string[] = [];
	const options: PollOptions<string> = {
		check: async () => {
			const answer = answers[Math.min(checkedAt.length, answers.length - 1)];
			checkedAt.push(nowMs);
			if (typeof answer !== 'string') throw answer;
			return answer;
		},
		isFinal: (answer) => answer === 'done',
		pause: async (answer) => {
			pauses.push(answer);
			nowMs = Math.min(nowMs + pauseMs(answer), deadline);
		},
		deadline,
	};
	const outcome = await poll(options).then(
		(answer) => ({ answer, error: undefined }),
		(error: unknown) => ({ answer: undefined, error }),
	);
	return { ...outcome, checkedAt, pauses };
}

it('checks before it pauses, and does not pause after the end', async () => {
	const { answer, checkedAt, pauses } = await pollFor(['done']);
	expect({ answer, checkedAt, pauses }).toEqual({ answer: 'done', checkedAt: [0], pauses: [] });
});

it('pauses for as long as each answer says', async () => {
	const { answer, checkedAt } = await pollFor(['3', '500', '20', 'done'], { pauseMs: Number });
	expect(answer).toBe('done');
	expect(checkedAt).toEqual([0, 3, 503, 523]);
});

it('checks for the last time at the deadline, and returns that answer', async () => {
	const { answer, checkedAt } = await pollFor(['running', 'still running'], { deadline: 25_000 });
	expect(answer).toBe('still running');
	expect(checkedAt).toEqual([0, 10_000, 20_000, 25_000]);
});

it('checks once when the deadline has passed', async () => {
	const { answer, checkedAt, pauses } = await pollFor(['running'], { deadline: -1 });
	expect({ answer, checkedAt, pauses }).toEqual({ answer: 'running', checkedAt: [0], pauses: [] });
});

it('ends with the error of a check', async () => {
	const refused = new Error('No');
	const { error, checkedAt } = await pollFor(['running', refused]);
	expect(error).toBe(refused);
	expect(checkedAt).toHaveLength(2);
});

it('ends with the error of a pause', async () => {
	const canceled = new Error('Canceled');
	const { error, checkedAt } = await pollFor(['running'], {
		pauseMs: () => {
			throw canceled;
		},
	});
	expect(error).toBe(canceled);
	expect(checkedAt).toHaveLength(1);
});
