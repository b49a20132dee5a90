import type { RunOptions } from '../support/engine';
import { setUp } from '../support/setUp';

/** A task that was just created, and a function that retrieves it. */
async function withTask() {
	const { run, sandbox } = await setUp();
	await run({ parameters: { operation: 'create' } });
	const [{ id }] = sandbox.tasks;
	const retrieve = async ({ parameters, ...given }: Partial<RunOptions> = {}) =>
		await run({
			items: [{ json: { id } }],
			...given,
			parameters: { operation: 'retrieve', ...parameters },
		});
	const sent = () => sandbox.requests.filter(({ call }) => call !== 'create');
	return { retrieve, id, sent };
}

describe('the task ID', () => {
	it.each([[' ID '], ['\nID\t'], ['={{ " " + $json.id }}']])(
		'is sent without the spaces around it: %j',
		async (taskId) => {
			const { retrieve, id, sent } = await withTask();
			const { items } = await retrieve({ parameters: { taskId: taskId.replace('ID', id) } });
			expect(items[0].json.id).toBe(id);
			expect(sent()[0].url).toBe(`/v1/videos/${id}`);
		},
	);

	it.each([
		...['..', '.', ' .. ', 'x'.repeat(1_001), '={{ "a\\ud800" }}', '={{ {} }}', '={{ true }}'],
	])('is refused before anything is sent if no URL can contain it: %j', async (taskId) => {
		const { retrieve, sent } = await withTask();
		const { error } = await retrieve({ parameters: { taskId } });
		expect(error?.message).toContain("'Task ID' can't be '");
		expect(error?.message.length).toBeLessThan(100);
		expect(error?.description).toMatch(/Map the field 'id' .*'Create Video'/);
		expect(error?.context.details).toMatchObject({ kind: 'invalidInput' });
		expect(sent()).toEqual([]);
	});

	it.each([['={{ 1728394056677889901 }}'], ['={{ 9007199254740992 }}'], ['={{ 1e300 }}']])(
		'is refused before anything is sent if it is a number that has lost digits: %s',
		async (taskId) => {
			const { retrieve, sent } = await withTask();
			const { error } = await retrieve({ parameters: { taskId } });
			expect(error?.message).toContain("'Task ID' is a number that has lost digits: ");
			expect(error?.context.details).toMatchObject({ kind: 'invalidInput' });
			expect(sent()).toEqual([]);
		},
	);

	it.each([
		...['1000001', 'task.v1:a-b_C', 'a..b', '...', '../models?x=/ö', 'task_1/content', 'task_1?x'],
		...['a b', '%2e%2e', 'video_bGl0ZWxsbTp2aWRlbw==', '1728394056677889901', '🪁', 'a#b', 'a\\b'],
		'projects/p/locations/l/models/veo-3.1/operations/1f-2e',
	])('is one part of the path, regardless of its characters: %s', async (taskId) => {
		const { retrieve, sent } = await withTask();
		await retrieve({ parameters: { taskId } });
		expect(sent()[0].url).toBe(`/v1/videos/${encodeURIComponent(taskId)}`);
	});

	it('may be a number if it is exact', async () => {
		const { retrieve, sent } = await withTask();
		await retrieve({ parameters: { taskId: '={{ 9007199254740991 }}' } });
		expect(sent()[0].url).toBe('/v1/videos/9007199254740991');
	});

	it.each([[' '], ['={{ "" }}'], ['={{ undefined }}'], ['={{ null }}']])(
		'is required before anything is sent: %j',
		async (taskId) => {
			const { retrieve, sent } = await withTask();
			const { error } = await retrieve({ parameters: { taskId } });
			expect(error?.message).toBe("'Task ID' is empty [item 0]");
			expect(error?.description).toMatch(/Map the field 'id' .*'Create Video'/);
			expect(sent()).toEqual([]);
		},
	);

	it('is required of an item without `id`', async () => {
		const { retrieve, id, sent } = await withTask();
		const { error } = await retrieve({ items: [{ json: { id: id } }, { json: {} }] });
		expect(error?.message).toBe("'Task ID' is empty [item 1]");
		expect(sent()).toEqual([]);
	});

	it('is reported as unknown, with a hint on what to do', async () => {
		const { retrieve, id } = await withTask();
		const { items } = await retrieve({
			items: [{ json: { id: id } }, { json: { id: 'task_unknown' } }],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items[0].json.id).toBe(id);
		expect(items[1].json).toMatchObject({
			error: "CometAPI can't find this task",
			message: expect.stringMatching(/Check task ID task_unknown.*account that created it/),
			details: {
				kind: 'unknownTask',
				httpCode: 400,
				taskId: 'task_unknown',
				mayHaveBeenCreated: false,
			},
		});
	});

	it('promises no video and sends no second request when CometAPI cannot find it', async () => {
		const { retrieve, sent } = await withTask();
		const { error } = await retrieve({ items: [{ json: { id: 'task_unknown' } }] });
		expect(error?.message).toBe("CometAPI can't find this task [item 0]");
		expect(error?.description).not.toMatch(/still available|reused|retry/i);
		expect(sent()).toHaveLength(1);
	});
});
