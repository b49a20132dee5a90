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
	pollIntervalS: { min: 1, default: DEFAULT_POLL_INTERVAL_S, max: 3_600 },
	/** At most a year. */
	timeoutMin: { min: 0, default: DEFAULT_TIMEOUT_MIN, max: 525_600 },

	/** The delay of a check after the expected end, as progress comes in whole percents. */
	expectedEndMarginMs: 200,
	/** The part of the interval between checks once a video is as old as the first finished one was … */
	likelyEndShare: 0.4,
	/** … until it is this many times as old. */
	likelyEndSpread: 1.3,

	/** In a paused execution: until the first check, and until the next one if progress gives no estimate. */
	pausedCheckMs: 65_000,
	/** If progress gives an estimate. n8n resumes paused executions once a minute. */
	pausedCheckRangeMs: { min: 5_000, max: 85_000 },
	/** A video that is expected to end within this time is followed to its end. */
	nearEndMs: 30_000,
	/** How long one check retries an unresponsive CometAPI: the next check comes anyway. */
	pausedCheckRetryMs: 10_000,
	/** How often in a row a killed check is restarted. */
	maxKilledChecks: 5,
	/** Of a link to a stored file, in n8n's format; n8n keeps executions for 14 days. */
	fileLinkLife: '14d',

	/** n8n's own timeout: giving up on a POST may lose a paid task. */
	createTimeoutMs: 300_000,
	pollTimeoutMs: 30_000,
	/** Until the first byte; then `stallMs` counts. */
	downloadTimeoutMs: 60_000,
	stallMs: 30_000,
	/** Of a JSON response, which may contain a short video as a data URL. */
	maxJsonBytes: 32 * 1024 * 1024,
	/** Of the ID of a task; providers have none that is as long. */
	maxTaskIdLength: 1_000,
	/** Of a video. */
	maxFileBytes: 4 * 1024 ** 3,

	/** For an estimate without a set duration, in seconds. */
	estimatedDurationS: 8,

	/** How long a hint or an error waits for CometAPI's list of models. */
	modelLookupMs: 2_000,
	/** How many models an error suggests. */
	suggestedModels: 5,

	/** Of an API key; CometAPI's have some 50 characters. */
	maxKeyLength: 500,
	/** Of a key with everything that was copied along with it. */
	maxPastedKeyLength: 5_000,
	/** Of a Base URL, and of a link in a response. */
	maxUrlLength: 8_000,
	/** Of CometAPI's list of models, for each of its pages. */
	maxCatalogueBytes: 4 * 1024 * 1024,

	/** Of an image, from a URL or from n8n's storage. */
	maxImageBytes: 20 * 1024 * 1024,
	/** Until the last byte of an image. */
	imageTimeoutMs: 60_000,
	/** How often an image is requested if its server is busy or can't be reached. */
	imageTries: 3,
	/** How many items are checked in parallel: a check may have to wait for an image's server. */
	checksAtOnce: 5,

	/** How long Create Video sends a POST again that created nothing (429, refused connection). */
	createRetryMs: 300_000,
	/** How often a request is sent if no server can be reached. */
	maxUnreachable: 4,
	/** How long Retrieve Video retries an unresponsive gateway; longer than `oddResponses`. */
	retrieveRetryMs: 65_000,
	/** A paid task is given up after this many odd responses in a row, over at least this time. */
	oddResponses: { count: 3, overMs: 60_000 },
	/** The least time for a file that is not ready with its task, and for its transfer; longer than `oddResponses`. */
	fileReadyMs: 90_000,
	/** How long a file may arrive in Retrieve Video, which has no timeout. */
	retrieveFileMs: 3_600_000,
	/** How often a file is requested without any progress. */
	downloadTries: 4,
	/** A file that breaks off after fewer bytes is resumed after a pause. */
	leastProgressBytes: 64 * 1024,
	/** The most that a Retry-After counts. */
	maxRetryAfterMs: 300_000,
	backoffMs: { first: 1_000, max: 30_000 },
};
