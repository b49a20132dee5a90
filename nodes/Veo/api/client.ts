import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { clock } from '../clock';
import { limits } from '../limits';
import { networkFault, parseJson, replyFault } from './errors';
import type { Call } from './errors';
import { receiveFile } from './file';
import type { IncomingFile, Readable } from './file';
import { parseTask } from './task';
import type { Task } from './task';
import { buildVideoForm } from './videoForm';
import type { VideoRequest } from './videoForm';

/** CometAPI's video route. Every method throws a Fault. */
export interface CometApi {
	createTask(request: VideoRequest): Promise<Task>;
	getTask(id: string): Promise<Task>;
	/** The bytes of a finished task, from CometAPI itself. */
	openContent(id: string): Promise<IncomingFile>;
	/** The bytes behind a link on a file host, which never gets to see the key. */
	openLink(url: string): Promise<IncomingFile>;
}

type Fetch = (options: IHttpRequestOptions) => Promise<IN8nHttpFullResponse>;

export async function connect(context: IExecuteFunctions): Promise<CometApi> {
	const { baseURL, hideKey } = await readCredential(context);
	const defaults = {
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		abortSignal: context.getExecutionCancelSignal(),
	};
	// The key must not follow a redirect, so none is followed where it is sent.
	const withKey: Fetch = async (options) =>
		(await context.helpers.httpRequestWithAuthentication.call(context, 'cometApi', {
			...defaults,
			baseURL,
			disableFollowRedirect: true,
			...options,
		})) as IN8nHttpFullResponse;
	const withoutKey: Fetch = async (options) =>
		(await context.helpers.httpRequest({ ...defaults, ...options })) as IN8nHttpFullResponse;

	const askTask = async (call: Call, options: IHttpRequestOptions, id?: string): Promise<Task> => {
		const { statusCode, headers, body } = await answered(call, withKey, {
			...options,
			encoding: 'text',
			headers: { accept: 'application/json' },
		});
		const reply = { status: statusCode, headers, text: hideKey(String(body)) };
		const task = statusCode < 300 ? parseTask(parseJson(reply.text), id) : undefined;
		if (!task) throw replyFault(call, reply, clock.now());
		return task;
	};
	const open = async (fetch: Fetch, url: string) =>
		await answered('download', fetch, {
			url,
			encoding: 'stream',
			headers: { accept: 'video/*, application/octet-stream', 'accept-encoding': 'identity' },
			timeout: limits.downloadTimeoutMs,
		});
	const openLink = async (url: string) => await receiveFile(await open(withoutKey, url), hideKey);

	return {
		openLink,
		createTask: async (request) =>
			await askTask('create', {
				method: 'POST',
				url: '/v1/videos',
				body: buildVideoForm(request),
				timeout: limits.createTimeoutMs,
			}),
		getTask: async (id) =>
			await askTask('retrieve', { url: taskPath(id), timeout: limits.pollTimeoutMs }, id),
		openContent: async (id) => {
			const url = `${taskPath(id)}/content`;
			const response = await open(withKey, url);
			const { location } = response.headers;
			if (!isRedirect(response.statusCode) || typeof location !== 'string') {
				return await receiveFile(response, hideKey);
			}
			(response.body as Readable).destroy();
			return await openLink(new URL(location, baseURL + url).href);
		},
	};
}

const taskPath = (id: string) => `/v1/videos/${encodeURIComponent(id)}`;

const isRedirect = (status: number) => status >= 300 && status < 400;

/** Without a trailing `/` or `/v1`, with which many copy it from the documentation. */
export const normalizeBaseUrl = (baseUrl: string) =>
	baseUrl.trim().replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');

async function readCredential(context: IExecuteFunctions) {
	const { apiKey, baseUrl } = await context.getCredentials<{ apiKey: string; baseUrl?: string }>(
		'cometApi',
	);
	return {
		baseURL: normalizeBaseUrl(baseUrl ?? '') || 'https://api.cometapi.com',
		/** Some servers repeat the key they refuse. */
		hideKey: (text: string) => (apiKey.length >= 8 ? text.replaceAll(apiKey, '***') : text),
	};
}

async function answered(call: Call, fetch: Fetch, options: IHttpRequestOptions) {
	try {
		return await fetch(options);
	} catch (error) {
		throw networkFault(call, error);
	}
}
