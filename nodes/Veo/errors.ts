interface Traits {
	/** Temporary: the same request may be sent again without harm. */
	transient?: true;
	/** CometAPI may have created and charged the video although its response was lost. */
	mayHaveBeenCreated?: true;
	/** The request was refused or not sent: only then its entry in the ledger is dropped. */
	nothingCreated?: true;
	/** The task will never have a video, so a retry creates a new one. */
	taskGone?: true;
	/** Running the item again unchanged may succeed. */
	retryable?: true;
}

const traits = <Kind extends string>(kinds: Record<Kind, Traits>) => kinds;

/**
 * Every way an item can fail. `transport` classifies, `core` acts on these traits, and
 * `messages/errorTexts.ts` has the text. A new response of CometAPI's is a row in a table of
 * `transport/errorReply.ts`, and a row here only if no kind below fits.
 */
export const ERROR_KINDS = traits({
	// the request was refused: nothing was created
	unauthorized: { nothingCreated: true },
	forbidden: { nothingCreated: true },
	insufficientBalance: { nothingCreated: true, retryable: true },
	rejected: { nothingCreated: true },
	moderated: { nothingCreated: true },
	modelUnavailable: { nothingCreated: true },
	providerRefused: { nothingCreated: true, retryable: true },
	tooLarge: { nothingCreated: true },
	rateLimited: { nothingCreated: true, transient: true, retryable: true },
	wrongBaseUrl: { nothingCreated: true },
	redirected: { nothingCreated: true },
	unexpectedStatus: { nothingCreated: true },
	// the request was not sent
	unreachable: { nothingCreated: true, transient: true, retryable: true },
	cannotConnect: { nothingCreated: true, retryable: true },
	notSent: { nothingCreated: true, retryable: true },
	// no response, or one without a meaning
	noResponse: { mayHaveBeenCreated: true },
	notResent: { mayHaveBeenCreated: true },
	unavailable: { transient: true, retryable: true },
	// the task
	taskError: { retryable: true },
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
	// n8n's own, e.g. an expression that can't be resolved
	unexpected: {},
});

export type ErrorKind = keyof typeof ERROR_KINDS;

/** A message (the event) and a description (the remedy). */
export interface UserText {
	message: string;
	description: string;
}

/** The call that failed: the same response can need another remedy. */
export type Call = 'create' | 'retrieve' | 'download';

/** Why there is no connection. */
export type ConnectionCause =
	'blocked' | 'certificate' | 'proxy' | 'tls' | 'url' | 'urlLogin' | 'urlQuery';
/** Why a file did not arrive. */
export type DownloadCause =
	| 'blocked'
	| 'certificate'
	| 'connection'
	| 'empty'
	| 'incomplete'
	| 'notReady'
	| 'notVideo'
	| 'stalled'
	| 'status'
	| 'unfinished'
	| 'url';
/** Why an image could not be loaded from its URL. */
export type ImageCause =
	| 'blocked'
	| 'certificate'
	| 'connection'
	| 'empty'
	| 'notAnImage'
	| 'status'
	| 'timeout'
	| 'tooLarge'
	| 'url'
	| 'webPage';
/** Why an execution can't be paused. */
export type PauseCause =
	'agentTool' | 'credential' | 'excludedNodes' | 'notSaved' | 'notStarted' | 'oldN8n';
/** Why a paused execution no longer waits. */
export type PauseEndedCause = 'interrupted' | 'killed' | 'noCredential' | 'notStarted' | 'stopped';
/** Causes that change the text of a single kind. */
type OtherCause = 'dropped' | 'file' | 'givenUp' | 'key' | 'priceList' | 'unreadable';

export type Cause =
	ConnectionCause | DownloadCause | ImageCause | OtherCause | PauseCause | PauseEndedCause;

/** Facts about an error beyond its kind. None of them contains the API key. */
export interface ErrorData {
	taskId?: string;
	/** Last status seen of the task. */
	status?: string;
	httpCode?: number;
	/** CometAPI's own error code, or Node's for the network. */
	code?: string;
	/** CometAPI's own words, with the request ID if there is one. */
	reason?: string;
	/** The beginning of a response that says nothing about the video. */
	quote?: string;
	/** The specific cause, a key of a table in `messages/causes.ts`. */
	detail?: Cause;
	/** Models to use in place of the one that is not available. */
	models?: string[];
	/** The size at which Google's models ask for 8 seconds, if the request had another duration. */
	tooShortAt?: string;
	/** Of a response without words; a reason has its own. */
	requestId?: string;
	/** The link to the finished video, for a download by hand. */
	videoUrl?: string;
	/** The server's Retry-After, in ms. */
	retryAfterMs?: number;
	/** Whether the response was a web page, as from a wrong Base URL. */
	isWebPage?: boolean;
	call?: Call;
	timeoutMin?: number;
	/** The caption of the parameter to change. */
	parameter?: string;
	/** Present if it is not the first item of the video. */
	itemIndex?: number;
	/** Overrides the trait of the kind. */
	retryable?: boolean;
	/** For `invalidInput` and `unexpected`, whose text depends on the input. */
	text?: UserText;
}

/** The error of an item. `messages/nodeError.ts` turns it into n8n's own. */
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

	/** The same error with more data. */
	with(data: ErrorData): VideoError {
		return new VideoError(this.kind, { ...this.data, ...data });
	}
}

/** Any other error, e.g. n8n's for an expression, becomes one of the kind `unexpected`. */
export function asVideoError(error: unknown): VideoError {
	if (error instanceof VideoError) return error;
	const { message, description } = error as { message?: string; description?: string };
	return new VideoError('unexpected', {
		text: { message: message ?? String(error), description: description ?? '' },
	});
}

export const isKind = (error: VideoError | undefined, ...kinds: ErrorKind[]): boolean =>
	error !== undefined && kinds.includes(error.kind);

/** Whether sending the same request again soon may succeed. */
export const isTransient = ({ traits: own }: VideoError): boolean => own.transient ?? false;

/** For workflows to branch on; all of it is safe to store. */
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
