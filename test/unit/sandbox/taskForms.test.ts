import { failedTasks, ID_PLACES, LINK_PLACES } from '../../sandbox/server';
import type { FailedTaskForm, Fault, Outcome, SandboxOptions } from '../../sandbox/server';
import { at, setUp } from './setUp';

/** The answer to the retrieve call of a completed task, with the link it has without a fault. */
async function retrieved(fault: Fault, options: SandboxOptions = {}) {
	const { sandbox, completed, retrieve } = await setUp(options);
	const { id, file } = await completed();
	sandbox.faults = [{ call: 'retrieve', fault }];
	return { id, link: file, task: await retrieve(id) };
}

/** The value at a place such as `output[0]`. */
const valueAt = (place: string, body: unknown) =>
	place
		.split(/[.[\]]+/)
		.filter(Boolean)
		.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], body);

it.each<[Fault, (body: string, id: string) => void]>([
	[{ kind: 'html200' }, (body) => expect(body).toMatch('<html>')],
	[{ kind: 'brokenJson' }, (body) => expect(() => JSON.parse(body)).toThrow(SyntaxError)],
	[{ kind: 'noId' }, (body) => expect(Object.keys(JSON.parse(body))).not.toContain('id')],
	[
		{ kind: 'wrapped' },
		(body, id) => expect(JSON.parse(body)).toMatchObject({ code: 'success', data: { id } }),
	],
	[
		{ kind: 'wrappedTwice' },
		(body, id) => expect(JSON.parse(body)).toMatchObject({ data: { data: { id } } }),
	],
	[
		{ kind: 'wrappedInResult' },
		(body, id) => expect(JSON.parse(body)).toMatchObject({ result: { id } }),
	],
	[
		{ kind: 'wrappedInVideo' },
		(body, id) => expect(JSON.parse(body)).toMatchObject({ video: { id } }),
	],
	[
		{ kind: 'taskStatus', status: 'NOT_START' },
		(body, id) => expect(JSON.parse(body)).toMatchObject({ id, status: 'NOT_START' }),
	],
	[
		{ kind: 'taskFields', fields: { status: 'archived', progress: 100 } },
		(body, id) => expect(JSON.parse(body)).toMatchObject({ id, status: 'archived', progress: 100 }),
	],
	[{ kind: 'nullProgress' }, (body) => expect(JSON.parse(body)).toHaveProperty('progress', null)],
	[{ kind: 'noProgress' }, (body) => expect(JSON.parse(body)).not.toHaveProperty('progress')],
	[{ kind: 'textProgress' }, (body) => expect(JSON.parse(body)).toHaveProperty('progress', '0%')],
])('answers create and retrieve calls with %j', async (fault, check) => {
	const { sandbox, post, get, create } = await setUp(at('create', fault));

	const response = await post();

	expect(response.status).toBe(200);
	expect(sandbox.tasks).toHaveLength(1);
	check(await response.text(), sandbox.tasks[0]!.id);
	sandbox.faults = [];
	const { id } = await create();
	sandbox.faults = [{ call: 'retrieve', fault }];
	check(await (await get(`/v1/videos/${id}`)).text(), id);
});

describe('the gateway forms of a task', () => {
	it('have the link in fail_reason: gatewayForm', async () => {
		const { id, link, task } = await retrieved({ kind: 'gatewayForm' });

		expect(task).toMatchObject({
			...{ code: 'success', message: '' },
			data: { task_id: id, status: 'SUCCESS', progress: '100%', fail_reason: link, data: {} },
		});
	});

	it('have the link in fail_reason: minimalForm', async () => {
		const { id, link, task } = await retrieved({ kind: 'minimalForm' });

		expect(task).toEqual({
			created_at: expect.any(Number),
			...{ fail_reason: link, progress: '100%', status: 'SUCCESS', task_id: id },
		});
	});

	it('have the reason of a failed task in fail_reason', async () => {
		const error = { code: 'moderated', message: 'Not allowed' };
		const { task } = await retrieved({ kind: 'gatewayForm' }, { outcome: () => ({ error }) });

		expect(task).toMatchObject({ data: { status: 'FAILURE', fail_reason: 'Not allowed' } });
	});

	it('have the link in result.video_url: callbackForm', async () => {
		const { id, link, task } = await retrieved({ kind: 'callbackForm' });

		expect(task).toEqual({
			...{ task_id: id, status: 'completed', progress: '100%' },
			result: { video_url: link },
		});
	});
});

describe('the link', () => {
	it.each(LINK_PLACES)('is in %s alone', async (place) => {
		const { link, task } = await retrieved({ kind: 'linkIn', place });

		expect(valueAt(place, task)).toBe(link);
		expect(JSON.stringify(task).split(link)).toHaveLength(2);
	});

	it('is absent until the task is completed', async () => {
		const { create, retrieve } = await setUp(at('retrieve', { kind: 'linkIn', place: 'url' }));

		expect(await retrieve((await create()).id)).not.toHaveProperty('url');
	});

	it('is absent with noLink', async () => {
		const { task } = await retrieved({ kind: 'noLink' });

		expect(task).toMatchObject({ status: 'completed' });
		expect(task).not.toHaveProperty('video_url');
	});
});

it.each(ID_PLACES)('gives the ID of a new task in %s alone', async (place) => {
	const { sandbox, post } = await setUp(at('create', { kind: 'idIn', place }));

	const body = await (await post()).json();

	const [{ id }] = sandbox.tasks;
	expect(valueAt(place, body)).toBe(id);
	expect(JSON.stringify(body).split(id)).toHaveLength(2);
});

it.each(Object.keys(failedTasks) as FailedTaskForm[])(
	'reports a failed task without a link: %s',
	async (form) => {
		const { task } = await retrieved({ kind: 'failedTask', form, reason: 'Too dark' });

		const body = JSON.stringify(task);
		expect(body).toMatch(/"status":"(failed|FAILURE)"/);
		expect(body).not.toContain('video_url');
		expect(body.includes('Too dark')).toBe(!['codeOnly', 'noReason'].includes(form));
	},
);

it.each<[string, Outcome, object | null]>([
	['with a reason', { withoutFile: { code: 'content_policy', message: 'Filtered' } }, {}],
	['without a reason', { withoutFile: null }, null],
])('completes a task without a file %s', async (_name, outcome, error) => {
	const { completed, retrieve, get } = await setUp({ outcome: () => outcome });
	const { id } = await completed();

	const [task, content] = [await retrieve(id), await get(`/v1/videos/${id}/content`)];

	expect(task).toMatchObject({ status: 'completed', progress: 100, error });
	expect(task).not.toHaveProperty('video_url');
	expect(content.status).toBe(502);
	expect(await content.text()).toContain('Failed to resolve Gemini video URL');
});
