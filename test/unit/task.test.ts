import { isFinished, linkIn, parseTask } from '../../nodes/Veo/transport/task';
import { nest } from '../sandbox/paths';
import { failedTasks, ID_PLACES, LINK_PLACES, statusWords, taskForms } from '../sandbox/server';

const task = { id: 'task_1', object: 'video', status: 'queued', progress: 0 };
/** The task in the output. */
const json = { ...task, task_id: 'task_1' };
const LINK = 'https://files/a.mp4';

describe('a task', () => {
	it('keeps every field as CometAPI gave it', () => {
		const body = { ...task, created_at: 1, seconds: '', metadata: { url: null, deep: [1, {}] } };
		expect(parseTask(body)).toEqual({
			id: 'task_1',
			status: 'queued',
			progress: 0,
			videoUrl: undefined,
			failure: undefined,
			json: { ...body, task_id: 'task_1' },
		});
	});

	it.each<[string, object]>([
		['in `data`', { code: 'success', message: '', data: task }],
		['in `data` with a code that is a number', { code: 0, data: task }],
		['in `result`', { result: task }],
		['in `video`', { video: task }],
		['in `task`', { task }],
		['in `response`', { response: task }],
		['wrapped twice', { code: 'success', data: { code: 'success', data: task } }],
		['wrapped in different keys', { data: { result: { video: task } } }],
		['in `data` beside a status of the request', { status: 'success', data: task }],
		['beside a text in another key', { result: 'success', video: task }],
	])('is unwrapped when it comes %s', (_name, body) => {
		expect(parseTask(body)?.json).toEqual(json);
		expect(parseTask(body, 'task_1')?.json).toEqual(json);
	});

	it.each<[string, object, string]>([
		['in a list of its own', [task], 'queued'],
		['with `state`', { id: 'task_1', state: 'RUNNING' }, 'in_progress'],
		['with `task_status`', { id: 'task_1', task_status: 'succeed' }, 'completed'],
		['with `done` that is true', { id: 'task_1', done: true, response: {} }, 'completed'],
		['with `done` that is false', { id: 'task_1', done: false }, 'in_progress'],
		['with `done` and an error', { id: 'task_1', done: true, error: { code: 3 } }, 'failed'],
		['with VIOLATION', { id: 'task_1', status: 'VIOLATION' }, 'failed'],
		['with another refusal', { id: 'task_1', status: 'policy blocked' }, 'failed'],
		['in a list in `data`', { code: 'success', data: [task] }, 'queued'],
		['while it is moderated', { id: 'task_1', status: 'moderating' }, 'moderating'],
	])('is read %s', (_name, body, status) => {
		for (const knownId of ['', 'task_1']) {
			expect(parseTask(body, knownId)).toMatchObject({ id: 'task_1', status });
		}
	});

	it('is read with `done` when it calls itself by a name', () => {
		const body = { name: 'operations/1', done: true, response: {} };
		expect(parseTask(body, 'task_1')).toMatchObject({ id: 'task_1', status: 'completed' });
		const failed = { name: 'operations/1', done: true, error: { code: 3, message: 'No people' } };
		expect(parseTask(failed, 'task_1')).toMatchObject({
			...{ status: 'failed', failure: { message: 'No people' } },
		});
	});

	it.each(['error', 'timeout'])('does not fail with the status of its response: %s', (status) => {
		expect(parseTask({ id: 'req_1', status })?.status).toBe('queued');
	});

	it('is not read from its own `data`', () => {
		const body = { ...task, data: { id: 'another', status: 'completed' } };
		expect(parseTask(body)?.json).toEqual({ ...body, task_id: 'task_1' });
	});

	it('is not read from its own `data` when the response has no id', () => {
		const body = { status: 'IN_PROGRESS', progress: '30%', data: { status: 'queued' } };
		expect(parseTask(body, 'task_1')).toMatchObject({ status: 'in_progress', progress: 30 });
	});

	it('keeps the requested id when the response has none', () => {
		expect(parseTask({ status: 'queued' }, 'task_3')).toMatchObject({
			id: 'task_3',
			json: { id: 'task_3' },
		});
	});

	it.each(Object.entries(taskForms))('is read in the form %s', (_name, form) => {
		const finished = { ...task, task_id: 'task_1', status: 'completed', video_url: LINK };
		const parsed = parseTask(form({ ...finished, progress: 100 }), 'task_1')!;
		expect(parsed).toMatchObject({ id: 'task_1', status: 'completed' });
		expect(parsed.videoUrl).toBe(_name === 'noLink' ? undefined : LINK);
	});
});

