import { replies } from '../../sandbox/server';
import { form, JOB_MS, setUp } from './setUp';

it('injects faults into the calls that the rules name, and into no others', async () => {
	const { sandbox, post, get } = await setUp({
		faults: [
			{ call: 'retrieve', task: 1, nth: [1, 3], fault: replies.unavailable },
			{ call: 'create', times: 2, fault: replies.rateLimitedFor(3) },
		],
	});

	const creates = [await post(), await post(), await post(), await post()];
	const [first, second] = sandbox.tasks.map(({ id }) => `/v1/videos/${id}`);
	const seen = [];
	for (const path of [first, second, second, first, second, second]) {
		seen.push((await get(path!)).status);
	}

	expect(creates.map(({ status }) => status)).toEqual([429, 429, 200, 200]);
	expect(creates[0]?.headers.get('retry-after')).toBe('3');
	expect(seen).toEqual([200, 503, 200, 200, 503, 200]);
	expect(sandbox.counts()).toMatchObject({ creates: 4, created: 2, retrieves: 6 });
});

it('finds a task by its prompt, including in the create call', async () => {
	const { sandbox, post, create, retrieve } = await setUp({
		faults: [
			{ call: 'create', prompt: 'bad', nth: 1, fault: replies.badRequest },
			{ call: 'retrieve', prompt: 'bad', fault: { kind: 'upperCase' } },
		],
	});

	const good = await create({ prompt: 'good' });
	const refused = await post(form({ prompt: 'bad' }));
	const bad = await create({ prompt: 'bad' });

	expect(refused.status).toBe(400);
	expect(await retrieve(good.id)).toHaveProperty('status', 'queued');
	expect(await retrieve(bad.id)).toHaveProperty('status', 'QUEUED');
	expect(sandbox.requests.map(({ fault }) => fault)).toEqual([
		...[undefined, 'reply', undefined, undefined, 'upperCase'],
	]);
});

it('applies a rule only while the task has its status', async () => {
	const { clock, create, retrieve } = await setUp({
		faults: [
			{ call: 'retrieve', status: 'completed', fault: { kind: 'taskStatus', status: 'archived' } },
		],
	});
	const { id } = await create();

	const before = await retrieve(id);
	clock.advance(JOB_MS);
	const after = await retrieve(id);

	expect(before).toMatchObject({ status: 'queued' });
	expect(after).toMatchObject({
		...{ status: 'archived', progress: 100 },
		video_url: expect.stringContaining(id),
	});
});

it('asks a function when no rule applies', async () => {
	const { create, get } = await setUp({
		faultFor: (call, { nth, taskIndex }) =>
			call === 'retrieve' && nth === 2 && taskIndex === 0 ? replies.badGateway : undefined,
	});
	const { id } = await create();

	const seen = [await get(`/v1/videos/${id}`), await get(`/v1/videos/${id}`)];

	expect(seen.map(({ status }) => status)).toEqual([200, 502]);
	expect(seen[1]?.headers.get('content-type')).toMatch('text/html');
});

it('forgets faults, tasks and requests at a reset', async () => {
	const { sandbox, post } = await setUp();
	sandbox.faults = [{ call: 'create', fault: replies.serverError }];
	sandbox.apiKey = 'sk-other';
	await post();

	sandbox.reset();

	expect(sandbox.requests).toEqual([]);
	expect((await post()).status).toBe(200);
	expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
});
