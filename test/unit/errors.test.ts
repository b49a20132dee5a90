import { asVideoError, detailsOf, ERROR_KINDS, isKind, isTransient } from '../../nodes/Veo/errors';
import { VideoError } from '../../nodes/Veo/errors';
import type { ErrorKind } from '../../nodes/Veo/errors';

/** The traits of each kind, listed separately: a changed trait must be changed here too. */
const EXPECTED: Record<ErrorKind, Array<keyof VideoError['traits']>> = {
	unauthorized: ['nothingCreated'],
	forbidden: ['nothingCreated'],
	insufficientBalance: ['nothingCreated', 'retryable'],
	rejected: ['nothingCreated'],
	moderated: ['nothingCreated'],
	modelUnavailable: ['nothingCreated'],
	providerRefused: ['nothingCreated', 'retryable'],
	tooLarge: ['nothingCreated'],
	rateLimited: ['nothingCreated', 'transient', 'retryable'],
	wrongBaseUrl: ['nothingCreated'],
	redirected: ['nothingCreated'],
	unexpectedStatus: ['nothingCreated'],
	unreachable: ['nothingCreated', 'transient', 'retryable'],
	cannotConnect: ['nothingCreated', 'retryable'],
	notSent: ['nothingCreated', 'retryable'],
	noResponse: ['mayHaveBeenCreated'],
	notResent: ['mayHaveBeenCreated'],
	unavailable: ['transient', 'retryable'],
	taskError: ['retryable'],
	unknownTask: ['taskGone'],
	generationFailed: ['taskGone'],
	timedOut: ['retryable'],
	downloadFailed: ['transient', 'retryable'],
	fileNotReady: ['transient', 'retryable'],
	fileTooLarge: [],
	noFile: ['taskGone'],
	expired: ['taskGone'],
	storageFailed: ['retryable'],
	imageNotLoaded: [],
	invalidInput: [],
	cannotPause: [],
	savedByNewer: [],
	pauseEnded: ['retryable'],
	unexpected: [],
};
const kinds = Object.entries(EXPECTED) as Array<[ErrorKind, Array<keyof VideoError['traits']>]>;

it('every kind of error has its traits', () => {
	const actual = Object.entries(ERROR_KINDS).map(([kind, traits]) => [
		kind,
		Object.entries(traits)
			.filter(([, has]) => has)
			.map(([trait]) => trait)
			.sort(),
	]);
	expect(Object.fromEntries(actual)).toEqual(
		Object.fromEntries(kinds.map(([kind, traits]) => [kind, [...traits].sort()])),
	);
});

describe.each(kinds)('an error of the kind %s', (kind, traits) => {
	const error = new VideoError(kind);

	it('reports what it means for a retry and for the cost', () => {
		expect(detailsOf(error)).toEqual({
			kind,
			retryable: traits.includes('retryable'),
			mayHaveBeenCreated: traits.includes('mayHaveBeenCreated'),
		});
		expect(isTransient(error)).toBe(traits.includes('transient'));
	});

	it('is not sent again if the video may have been created', () => {
		expect(error.traits.mayHaveBeenCreated && isTransient(error)).toBeFalsy();
		expect(error.traits.mayHaveBeenCreated && error.traits.nothingCreated).toBeFalsy();
	});
});

describe('an error', () => {
	const data = {
		...{ taskId: 'task_1', status: 'queued', httpCode: 400, code: 'x' },
		...{ videoUrl: 'https://files/a.mp4' },
	};

	it('keeps its data when more data is added', () => {
		const error = new VideoError('rateLimited', { code: 'x', retryAfterMs: 3 });
		const more = error.with({ taskId: 'task_1' });
		expect(more).toBeInstanceOf(VideoError);
		expect(more.kind).toBe('rateLimited');
		expect(more.data).toEqual({ code: 'x', retryAfterMs: 3, taskId: 'task_1' });
		expect(error.data).not.toHaveProperty('taskId');
	});

	it('has only details that a workflow can branch on', () => {
		const error = new VideoError('rejected', {
			...data,
			...{ reason: 'No', detail: 'proxy', retryAfterMs: 3, isWebPage: true, call: 'create' },
			...{ timeoutMin: 3, itemIndex: 2, text: { message: 'No', description: '' } },
		});
		expect(detailsOf(error)).toEqual({
			...{ kind: 'rejected', ...data, retryable: false, mayHaveBeenCreated: false },
		});
	});

	it('omits unknown details', () => {
		expect(Object.keys(detailsOf(new VideoError('rejected', { taskId: undefined })))).toEqual([
			...['kind', 'retryable', 'mayHaveBeenCreated'],
		]);
	});

	it('can override its kind on whether a retry helps', () => {
		expect(detailsOf(new VideoError('rejected', { retryable: true })).retryable).toBe(true);
		expect(detailsOf(new VideoError('rateLimited', { retryable: false })).retryable).toBe(false);
	});

	it('has its text as its message, or else its kind', () => {
		const text = { message: "'Prompt' is empty", description: '' };
		expect(new VideoError('invalidInput', { text }).message).toBe("'Prompt' is empty");
		expect(new VideoError('rejected').message).toBe('rejected');
	});

	it('is of one of several kinds', () => {
		expect(isKind(new VideoError('noFile'), 'expired', 'noFile')).toBe(true);
		expect(isKind(new VideoError('noFile'), 'expired')).toBe(false);
		expect(isKind(undefined, 'noFile')).toBe(false);
	});
});

describe('an unexpected exception', () => {
	it('stays unchanged when it is an error of the node', () => {
		const error = new VideoError('rejected');
		expect(asVideoError(error)).toBe(error);
	});

	it.each<[string, unknown, object]>([
		[
			'an error of an expression',
			Object.assign(new Error('No such node'), { description: 'Check its name' }),
			{ message: 'No such node', description: 'Check its name' },
		],
		['an error', new Error('Broken'), { message: 'Broken', description: '' }],
		['a text', 'Broken', { message: 'Broken', description: '' }],
	])('becomes an error with its own words: %s', (_name, thrown, text) => {
		const { kind, data } = asVideoError(thrown);
		expect({ kind, text: data.text }).toEqual({ kind: 'unexpected', text });
	});
});