describe('the id', () => {
	it('is in `id` of the output when CometAPI has only `task_id`', () => {
		const parsed = parseTask({ task_id: 'task_2', status: 'queued' })!;
		expect(parsed.id).toBe('task_2');
		expect(parsed.json).toEqual({ id: 'task_2', task_id: 'task_2', status: 'queued' });
	});

	it.each([undefined, null, '', 'task_2'])(
		'is in `task_id` of the output, too, not %j',
		(task_id) => {
			expect(parseTask({ ...task, task_id })?.json.task_id).toBe('task_1');
			expect(parseTask({ status: 'queued', task_id }, 'task_3')?.json.task_id).toBe('task_3');
		},
	);

	it('is `id` rather than `task_id`', () => {
		expect(parseTask({ ...task, task_id: 'task_2' })?.id).toBe('task_1');
	});

	it('is not the one of the provider, whose response is in it', () => {
		const data = { task_id: 'provider-7' };
		expect(parseTask({ id: 'task_1', object: 'video', data })?.id).toBe('task_1');
	});

	it.each([
		{ id: 4711, task_id: 'task_1', status: 'SUBMITTED' },
		{ id: 0, task_id: 'task_1', status: 'queued' },
		{ id: '1823459872345987234', task_id: 'task_1', status: 'queued' },
		{ code: 'success', data: { id: 4711, task_id: 'task_1' } },
		{ id: 'req_1', code: 'success', data: { task_id: 'task_1' } },
		{ id: 'req_1', data: { id: 4711, taskId: 'task_1' } },
	])('is not the one of a row in a database, or of the response: %j', (body) => {
		expect(parseTask(body)?.id).toBe('task_1');
	});

	it.each([
		...['id', 'task_id', 'taskId', 'data', 'result', 'task', 'video', 'data.id', 'data.task_id'],
		...['data.taskId', 'result.id', 'video.id', 'task.task_id', 'response.id', 'data.data'],
		...ID_PLACES,
	])('is found in a create response at %s', (place) => {
		expect(parseTask(nest(place, 'task_9'))).toMatchObject({
			id: 'task_9',
			status: 'queued',
			json: { id: 'task_9' },
		});
		expect(parseTask({ code: 'success', message: '', ...nest(place, 'task_9') })?.id).toBe(
			'task_9',
		);
	});

	it.each([
		['id', { id: 123 }],
		['task_id', { data: { task_id: 123 } }],
	])('may be a number: %s', (_name, body) => {
		expect(parseTask(body)).toMatchObject({ id: '123', json: { id: '123' } });
	});
});

