import { createHash } from 'crypto';
import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse as Response,
} from 'n8n-workflow';

import { clock } from '../clock';
import { isKind, VideoError } from '../errors';
import type { Call } from '../errors';
import { limits } from '../limits';
import { readBefore, withSignal } from '../n8n';
import { isUnder } from './baseUrl';
import { endWith, readText } from './body';
import type { Readable, ReadOptions } from './body';
import { accessError, CREDENTIAL_TYPE, readAccess } from './credential';
import type { CredentialData } from './credential';
import { errorOf } from './errorReply';
import { receiveFile } from './file';
import type { IncomingFile, ResumePoint } from './file';
import { keyHider } from './keyHider';
import { decodeHeader, resolveLink } from './link';
import { networkError } from './networkError';
import { headersWithoutKey, readReply, toReply } from './reason';
import { linkIn, parseTask, TASK_STATUS, withFailure } from './task';
import type { Task } from './task';
import { taskPath } from './taskId';
import { buildVideoForm } from './videoForm';
import type { VideoRequest } from './videoForm';

export interface DownloadOptions {
	signal: AbortSignal;
	/** On the clock, in ms: a file that is still arriving then is given up. */
	deadline: number;
	resumeAt?: ResumePoint;
}

/** CometAPI's video route. Every method throws a VideoError, also if its signal ends it. */
export interface CometApiClient {
	/** @throws VideoError if nothing can be sent with this credential */
	requireUsable(): void;
	readonly baseURL: string;
	/** Replaces the key in a text of the server. */
	hideKey(text: string): string;
	/** Tells its credential apart from others, without the key. */
	readonly fingerprint: string;
	/** Only the user's cancel aborts it: a response nobody reads may be paid for. */
	createTask(request: VideoRequest): Promise<Task>;
	getTask(id: string, signal: AbortSignal): Promise<Task>;
	/** The bytes of a finished task, from CometAPI itself. */
	openContent(id: string, options: DownloadOptions): Promise<IncomingFile>;
	/** The bytes behind a link; the key is sent only if it is under the Base URL. */
	openLink(url: string, options: DownloadOptions): Promise<IncomingFile>;
}

type Fetch = (options: IHttpRequestOptions) => Promise<Response>;

const VIDEOS_PATH = '/v1/videos';
const MAX_REDIRECTS = 5;

/** A response, and the URL that it came from after all redirects. */
interface Opened {
	response: Response;
	url: string;
}

