import { isFinished, parseTask } from '../../nodes/Veo/api/task';

const task = { id: 'task_1', object: 'video', status: 'queued', progress: 0 };

describe('a task', () => {
	it('should be read with every field as CometAPI gave it', () => {
		const body = { ...task, created_at: 1, seconds: '', metadata: { url: null, deep: [1, {}] } };
		expect(parseTask(body)).toEqual({
			id: 'task_1',
			status: 'queued',
			progress: 0,
			videoUrl: undefined,
			failure: undefined,
			json: body,
		});
	});

	it.each<[string, object]>([
		['in `data`', { code: 'success', message: '', data: task }],
		['in `data` with a code that is a number', { code: 0, data: task }],
	])('should be unwrapped where it comes %s', (_name, body) => {
		expect(parseTask(body)?.json).toEqual(task);
	});

	it('should not be looked for in its own `data`', () => {
		const body = { ...task, data: { id: 'another', status: 'completed' } };
		expect(parseTask(body)?.json).toEqual(body);
	});

	it('should have its id under `id` where CometAPI calls it `task_id` alone', () => {
		const { id, json } = parseTask({ task_id: 'task_2', status: 'queued' })!;
		expect(id).toBe('task_2');
		expect(json).toEqual({ id: 'task_2', task_id: 'task_2', status: 'queued' });
	});

	it('should rather have `id` than `task_id`', () => {
		expect(parseTask({ ...task, task_id: 'task_2' })?.id).toBe('task_1');
	});

	it('should keep the id that was asked for where the answer has none', () => {
		expect(parseTask({ status: 'queued' }, 'task_3')).toMatchObject({
			id: 'task_3',
			json: { id: 'task_3' },
		});
	});

	it('should know where its file lies', () => {
		expect(parseTask({ ...task, video_url: 'https://a/b.mp4' })?.videoUrl).toBe('https://a/b.mp4');
		expect(parseTask({ ...task, video_url: '' })?.videoUrl).toBeUndefined();
		expect(parseTask({ ...task, video_url: null })?.videoUrl).toBeUndefined();
	});
});

it.each([
	[42, 42],
	['42', 42],
	['42%', 42],
	[0, 0],
	[null, undefined],
	['', undefined],
	['soon', undefined],
	[{}, undefined],
])('should be as far as CometAPI says: %j', (progress, percent) => {
	const parsed = parseTask({ ...task, progress })!;
	expect(parsed.progress).toBe(percent);
	expect(parsed.json.progress).toEqual(progress);
});

describe('the status', () => {
	it.each([
		['queued', 'queued'],
		['pending', 'queued'],
		['submitted', 'queued'],
		['NOT_START', 'queued'],
		['in_progress', 'in_progress'],
		['IN_PROGRESS', 'in_progress'],
		['processing', 'in_progress'],
		['Running', 'in_progress'],
		['completed', 'completed'],
		['success', 'completed'],
		['Succeeded', 'completed'],
		['failed', 'failed'],
		['FAILURE', 'failed'],
		['error', 'failed'],
		['cancelled', 'failed'],
		['canceled', 'failed'],
		['expired', 'failed'],
		['Dreaming', 'dreaming'],
	])('%s should be %s', (word, status) => {
		const parsed = parseTask({ ...task, status: word })!;
		expect(parsed.status).toBe(status);
		expect(parsed.json.status).toBe(status);
	});

	it('should be queued in the answer to a create that names none', () => {
		expect(parseTask({ id: 'task_1' })?.status).toBe('queued');
	});

	it.each([
		['queued', false],
		['in_progress', false],
		['dreaming', false],
		['completed', true],
		['failed', true],
	])('%s should count as finished: %s', (status, finished) => {
		expect(isFinished(parseTask({ ...task, status })!)).toBe(finished);
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
		['null', { error: null }, { code: 'failed', message: 'CometAPI gave no reason' }],
		['nothing', {}, { code: 'failed', message: 'CometAPI gave no reason' }],
		['an empty object', { error: {} }, { code: 'failed', message: 'CometAPI gave no reason' }],
	])('should have a failure made of %s', (_name, fields, failure) => {
		const parsed = parseTask({ ...task, ...fields, status: 'failed' })!;
		expect(parsed.failure).toEqual(failure);
		expect(parsed.json.failure).toEqual(failure);
		expect(parsed.json).not.toHaveProperty('error');
	});

	it('should keep the word for how it ended where there is no other code', () => {
		expect(parseTask({ ...task, status: 'Expired' })?.failure?.code).toBe('expired');
	});
});

it.each([null, {}, { code: 'x', message: 'No' }, 'Broken'])(
	'should never leave `error` in a task that goes on: %j',
	(error) => {
		const { json, failure } = parseTask({ ...task, error })!;
		expect(json).toEqual(task);
		expect(failure).toBeUndefined();
	},
);

it.each<[string, unknown, string?]>([
	['nothing', undefined],
	['null', null],
	['a text', 'task_1'],
	['a list', [task]],
	['an empty object', {}],
	['an error', { error: { code: 'x', message: 'No' } }],
	['an empty id', { id: '', status: 'queued' }],
	['an id that is no text', { id: 12, status: 'queued' }],
	['an empty wrapper', { code: 'success', data: null }],
	['a wrapper of nothing', { code: 'success', data: {} }],
	['an id without a status, where the task was asked for', { id: 'task_1' }, 'task_1'],
	['an error, where the task was asked for', { error: { message: 'No' } }, 'task_1'],
	['a status that is no text', { id: 'task_1', status: 3 }, 'task_1'],
])('should find no task in %s', (_name, body, knownId = '') => {
	expect(parseTask(body, knownId)).toBeUndefined();
});
