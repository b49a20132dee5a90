import { at, JOB_MS, setUp } from './setUp';

describe('a task', () => {
	it('is answered at creation in the documented form', async () => {
		const { create } = await setUp();

		const task = await create({ model: 'veo3.1-fast', size: '1280x720', seconds: '8' });

		expect(task).toEqual({
			created_at: Date.UTC(2026, 0, 1) / 1000,
			id: expect.stringMatching(/^task_[A-Za-z0-9]{32}$/),
			model: 'veo_3_1-fast',
			object: 'video',
			progress: 0,
			seconds: '8',
			size: '1280x720',
			status: 'queued',
		});
	});

	it('has the documented defaults for size and seconds', async () => {
		const { create } = await setUp();

		expect(await create()).toMatchObject({ size: '16x9', seconds: '' });
	});

	it('goes from queued to completed by the clock', async () => {
		const { sandbox, clock, create, retrieve } = await setUp();
		const { id, created_at: createdAt } = await create();
		const seen = [];

		for (const ms of [0, 1999, 1, 4000, 3999]) {
			clock.advance(ms);
			const { status, progress } = await retrieve(id);
			seen.push([status, progress]);
		}
		clock.advance(1);

		expect(seen).toEqual([
			['queued', 0],
			['queued', 0],
			['in_progress', 0],
			['in_progress', 50],
			['in_progress', 99],
		]);
		expect(await retrieve(id)).toMatchObject({
			id,
			task_id: id,
			status: 'completed',
			progress: 100,
			error: null,
			completed_at: Number(createdAt) + 10,
			expires_at: Number(createdAt) + 10 + 24 * 60 * 60,
			video_url: `${sandbox.fileHostUrl}/files/${id}.mp4`,
		});
	});

	it('fails as its outcome says, with or without a reason', async () => {
		const error = { code: 'content_policy', message: 'Not allowed' };
		const outcomes = [{ error }, { error: null }, 'completed' as const];
		const { clock, create, retrieve } = await setUp({
			progress: 'none',
			outcome: (index) => outcomes[index]!,
		});
		const ids = [await create(), await create(), await create()].map(({ id }) => id);
		clock.advance(JOB_MS);

		const tasks = await Promise.all(ids.map(retrieve));

		expect(tasks.map(({ status }) => status)).toEqual(['failed', 'failed', 'completed']);
		expect(tasks.map((task) => task.error)).toEqual([error, null, null]);
		expect(tasks[0]).not.toHaveProperty('video_url');
		expect(tasks[2]).toHaveProperty('progress', 0);
	});

	it('never finishes when it takes infinitely long', async () => {
		const { clock, create, retrieve } = await setUp({ jobMs: Infinity, queuedShare: 0 });
		const { id } = await create();
		clock.advance(1e9);

		expect(await retrieve(id)).toMatchObject({ status: 'in_progress', progress: 0 });
	});

	it('has a number as its ID when numericIds is on', async () => {
		const { create, retrieve } = await setUp({ numericIds: true });

		const [first, second] = [await create(), await create()];

		expect([first.id, second.id]).toEqual([1_000_001, 1_000_002]);
		expect(await retrieve(first.id)).toMatchObject({ id: 1_000_001, task_id: 1_000_001 });
	});

	it('gives the number in every place of the ID', async () => {
		const { post } = await setUp({
			numericIds: true,
			...at('create', { kind: 'idIn', place: 'data' }),
		});

		expect(await (await post()).json()).toMatchObject({ data: 1_000_001 });
	});
});

describe('an unknown task', () => {
	it('is answered with the documented 400 when it is retrieved', async () => {
		const { get } = await setUp();

		const response = await get('/v1/videos/task_none');

		expect(response.status).toBe(400);
		expect(await response.json()).toEqual({
			code: 'task_not_exist',
			message: 'task_not_exist',
			data: null,
		});
	});

	it('is answered with 404 at /content', async () => {
		const { get } = await setUp();

		const response = await get('/v1/videos/task_none/content');

		expect(response.status).toBe(404);
		expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
	});
});
