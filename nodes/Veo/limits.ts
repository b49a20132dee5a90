export const DEFAULT_BASE_URL = 'https://api.cometapi.com';
export const DEFAULT_MODEL = 'veo3-fast';
export const DEFAULT_MAX_CONCURRENT = 5;
export const DEFAULT_POLL_INTERVAL_S = 5;
export const DEFAULT_TIMEOUT_MIN = 15;

/** Times, sizes and counts in one place, for the code and for the tests. */
export const limits = {
	/** CometAPI suggests about 5 requests at once; its gateway takes far more. */
	maxConcurrent: { min: 1, default: DEFAULT_MAX_CONCURRENT, max: 100 },
	maxVideos: { min: 0, default: 0 },
	maxCost: { min: 0, default: 0 },
	numberOfVideos: { min: 1, default: 1, max: 4, isWhole: true },
	pollIntervalS: { min: 1, default: DEFAULT_POLL_INTERVAL_S },
	timeoutMin: { min: 0, default: DEFAULT_TIMEOUT_MIN },

	/** Checks are made so much after the expected end, as progress comes in whole percents. */
	expectedEndMarginMs: 200,
	/** Once a video is as old as the first finished one of its batch, this part of the interval holds … */
	likelyEndShare: 0.4,
	/** … until it is so many times as old. */
	likelyEndSpread: 1.3,

	/** While an execution is paused: until the first check, and wherever progress does not tell more. */
	pausedCheckMs: 65_000,
	/** Where it does. n8n looks up paused executions once a minute; the rest is lost where progress errs. */
	pausedCheckRangeMs: { min: 5_000, max: 85_000 },
	/** A video whose end is so near is not left alone for another minute. */
	nearEndMs: 30_000,
	/** How long one check waits out a CometAPI that does not answer: the next one comes anyway. */
	pausedCheckRetryMs: 10_000,
	/** How often in a row a check that was killed is started again. */
	maxKilledChecks: 5,
	/** Of a link to a stored file, as n8n takes it; n8n itself keeps executions for 14 days. */
	fileLinkLife: '14d',

	/** As long as n8n itself waits for an answer: giving up on a POST may lose a paid task. */
	createTimeoutMs: 300_000,
	pollTimeoutMs: 30_000,
	/** Until the first byte; after it `stallMs` counts. */
	downloadTimeoutMs: 60_000,
	stallMs: 30_000,
	/** Of an answer in JSON, which may hold a short video as a data URL. */
	maxJsonBytes: 32 * 1024 * 1024,
	/** Of the ID of a task; providers have none that is as long. */
	maxTaskIdLength: 1_000,
	/** Of a video. */
	maxFileBytes: 4 * 1024 ** 3,

	/** What an estimate counts with where no duration is set, in seconds. */
	estimatedDurationS: 8,

	/** Of an image that is fetched from a URL. */
	maxImageBytes: 20 * 1024 * 1024,
	/** Until the last byte of an image. */
	imageTimeoutMs: 60_000,
	/** How often an image is requested whose server is busy or cannot be reached. */
	imageTries: 3,
	/** How many items are checked at once: a check may have to wait for an image's server. */
	checksAtOnce: 5,

	/** How long a POST that surely created nothing is sent again (429, refused connection). */
	createRetryMs: 300_000,
	/** How often a request is sent when nothing answers at the address. */
	maxUnreachable: 4,
	/** How long Retrieve Video waits out a gateway that does not answer. */
	retrieveRetryMs: 60_000,
	/** How long an answer of 200 that only tells of an error is waited out. */
	briefRetryMs: 45_000,
	/** A task may be unknown for a moment after its creation. */
	newTaskMs: 30_000,
	/** The least time for a file that is not ready when its task is, and for one that arrives. */
	fileReadyMs: 60_000,
	/** How long a file may arrive in Retrieve Video, which has no timeout. */
	retrieveFileMs: 3_600_000,
	/** How often a file that does not arrive whole is requested without any progress. */
	downloadTries: 4,
	/** However long the server asks not to be called. */
	maxRetryAfterMs: 300_000,
	backoffMs: { first: 1_000, max: 30_000 },
};
