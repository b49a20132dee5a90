import type { INode } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import type {
	Call,
	Fault,
	FaultFor,
	Outcome,
	RecordedRequest,
	SandboxOptions,
} from '../sandbox/server';
import type { RunOptions } from './engine';
import { prompts } from './setUp';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed * 0x9e3779b1;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** Faults after which CometAPI has certainly created nothing and the node may send again. */
const REFUSED: Fault[] = [
	replies.badRequest,
	replies.forbidden,
	replies.quotaUsedUp,
	replies.tooLarge,
	replies.rateLimited,
	replies.rateLimitedFor(9),
	replies.rateLimitedUntil(9),
	replies.invalidRequest500,
	replies.movedToWebPage,
	replies.unauthorized,
	replies.modelNotFound503,
	replies.modelNotFound404,
	replies.getChannelFailed,
	replies.buildRequestFailed,
	replies.quotaUsedUpChinese,
	replies.insufficientQuota429,
	replies.perMinuteQuota429,
	replies.contentPolicy500,
	replies.contentPolicy200,
	replies.contentPolicyFlat200,
];

/** No response, or one without information. */
const UNANSWERED: Fault[] = [
	replies.serverError,
	replies.badGateway,
	replies.unavailable,
	replies.gatewayTimeout,
	replies.timeout524,
	replies.requestTimeout,
	replies.doRequestFailed,
	replies.upstreamError,
	{ kind: 'resetBeforeBody' },
	{ kind: 'resetAfterBody' },
	{ kind: 'html200' },
	{ kind: 'hang' },
];

const TRANSIENT_FAULTS: Fault[] = [
	...UNANSWERED,
	replies.rateLimited,
	replies.rateLimitedFor(20),
	replies.rateLimitedUntil(20),
];

/** The task in other words that the node understands. */
const FORMS: Fault[] = [
	{ kind: 'wrapped' },
	{ kind: 'wrappedTwice' },
	{ kind: 'wrappedInResult' },
	{ kind: 'upperCase' },
	{ kind: 'gatewayForm' },
	{ kind: 'minimalForm' },
	{ kind: 'callbackForm' },
	{ kind: 'textProgress' },
];

const CREATED_FORMS: Fault[] = [
	...FORMS,
	{ kind: 'idIn', place: 'data' },
	{ kind: 'idIn', place: 'data.taskId' },
	{ kind: 'idIn', place: 'video.id' },
];

/** Faults after which the task is gone or may be gone. */
const GIVEN_UP: Fault[] = [
	replies.notFound,
	replies.taskNotExist,
	replies.taskNotExist404,
	{ kind: 'taskStatus', status: 'rendering' },
	{ kind: 'taskStatus', status: 'cancelled' },
	{ kind: 'taskStatus', status: 'expired' },
	{ kind: 'taskStatus', status: 'rejected' },
	{ kind: 'failedTask', form: 'messageBesideData' },
	{ kind: 'failedTask', form: 'noReason' },
];

const FAULTS: Record<Call, Fault[]> = {
	create: [...REFUSED, ...UNANSWERED, { kind: 'brokenJson' }, { kind: 'noId' }, ...CREATED_FORMS],
	retrieve: [
		...TRANSIENT_FAULTS,
		...GIVEN_UP,
		...FORMS,
		replies.unauthorized,
		replies.notModified,
		replies.challengePage,
		replies.conflict,
		replies.tooEarly,
		replies.contentPolicy200,
		{ kind: 'brokenJson' },
		{ kind: 'nullProgress' },
		{ kind: 'noProgress' },
		{ kind: 'noLink' },
		{ kind: 'linkIn', place: 'fail_reason' },
		{ kind: 'linkIn', place: 'output[0]' },
	],
	file: downloads(),
	content: [
		...downloads(),
		replies.unauthorized,
		replies.notCompleted,
		replies.fileNotResolved,
		{ kind: 'linkInJson', place: 'data.url' },
	],
	models: [],
	catalogue: [],
};

function downloads(): Fault[] {
	const kinds = [
		...(['resetMidway', 'truncated', 'truncatedChunked', 'truncatedClose', 'empty'] as const),
		...(['stalled', 'json200', 'redirect', 'noLength', 'wrongType'] as const),
	];
	return [
		...TRANSIENT_FAULTS,
		replies.forbidden,
		...kinds.map((kind) => ({ kind })),
		{ kind: 'gzip' },
		{ kind: 'wrongRange' },
		{ kind: 'cutEvery', bytes: 10_000 },
		{ kind: 'html200', contentType: 'video/mp4' },
		{ kind: 'json200', contentType: 'application/octet-stream' },
	];
}

export type ErrorMode = NonNullable<INode['onError']>;

export interface RandomBatch {
	sandbox: SandboxOptions;
	run: Pick<RunOptions, 'items' | 'parameters' | 'settings'>;
	faultFor: FaultFor;
	/** Whether the request certainly created nothing. */
	wasRefused: (request: RecordedRequest) => boolean;
	/** Whether the node understands the response to a create request. */
	wasUnderstood: (request: RecordedRequest) => boolean;
	/** Whether CometAPI reported that the task is gone. */
	wasGivenUp: (request: RecordedRequest) => boolean;
}

/** A batch of 1 to 8 items, and the faults of each of its calls. */
export function randomBatch(seed: number, modes: ErrorMode[]): RandomBatch {
	const random = randomFrom(seed);
	const oneOf = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
	const upTo = (most: number) => 1 + Math.floor(random() * most);

	const tries = upTo(5);
	const trouble = oneOf([0.05, 0.2, 0.4]);
	const texts = Array.from({ length: upTo(8) }, (_, index) => `video ${index}`);
	const faultOf = new Map<RecordedRequest, Fault>();
	const metOneOf = (faults: Fault[]) => (request: RecordedRequest) =>
		faults.includes(faultOf.get(request)!);
	return {
		wasRefused: metOneOf(REFUSED),
		wasUnderstood: (request) => !request.fault || metOneOf(CREATED_FORMS)(request),
		wasGivenUp: metOneOf(GIVEN_UP),
		sandbox: {
			videoUrl: random() < 0.7,
			jobMs: () => 5_000 + random() * 30_000,
			fileDelayMs: () => (random() < 0.1 ? 20_000 * random() : 0),
			outcome: () => outcomeOf(random()),
		},
		run: {
			items: prompts(...texts),
			parameters: { options: { maxConcurrent: upTo(8), timeout: oneOf([1, 15]) } },
			settings: {
				onError: oneOf(modes),
				retryOnFail: tries > 1,
				maxTries: tries,
				waitBetweenTries: 1,
			},
		},
		faultFor: (call, { request }) => {
			if (random() >= trouble) return undefined;
			const fault = oneOf(FAULTS[call]);
			if (fault) faultOf.set(request, fault);
			const isLost = call === 'create' && ![...REFUSED, ...CREATED_FORMS].includes(fault);
			return fault && isLost ? { ...fault, created: random() < 0.5 } : fault;
		},
	};
}

function outcomeOf(chance: number): Outcome {
	const reason = { code: 'moderated', message: 'Not allowed' };
	if (chance < 0.05) return { error: reason };
	if (chance < 0.07) return { withoutFile: reason };
	return chance < 0.08 ? { withoutFile: null } : 'completed';
}