describe('the link', () => {
	const finished = { id: 'task_1', status: 'completed', progress: 100 };

	it.each([
		...['video_url', 'url', 'output_video', 'output', 'output[0]', 'output.url', 'metadata.url'],
		...['result.video_url', 'result.url', 'data.video_url', 'data.url', 'data.output'],
		...['data.output[0]', 'output[0].video_url', 'fail_reason'],
		...LINK_PLACES,
	])('is found at %s, and returned as video_url', (place) => {
		const parsed = parseTask({ ...finished, ...nest(place, LINK) })!;
		expect(parsed.videoUrl).toBe(LINK);
		expect(parsed.json.video_url).toBe(LINK);
		expect(parsed.failure).toBeUndefined();
	});

	it.each([
		'http://files/a.mp4',
		'HTTPS://files/a.mp4',
		'data:video/mp4;base64,AAAA',
		'/v1/videos/task_1/content',
	])('may be %s', (link) => {
		expect(parseTask({ ...finished, video_url: link })?.videoUrl).toBe(link);
	});

	it.each(['', null, 0, 'soon', 'ftp://files/a.mp4', 'data:image/png;base64,AAAA', {}, []])(
		'is absent when it is %j',
		(link) => {
			expect(parseTask({ ...finished, video_url: link })?.videoUrl).toBeUndefined();
		},
	);

	it('is the first usable one', () => {
		const body = { ...finished, video_url: '', url: 'no link', metadata: { url: LINK } };
		expect(parseTask(body)?.videoUrl).toBe(LINK);
	});

	it.each(['queued', 'in_progress', 'failed'])('is not read from a task that is %s', (status) => {
		expect(parseTask({ ...finished, status, fail_reason: LINK })?.videoUrl).toBeUndefined();
	});

	it.each([
		['url', { url: LINK }],
		['video_url', { video_url: LINK }],
		['data.url', { data: { url: LINK } }],
	])("is found in a response that gives only the file's URL: %s", (_name, body) => {
		expect(linkIn(body)).toBe(LINK);
	});

	it.each([undefined, null, [], LINK, {}, { error: { message: 'No' } }])(
		'is not found in %j',
		(body) => {
			expect(linkIn(body)).toBeUndefined();
		},
	);
});

it.each([
	[42, 42],
	['42', 42],
	['42%', 42],
	['100%', 100],
	[0, 0],
	[null, undefined],
	['', undefined],
	['soon', undefined],
	[{}, undefined],
])('the progress %j is %s', (progress, percent) => {
	const parsed = parseTask({ ...task, progress })!;
	expect(parsed.progress).toBe(percent);
	expect(parsed.json.progress).toEqual(progress);
});

const STATUSES: Record<string, string[]> = {
	queued: [
		...['queued', 'pending', 'preparing', 'waiting', 'submitted', 'created', 'not_start'],
		...['notstarted', 'not_started', 'starting', 'unknown'],
		...['SUBMITTED', 'NOT_START', 'Not Start', 'not-start', ' queued '],
	],
	in_progress: [
		...['in_progress', 'processing', 'running', 'generating'],
		...['IN_PROGRESS', 'In Progress', 'in-progress', 'Running'],
	],
	completed: [
		...['completed', 'complete', 'success', 'succeeded', 'succeed', 'finished', 'done'],
		...['SUCCESS', 'Succeeded'],
	],
	failed: [
		...['failed', 'fail', 'failure', 'error', 'rejected', 'timeout', 'cancelled', 'canceled'],
		...['expired', 'FAILURE', 'ERROR'],
	],
	// unknown
	dreaming: ['dreaming', 'Dreaming'],
};

