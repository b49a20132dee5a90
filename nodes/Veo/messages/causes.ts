import type {
	Cause,
	ConnectionCause,
	DownloadCause,
	ErrorData,
	ImageCause,
	PauseCause,
	PauseEndedCause,
	UserText,
} from '../errors';
import { limits } from '../limits';
import { CHECK_BASE_URL, NOTHING_CREATED, TRY_LATER, USE_ACCEPTED_IMAGE } from './phrases';

/** The row of a cause. One that the table does not have, e.g. in a saved error, gets the other row. */
export const causeIn = <Row, Key extends string>(
	table: Record<Key, Row>,
	cause: Cause | undefined,
	otherwise: NoInfer<Key>,
): Row => (cause && Object.hasOwn(table, cause) ? table[cause as Key] : table[otherwise]);

const NOTHING_SENT = 'Nothing was sent';

/** Why there is no connection. */
export const CONNECTION: Record<ConnectionCause, UserText> = {
	blocked: {
		message: "n8n's security rules block the connection to CometAPI",
		description: `Ask your n8n administrator to allow the host of the Base URL. ${NOTHING_SENT}`,
	},
	certificate: {
		message: 'The certificate at the Base URL is not valid',
		description: `${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	tls: {
		message: 'The server at the Base URL does not support https',
		description: `${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	url: {
		message: 'The Base URL is not a web address',
		description: `It must start with https:// or http://. ${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	urlLogin: {
		message: 'The Base URL has a user name or password in it',
		description: `Remove everything up to the '@'. ${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	urlQuery: {
		message: "The Base URL has a '?' or '#' in it",
		description: `Remove it and everything after it. ${CHECK_BASE_URL}. ${NOTHING_SENT}`,
	},
	proxy: {
		message: 'A proxy between n8n and CometAPI asks for a sign-in',
		description: `Check n8n's proxy settings. ${NOTHING_CREATED}`,
	},
};

/** Why a file did not arrive, and the remedy if a retry does not help. */
export const DOWNLOAD: Record<DownloadCause, (data: ErrorData) => [what: string, advice?: string]> =
	{
		stalled: () => [`no data received for ${limits.stallMs / 1000} seconds`],
		empty: () => ['the file is empty'],
		incomplete: () => ['the file is incomplete'],
		unfinished: () => ['the file is incomplete'],
		notVideo: () => ['the server returned something other than a video'],
		notReady: () => ['the file is not ready yet'],
		blocked: () => [
			"n8n's security rules block its link",
			'Ask your n8n administrator to allow the host of the video',
		],
		certificate: ({ code }) => ["the server's certificate is not valid", networkCode(code)],
		url: () => ['its link is not a web address'],
		// the code is not in the message: n8n replaces a message that has a network code
		connection: ({ code }) => ['the connection was lost', networkCode(code)],
		status: ({ httpCode }) => [`the server responded with status ${httpCode}`],
	};

const networkCode = (code?: string) => (code ? `Network code: ${code}` : '');

export const UNUSABLE_KEY: UserText = {
	message: 'The credential has no usable API key',
	description: `A key is one word of up to ${limits.maxKeyLength} letters, digits and signs. Copy it from the CometAPI console. ${NOTHING_SENT}`,
};

const DIRECT_URL =
	'Use the direct URL of the image file, which opens without logging in and shows nothing but the image';

/** Why an image could not be loaded from its URL, and what to do. */
export const IMAGE_URL: Record<ImageCause, (data: ErrorData) => [what: string, advice: string]> = {
	blocked: () => [
		"n8n's security rules block this URL",
		'Ask your n8n administrator to allow its host, or use another URL',
	],
	certificate: () => ["the server's certificate is not valid", 'Use another URL'],
	connection: ({ code }) => [
		'the server could not be reached',
		`Check the URL, and that n8n can reach it${code ? ` (${code})` : ''}`,
	],
	empty: () => ['the file is empty', USE_ACCEPTED_IMAGE],
	notAnImage: ({ code }) => [
		`it is not a PNG, JPEG or WebP file${code ? ` (${code})` : ''}`,
		USE_ACCEPTED_IMAGE,
	],
	status: ({ httpCode = 0 }) => [
		`the server responded with status ${httpCode}`,
		[401, 403].includes(httpCode) ? DIRECT_URL : httpCode >= 500 ? TRY_LATER : 'Check the URL',
	],
	timeout: () => [
		`it took longer than ${limits.imageTimeoutMs / 1000} seconds`,
		`${TRY_LATER}, or use another URL`,
	],
	tooLarge: () => [
		`the image is larger than ${limits.maxImageBytes / 1024 ** 2} MB`,
		'Use a smaller image',
	],
	url: () => ['it is not a web address', 'Enter a URL that starts with https:// or http://'],
	webPage: () => ['the URL leads to a web page', DIRECT_URL],
};

/** The remedies for statuses that say nothing about the video. */
export const STATUSES: Record<number, [meaning: string, advice: string]> = {
	405: ['method not allowed', CHECK_BASE_URL],
	415: ['unsupported media type', 'A proxy may have changed the request. Check the Base URL'],
	451: ['unavailable for legal reasons', 'CometAPI or a proxy does not serve your region'],
};

/** Why an execution cannot be paused. */
export const PAUSE: Record<PauseCause, [why: string, way: string]> = {
	oldN8n: ['it needs n8n 2.41 or later', 'Update n8n'],
	agentTool: [
		'it does not work in tools of an AI Agent or MCP server',
		'Use the node in the workflow',
	],
	notSaved: ['the workflow is not saved', 'Save the workflow first'],
	credential: [
		'its credential has an expression that only this workflow can resolve',
		'Enter the values in the credential',
	],
	notStarted: ['n8n could not start a sub-execution', "Check the workflow's settings"],
	excludedNodes: [
		"this n8n excludes the nodes 'Execute Sub-workflow Trigger' or 'If'",
		'Ask your n8n administrator to change NODES_EXCLUDE',
	],
};

/** Why a paused execution no longer waits. */
export const PAUSE_ENDED: Record<PauseEndedCause, () => string> = {
	killed: () => `its check was cut short ${limits.maxKilledChecks} times in a row`,
	interrupted: () => 'n8n was stopped while it continued the execution',
	noCredential: () => 'the credential was deleted',
	stopped: () => 'its sub-execution was stopped',
	notStarted: () => 'n8n could not start its sub-execution',
};
