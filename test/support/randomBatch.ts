import type { INode } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import type { Call, Fault, FaultFor, SandboxOptions } from '../sandbox/server';
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

/** After these CometAPI has surely made nothing, and the node may send again. */
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
];

/** No answer, or one that says nothing. */
const UNANSWERED: Fault[] = [
	replies.serverError,
	replies.badGateway,
	replies.unavailable,
	replies.gatewayTimeout,
	replies.timeout524,
	{ kind: 'resetBeforeBody' },
	{ kind: 'resetAfterBody' },
	{ kind: 'html200' },
	{ kind: 'hang' },
];

const WEATHER: Fault[] = [
	...UNANSWERED,
	replies.rateLimited,
	replies.rateLimitedFor(20),
	replies.rateLimitedUntil(20),
];

const FAULTS: Record<Call, Fault[]> = {
	create: [
		...REFUSED,
		...UNANSWERED,
		{ kind: 'brokenJson' },
		{ kind: 'noId' },
		{ kind: 'wrapped' },
		{ kind: 'upperCase' },
	],
	retrieve: [
		...WEATHER,
		replies.notFound,
		replies.unauthorized,
		{ kind: 'brokenJson' },
		{ kind: 'wrapped' },
		{ kind: 'upperCase' },
		{ kind: 'nullProgress' },
		{ kind: 'taskStatus', status: 'rendering' },
		{ kind: 'taskStatus', status: 'cancelled' },
		{ kind: 'taskStatus', status: 'expired' },
	],
	file: downloads(),
	content: [...downloads(), replies.unauthorized],
	models: [],
	catalogue: [],
};

function downloads(): Fault[] {
	const kinds = [
		...(['resetMidway', 'truncated', 'truncatedChunked', 'truncatedClose', 'empty'] as const),
		...(['stalled', 'json200', 'redirect', 'noLength', 'wrongType'] as const),
	];
	return [...WEATHER, replies.forbidden, ...kinds.map((kind) => ({ kind }))];
}

export const isRefusal = (kind: string | undefined, status: number | undefined) =>
	kind === 'reply' && REFUSED.some((fault) => fault.kind === 'reply' && fault.status === status);

export type ErrorMode = NonNullable<INode['onError']>;

export interface RandomBatch {
	sandbox: SandboxOptions;
	run: Pick<RunOptions, 'items' | 'parameters' | 'settings'>;
	faultFor: FaultFor;
}

/** A batch of 1 to 8 items, and what goes wrong at each of its calls. */
export function randomBatch(seed: number, modes: ErrorMode[]): RandomBatch {
	const random = randomFrom(seed);
	const oneOf = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
	const upTo = (most: number) => 1 + Math.floor(random() * most);

	const tries = upTo(5);
	const trouble = oneOf([0.05, 0.2, 0.4]);
	const texts = Array.from({ length: upTo(8) }, (_, index) => `video ${index}`);
	return {
		sandbox: {
			videoUrl: random() < 0.7,
			jobMs: () => 5_000 + random() * 30_000,
			outcome: () =>
				random() < 0.05 ? { error: { code: 'moderated', message: 'Not allowed' } } : 'completed',
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
		faultFor: (call) => {
			if (random() >= trouble) return undefined;
			const fault = oneOf(FAULTS[call]);
			// Hanging takes real time, so it is rarer.
			if (fault?.kind === 'hang' && random() < 0.95) return undefined;
			const mayCreate = call === 'create' && !REFUSED.includes(fault);
			return fault && mayCreate && fault.kind !== 'wrapped' && fault.kind !== 'upperCase'
				? { ...fault, created: random() < 0.5 }
				: fault;
		},
	};
}