export function createClient(context: IExecuteFunctions, data: CredentialData): CometApiClient {
	const { baseURL, fault, hideKey, credential, fingerprint } = openCredential(data);
	const defaults: Partial<IHttpRequestOptions> = {
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		encoding: 'stream',
		// the key must not follow a redirect; `openUrl` follows it without the key if it leaves the Base URL
		disableFollowRedirect: true,
	};
	const contentUrl = (id: string) => `${baseURL}${taskPath(VIDEOS_PATH, id)}/content`;
	/** Its headers go into other requests, e.g. as the address of a redirect. */
	const hideIn = (response: Response): Response => ({
		...response,
		headers: headersWithoutKey(response.headers, hideKey),
	});
	const requireUsable = () => {
		if (fault) throw accessError(fault);
	};
	const withoutKey: Fetch = async (options) =>
		hideIn((await context.helpers.httpRequest({ ...defaults, ...options })) as Response);
	/** No other POST is sent with a key that was refused for one. */
	let isKeyRefused = false;
	const withKey: Fetch = async (options) => {
		requireUsable();
		const isPost = options.method === 'POST';
		if (isKeyRefused && isPost) throw new VideoError('notSent');
		const response = await context.helpers.httpRequestWithAuthentication.call(
			withSignal(context, options.abortSignal as AbortSignal | undefined),
			CREDENTIAL_TYPE,
			{ ...defaults, ...options },
			credential,
		);
		return hideIn(response as Response);
	};

	/** The response to a request for a file, if it is an error. */
	const replyOf = async ({ statusCode, headers, body }: Response, signal?: AbortSignal) => {
		if (signal) endWith(signal, body as Readable);
		const text = await readBody('download', body as Readable, {
			maxBytes: limits.maxJsonBytes,
			timeoutMs: limits.pollTimeoutMs,
			contentType: headers['content-type'],
		});
		return toReply({ status: statusCode, headers, text }, hideKey);
	};

	/** A failed task may have no reason, but the response in place of its file has. */
	const explained = async (task: Task, abortSignal?: AbortSignal): Promise<Task> => {
		if (task.status !== TASK_STATUS.failed || task.failure?.message) return task;
		try {
			const response = await withKey({
				url: contentUrl(task.id),
				abortSignal,
				timeout: limits.pollTimeoutMs,
			});
			if (response.statusCode === 400) {
				return withFailure(task, readReply(await replyOf(response, abortSignal)));
			}
			(response.body as Readable).destroy();
		} catch {
			// without a response there is no reason
		}
		return withFailure(task, { code: '', message: '' });
	};

	const requestTask = async (
		call: Call,
		options: IHttpRequestOptions,
		id?: string,
	): Promise<Task> => {
		const { statusCode, headers, body } = await responseTo(call, withKey, {
			...options,
			url: baseURL + options.url,
			headers: { accept: 'application/json' },
		});
		const text = await readBody(call, body as Readable, {
			maxBytes: limits.maxJsonBytes,
			timeoutMs: options.timeout!,
			contentType: headers['content-type'],
		});
		const reply = toReply({ status: statusCode, headers, text }, hideKey);
		const task = statusCode < 300 ? parseTask(reply.body, id) : undefined;
		if (task) return await explained(task, options.abortSignal as AbortSignal | undefined);
		const error = errorOf(call, reply, clock.date());
		isKeyRefused ||= call === 'create' && isKind(error, 'unauthorized');
		throw error;
	};

	const openUrl = async (
		url: string,
		{ resumeAt }: Pick<DownloadOptions, 'resumeAt'>,
		abortSignal: AbortSignal,
		redirects = 0,
	): Promise<Opened> => {
		const fetch = isUnder(baseURL, url) ? withKey : withoutKey;
		const response = await responseTo('download', fetch, {
			url,
			abortSignal,
			headers: {
				accept: 'video/*, application/octet-stream',
				'accept-encoding': 'identity',
				...(resumeAt && { range: `bytes=${resumeAt.offset}-`, 'if-range': resumeAt.validator }),
			},
			timeout: limits.downloadTimeoutMs,
		});
		const { statusCode, headers, body } = response;
		if (statusCode === 401 && url.startsWith(baseURL + VIDEOS_PATH)) {
			throw errorOf('download', await replyOf(response, abortSignal), clock.date());
		}
		const { location } = headers;
		const isRedirect = statusCode >= 300 && statusCode < 400;
		if (!isRedirect || typeof location !== 'string' || redirects === MAX_REDIRECTS) {
			return { response, url };
		}
		(body as Readable).destroy();
		const target = resolveLink(decodeHeader(location), url);
		return await openUrl(target, { resumeAt }, abortSignal, redirects + 1);
	};

	const openFile = async (
		url: string,
		options: DownloadOptions,
		isFollowed = true,
	): Promise<IncomingFile> => {
		let openedUrl = url;
		const file = await receiveFile({
			...options,
			hideKey,
			open: async (signal) => {
				const opened = await openUrl(url, options, signal);
				openedUrl = opened.url;
				return opened.response;
			},
		});
		if ('chunks' in file) return file;
		// CometAPI may respond with a link to the file
		const link = isFollowed ? linkIn(file.body) : undefined;
		if (link) return await openFile(resolveLink(link, openedUrl), options, false);
		const { data } = errorOf('retrieve', file, 0);
		throw new VideoError('downloadFailed', { ...data, call: 'download', detail: 'notVideo' });
	};

	return {
		requireUsable,
		baseURL,
		hideKey,
		fingerprint,
		createTask: async (request) =>
			await requestTask('create', {
				method: 'POST',
				url: VIDEOS_PATH,
				body: buildVideoForm(request),
				timeout: limits.createTimeoutMs,
				abortSignal: context.getExecutionCancelSignal(),
			}),
		getTask: async (id, abortSignal) =>
			await requestTask(
				'retrieve',
				{ url: taskPath(VIDEOS_PATH, id), timeout: limits.pollTimeoutMs, abortSignal },
				id,
			),
		openContent: async (id, options) => await openFile(contentUrl(id), options),
		openLink: async (url, options) =>
			await openFile(resolveLink(url, `${baseURL}${VIDEOS_PATH}/`), options),
	};
}

export function openCredential(data: CredentialData) {
	const { baseUrl: baseURL, apiKey, fault } = readAccess(data);
	return {
		credential: readBefore(CREDENTIAL_TYPE, data),
		baseURL,
		fault,
		fingerprint: createHash('sha256')
			.update(JSON.stringify([apiKey, baseURL]))
			.digest('base64url'),
		hideKey: keyHider(apiKey),
	};
}

async function responseTo(call: Call, fetch: Fetch, options: IHttpRequestOptions) {
	try {
		return await fetch(options);
	} catch (error) {
		throw networkError(call, error);
	}
}

async function readBody(call: Call, body: Readable, options: ReadOptions): Promise<string> {
	try {
		return await readText(body, options);
	} catch (error) {
		throw networkError(call, error, true);
	}
}