describe('the status', () => {
	const rows = Object.entries(STATUSES).flatMap(([status, words]) =>
		words.map((word) => [word, status] as const),
	);

	it.each(rows)('%s is %s', (word, status) => {
		const parsed = parseTask({ ...task, status: word })!;
		expect(parsed.status).toBe(status);
		expect(parsed.json.status).toBe(status);
	});

	it('may be a number, which has no meaning', () => {
		const parsed = parseTask({ id: 'task_1', status: 3 }, 'task_1')!;
		expect(parsed.status).toBe('3');
		expect(isFinished(parsed)).toBe(false);
	});

	it('is known for every word of the sandbox', () => {
		const statusOf = (status: string) => parseTask({ ...task, status })!;
		for (const word of statusWords.unfinished) expect(isFinished(statusOf(word))).toBe(false);
		for (const word of statusWords.finished) expect(statusOf(word).status).toBe('completed');
		for (const word of statusWords.failed) expect(statusOf(word).status).toBe('failed');
	});

	it('is queued in a create response without one', () => {
		expect(parseTask({ id: 'task_1' })?.status).toBe('queued');
	});

	it.each([
		['queued', false],
		['in_progress', false],
		['dreaming', false],
		['completed', true],
		['failed', true],
	])('%s is final: %s', (status, isFinal) => {
		expect(isFinished(parseTask({ ...task, status })!)).toBe(isFinal);
	});

	describe('with an unknown word', () => {
		it.each<[string, object]>([
			['progress 100 and a link', { status: 'ready', progress: 100, url: LINK }],
			['"100%" and a link', { status: 'ready', progress: '100%', fail_reason: LINK }],
			['a time of its end and a link', { status: 'ready', completed_at: 9, video_url: LINK }],
			['no word at all', { status: '', progress: 100, url: LINK }],
		])('is completed with %s', (_name, fields) => {
			expect(parseTask({ id: 'task_1', ...fields }, 'task_1')).toMatchObject({
				status: 'completed',
				videoUrl: LINK,
			});
		});

		it.each<[string, object]>([
			['progress 100 but no link', { progress: 100 }],
			['a link but progress 99', { progress: 99, url: LINK }],
			['a link but no progress', { url: LINK }],
			['a link and no time of its end', { url: LINK, completed_at: null }],
		])('is not completed with %s', (_name, fields) => {
			const { status, videoUrl } = parseTask({ id: 'task_1', status: 'dreaming', ...fields })!;
			expect({ status, videoUrl }).toEqual({ status: 'dreaming', videoUrl: undefined });
		});

		it.each([
			['running', 'in_progress'],
			['failed', 'failed'],
		])('differs from a known word: %s stays %s with progress 100 and a link', (word, status) => {
			const body = { id: 'task_1', status: word, progress: 100, url: LINK };
			expect(parseTask(body)?.status).toBe(status);
		});
	});
});

describe('a failed task', () => {
	it.each<[string, object, object]>([
		[
			'code and message',
			{ error: { code: 'moderation', message: 'No people' } },
			{ code: 'moderation', message: 'No people' },
		],
		[
			'a code that is a number',
			{ error: { code: 1301, message: 'No' } },
			{ code: '1301', message: 'No' },
		],
		['a text alone', { error: 'No people' }, { code: 'failed', message: 'No people' }],
		['fail_reason', { fail_reason: 'No people' }, { code: 'failed', message: 'No people' }],
		['failure_reason', { failure_reason: 'No' }, { code: 'failed', message: 'No' }],
		['message', { message: 'No people' }, { code: 'failed', message: 'No people' }],
		[
			'an error within an error',
			{ error: { error: { code: 'x', message: 'No' } } },
			{ code: 'x', message: 'No' },
		],
		[
			'a list of errors',
			{ error: [{ code: 'x', message: 'No people in it' }, { message: 'Another' }] },
			{ code: 'x', message: 'No people in it' },
		],
		['a code alone', { error: { code: 'x' } }, { code: 'x', message: 'x' }],
		['null', { error: null }, { code: 'failed', message: '' }],
		['nothing', {}, { code: 'failed', message: '' }],
		['an empty object', { error: {} }, { code: 'failed', message: '' }],
		[
			'its own status',
			{ task_status: 'VIOLATION', status: undefined },
			{ code: 'violation', message: 'blocked by moderation (violation)' },
		],
	])('has a failure of %s', (_name, fields, failure) => {
		const parsed = parseTask({ ...task, status: 'failed', ...fields })!;
		expect(parsed.failure).toEqual(failure);
		expect(parsed.json.failure).toEqual(failure);
		expect(parsed.json).not.toHaveProperty('error');
	});

	it.each(Object.entries(failedTasks))('has its reason in the form %s', (name, form) => {
		const { failure } = parseTask(form({ ...task, task_id: 'task_1' }, 'No people'), 'task_1')!;
		const said = { codeOnly: 'content_policy_violation', noReason: '' }[name] ?? 'No people';
		expect(failure?.message).toBe(said);
	});

	it('has the reason of its wrapper when it has none', () => {
		const body = { code: 'fail', message: 'No', data: { task_id: 'task_1', status: 'FAILURE' } };
		expect(parseTask(body)?.failure).toEqual({ code: 'failure', message: 'No' });
	});

	it('has its own reason rather than that of its wrapper', () => {
		const inner = { task_id: 'task_1', status: 'FAILURE', fail_reason: 'No people' };
		const body = { code: 'success', message: 'Here it is', data: inner };
		expect(parseTask(body)?.failure?.message).toBe('No people');
	});

	it('has its status word as its code when there is no other', () => {
		expect(parseTask({ ...task, status: 'Expired' })?.failure?.code).toBe('expired');
	});
});

