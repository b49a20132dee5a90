import type { RunOptions } from '../support/engine';
import { setUp } from '../support/setUp';

/** A task that was just made, and a way to retrieve it. */
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
	const asked = () => sandbox.requests.filter(({ call }) => call !== 'create');
	return { sandbox, retrieve, id, asked };
}

describe('the task ID', () => {
	it.each([[' ID '], ['\nID\t'], ['={{ " " + $json.id }}']])(
		'should be taken without the spaces around it: %j',
		async (taskId) => {
			const { retrieve, id, asked } = await withTask();
			const { items } = await retrieve({ parameters: { taskId: taskId.replace('ID', id) } });
			expect(items[0].json.id).toBe(id);
			expect(asked()[0].url).toBe(`/v1/videos/${id}`);
		},
	);

	it('should not lead to another address, whatever it holds', async () => {
		const { retrieve, sandbox, asked } = await withTask();
		await retrieve({ parameters: { taskId: '../models?x=/ö' } });
		expect(asked()[0].url).toBe('/v1/videos/..%2Fmodels%3Fx%3D%2F%C3%B6');
		expect(sandbox.counts().retrieves).toBe(asked().length);
	});

	it.each([[' '], ['={{ "" }}'], ['={{ undefined }}'], ['={{ null }}']])(
		'should be missed before anything is sent: %j',
		async (taskId) => {
			const { retrieve, asked } = await withTask();
			const { error } = await retrieve({ parameters: { taskId } });
			expect(error?.message).toBe("'Task ID' is empty [item 0]");
			expect(error?.description).toMatch(/Map the field 'id' .*'Create Video'/);
			expect(asked()).toEqual([]);
		},
	);

	it('should be missed in an item without `id`', async () => {
		const { retrieve, id, asked } = await withTask();
		const { error } = await retrieve({ items: [{ json: { id: id } }, { json: {} }] });
		expect(error?.message).toBe("'Task ID' is empty [item 1]");
		expect(asked()).toEqual([]);
	});

	it('should be called unknown with what to do, where it is', async () => {
		const { retrieve, id } = await withTask();
		const { items } = await retrieve({
			items: [{ json: { id: id } }, { json: { id: 'task_unknown' } }],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items[0].json.id).toBe(id);
		expect(items[1].json).toMatchObject({
			error: 'CometAPI does not know this task',
			message: expect.stringMatching(/Check 'Task ID'.*account that made it/),
			details: { httpCode: 404, taskId: 'task_unknown', mayHaveBeenCreated: false },
		});
	});

	it('should not be promised a video where CometAPI does not know it, nor asked for again', async () => {
		const { retrieve, asked } = await withTask();
		const { error } = await retrieve({ items: [{ json: { id: 'task_unknown' } }] });
		expect(error?.message).toBe('CometAPI does not know this task [item 0]');
		expect(error?.description).not.toMatch(/not lost|Retry takes up/);
		expect(asked()).toHaveLength(1);
	});
});
