import type { ErrorData, UserText } from '../errors';
import { limits } from '../limits';
import { CHECK_BASE_URL, NOTHING_CREATED, TRY_LATER, USE_ACCEPTED_IMAGE } from './phrases';

const NOTHING_SENT = 'Nothing was sent';

/** Why there is no connection. */
export const CONNECTION: Record<string, UserText> = {
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
	proxy: {
		message: 'A proxy between n8n and CometAPI asks for a sign-in',
		description: `Check n8n's proxy settings. ${NOTHING_CREATED}`,
	},
};

/** Why a file did not arrive. */
export const DOWNLOAD: Record<string, (data: ErrorData) => string> = {
	stalled: () => `no data received for ${limits.stallMs / 1000} seconds`,
	empty: () => 'the file is empty',
	incomplete: () => 'the file is incomplete',
	notVideo: () => 'the server returned something other than a video',
	notReady: () => 'the file is not ready yet',
	connection: () => 'the connection was lost',
	status: ({ httpCode }) => `the server responded with status ${httpCode}`,
};

const DIRECT_URL =
	'Use the direct URL of the image file, which opens without logging in and shows nothing but the image';

/** Why an image could not be loaded from its URL, and what to do. */
export const IMAGE_URL: Record<string, (data: ErrorData) => [what: string, advice: string]> = {
	blocked: () => [
		"n8n's security rules block this URL",
		'Ask your n8n administrator to allow its host, or use another URL',
	],
	certificate: () => ["the server's certificate is not valid", 'Use another URL'],
	// a network code is not in the message, where n8n would put a text of its own in its place
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

/** What can be done about statuses that say nothing about the video. */
export const STATUSES: Record<number, [meaning: string, advice: string]> = {
	405: ['method not allowed', CHECK_BASE_URL],
	415: ['unsupported media type', 'A proxy may have changed the request. Check the Base URL'],
	451: ['unavailable for legal reasons', 'CometAPI or a proxy does not serve your region'],
};

/** Why an execution cannot be paused. */
export const PAUSE: Record<string, [why: string, way: string]> = {
	oldN8n: ['it needs n8n 2.41 or later', 'Update n8n'],
	agentTool: [
		'it does not work in tools of an AI Agent or MCP server',
		'Use the node in the workflow',
	],
	notSaved: ['the workflow is not saved', 'Save the workflow first'],
	excludedNodes: [
		"this n8n excludes the nodes 'Execute Sub-workflow Trigger' or 'If'",
		'Ask your n8n administrator to change NODES_EXCLUDE',
	],
};

/** Why a paused execution no longer waits. */
export const PAUSE_ENDED: Record<string, string> = {
	killed: `its check was cut short ${limits.maxKilledChecks} times in a row`,
	interrupted: 'n8n was stopped while it continued the execution',
	noCredential: 'the credential was deleted',
	stopped: 'its sub-execution was stopped',
	notStarted: 'n8n could not start its sub-execution',
};