describe('a completed task', () => {
	it.each<[unknown, object | undefined]>([
		[
			{ code: 'content_policy', message: 'Video was filtered' },
			{ code: 'content_policy', message: 'Video was filtered' },
		],
		['Video was filtered', { code: '', message: 'Video was filtered' }],
		[{ code: 'content_policy' }, { code: 'content_policy', message: 'content_policy' }],
		[null, undefined],
		['', undefined],
		[{}, undefined],
	])('keeps why it has no file: %j', (error, failure) => {
		const parsed = parseTask({ ...task, status: 'completed', error })!;
		expect(parsed.failure).toEqual(failure);
		expect(parsed.json.failure).toEqual(failure);
		expect(parsed.json).not.toHaveProperty('error');
	});

	it('has no failure if only other fields have words', () => {
		const fields = { error: {}, title: 'My cat video is very nice', message: 'All is well here' };
		expect(parseTask({ ...task, status: 'completed', ...fields })!.failure).toBeUndefined();
	});

	it('treats no message as a failure', () => {
		const body = { ...task, status: 'completed', message: 'Your video is ready' };
		expect(parseTask(body)?.failure).toBeUndefined();
	});
});

it.each([null, {}, { code: 'x', message: 'No' }, 'Broken'])(
	'an unfinished task never has `error`: %j',
	(error) => {
		const parsed = parseTask({ ...task, error })!;
		expect(parsed.json).toEqual(json);
		expect(parsed.failure).toBeUndefined();
	},
);

it.each<[string, unknown, string?]>([
	['nothing', undefined],
	['null', null],
	['a text', 'task_1'],
	['a list of two', [task, task]],
	['an empty object', {}],
	['an error', { error: { code: 'x', message: 'No' } }],
	['an error with a text in `data`', { code: 'content_policy', message: 'No', data: 'blocked' }],
	['an error beside a text in `data`', { error: { message: 'No' }, data: 'blocked' }],
	['an empty id', { id: '', status: 'queued' }],
	['an id that is no text', { id: { value: 'task_1' }, status: 'queued' }],
	['an empty wrapper', { code: 'success', data: null }],
	['a wrapper of nothing', { code: 'success', data: {} }],
	['a wrapper of a word', { code: 200, data: 'accepted' }],
	['a code beside the ID of the request', { id: 'req_1', code: 400, msg: 'Not supported' }],
	['an error beside the ID of the request', { id: 'req_1', error: { message: 'No' } }],
	['a final status alone, when the task was requested', { status: 'error' }, 'task_1'],
	['a failed response', { status: 'fail', message: 'Service busy' }, 'task_1'],
	['a success without a task', { status: 'success', data: null }, 'task_1'],
	['a wrapper of a sentence', { code: 'success', data: 'The video was created' }],
	['a wrapper of a status', { code: 'success', data: 'queued' }],
	['a wrapper of a success', { result: 'success', response: 'ok' }],
	['an id without a status, where the task was asked for', { id: 'task_1' }, 'task_1'],
	['an error, where the task was asked for', { error: { message: 'No' } }, 'task_1'],
	['a status that is no text', { id: 'task_1', status: {} }, 'task_1'],
	['a task that is wrapped too often', { data: { data: { data: { data: { data: task } } } } }],
])('no task is found in %s', (_name, body, knownId = '') => {
	expect(parseTask(body, knownId)).toBeUndefined();
});
