interface Traits {
	/** Goes away by itself: the same request may be sent again without harm. */
	transient?: true;
	/** As `transient`, but only for about a minute. */
	briefly?: true;
	/** CometAPI may have created the video, and billed it, although its answer was lost. */
	mayHaveBeenCreated?: true;
	/** The request was refused or never left: only then its entry in the ledger is dropped. */
	nothingCreated?: true;
	/** The task will never give a video, so a retry creates a new one. */
	taskGone?: true;
	/** Running the item again as it is may succeed. */
	retryable?: true;
}

const traits = <Kind extends string>(kinds: Record<Kind, Traits>) => kinds;

/**
 * Everything that can end an item, and what follows from it. `transport` says which kind an answer
 * is, `core` decides by these traits, and `messages/errorTexts.ts` has the words. A new answer of CometAPI's is
 * a row in a table of `transport/errorReply.ts`, and a row here only where nothing below fits.
 */
export const ERROR_KINDS = traits({
	// the request was refused: nothing was created
	unauthorized: { nothingCreated: true },
	forbidden: { nothingCreated: true },
	insufficientBalance: { nothingCreated: true, retryable: true },
	rejected: { nothingCreated: true },
	moderated: { nothingCreated: true },
	modelUnavailable: { nothingCreated: true },
	tooLarge: { nothingCreated: true },
	rateLimited: { nothingCreated: true, transient: true, retryable: true },
	wrongBaseUrl: { nothingCreated: true },
	redirected: { nothingCreated: true },
	unexpectedStatus: { nothingCreated: true },
	// the request never left, or nobody was there
	unreachable: { nothingCreated: true, transient: true, retryable: true },
	cannotConnect: { nothingCreated: true, retryable: true },
	notSent: { nothingCreated: true, retryable: true },
	// no answer, or one that says nothing
	noResponse: { mayHaveBeenCreated: true },
	notResent: { mayHaveBeenCreated: true },
	unavailable: { transient: true, retryable: true },
	// the task
	taskError: { briefly: true, retryable: true },
	unknownTask: { taskGone: true },
	generationFailed: { taskGone: true },
	timedOut: { retryable: true },
	// the file
	downloadFailed: { transient: true, retryable: true },
	fileNotReady: { transient: true, retryable: true },
	fileTooLarge: {},
	noFile: { taskGone: true },
	expired: { taskGone: true },
	storageFailed: { retryable: true },
	// before anything was sent
	invalidInput: {},
	imageNotLoaded: {},
	cannotPause: {},
	savedByNewer: {},
	// while the execution was paused
	pauseEnded: { retryable: true },
	// n8n's own, such as an expression that cannot be resolved
	unexpected: {},
});

export type ErrorKind = keyof typeof ERROR_KINDS;

/** What to tell the user: what happened, and what to do. */
export interface UserText {
	message: string;
	description: string;
}

/** What is known of an error beyond its kind. Nothing here holds the API key. */
export interface ErrorData {
	taskId?: string;
	/** Last status seen of the task. */
	status?: string;
	httpCode?: number;
	/** CometAPI's own error code, or Node's for the network. */
	code?: string;
	/** CometAPI's own words, with the request ID where there is one. */
	reason?: string;
	/** What was wrong with the connection, the file or the image, as a key of a table in `messages/causes.ts`. */
	detail?: string;
	/** Where the finished video can still be downloaded by hand. */
	videoUrl?: string;
	/** How long the server asks not to be called, in ms. */
	retryAfterMs?: number;
	/** Whether the answer was a web page, as a wrong Base URL gives it. */
	isWebPage?: boolean;
	/** Which call was answered: the same answer can ask for other things to do. */
	call?: 'create' | 'retrieve' | 'download';
	timeoutMin?: number;
	/** The caption of the parameter to change. */
	parameter?: string;
	/** Where it is not the first item of the video. */
	itemIndex?: number;
	/** Overrides the trait of the kind. */
	retryable?: boolean;
	/** For `invalidInput` and `unexpected`, whose words depend on the input, and for what is told again. */
	text?: UserText;
}

/** What ends an item. `core/batch.ts` turns it into n8n's own errors. */
export class VideoError extends Error {
	override readonly name = 'VideoError';

	constructor(
		readonly kind: ErrorKind,
		readonly data: ErrorData = {},
	) {
		super(data.text?.message ?? kind);
	}

	get traits(): Traits {
		return ERROR_KINDS[this.kind];
	}

	/** The same error with what is known further up. */
	with(data: ErrorData): VideoError {
		return new VideoError(this.kind, { ...this.data, ...data });
	}
}

/** What was not foreseen becomes an error of its own kind, n8n's errors for expressions among it. */
export function asVideoError(error: unknown): VideoError {
	if (error instanceof VideoError) return error;
	const { message, description } = error as { message?: string; description?: string };
	return new VideoError('unexpected', {
		text: { message: message ?? String(error), description: description ?? '' },
	});
}

export const isKind = (error: VideoError | undefined, ...kinds: ErrorKind[]): boolean =>
	error !== undefined && kinds.includes(error.kind);

/** Whether sending the same request again soon may help. */
export const isTransient = ({ traits: own }: VideoError): boolean =>
	Boolean(own.transient ?? own.briefly);

/** What a workflow can branch on when an item failed; all of it is safe to store. */
export interface ErrorDetails {
	kind: ErrorKind;
	taskId?: string;
	status?: string;
	httpCode?: number;
	code?: string;
	videoUrl?: string;
	retryable: boolean;
	mayHaveBeenCreated: boolean;
}

export function detailsOf({ kind, data, traits: own }: VideoError): ErrorDetails {
	const { taskId, status, httpCode, code, videoUrl, retryable } = data;
	const known = { taskId, status, httpCode, code, videoUrl };
	return {
		kind,
		...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
		retryable: retryable ?? own.retryable ?? false,
		mayHaveBeenCreated: own.mayHaveBeenCreated ?? false,
	};
}
