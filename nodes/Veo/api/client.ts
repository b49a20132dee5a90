import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { clock } from '../clock';
import { limits } from '../limits';
import { networkFault, notSentFault, parseJson, replyFault } from './errors';
import type { Call } from './errors';
import { receiveFile } from './file';
import type { IncomingFile, Readable } from './file';
import { parseTask } from './task';
import type { Task } from './task';
import { buildVideoForm } from './videoForm';
import type { VideoRequest } from './videoForm';

/** CometAPI's video route. Every method throws a Fault, also where its signal ends it. */
export interface CometApi {
	/** Ended by the user's cancelling only: an answer that nobody hears may be paid for. */
	createTask(request: VideoRequest): Promise<Task>;
	getTask(id: string, signal: AbortSignal): Promise<Task>;
	/** The bytes of a finished task, from CometAPI itself. */
	openContent(id: string, signal: AbortSignal): Promise<IncomingFile>;
	/** The bytes behind a link on a file host, which never gets to see the key. */
	openLink(url: string, signal: AbortSignal): Promise<IncomingFile>;
}

type Fetch = (options: IHttpRequestOptions) => Promise<IN8nHttpFullResponse>;

export async function connect(context: IExecuteFunctions): Promise<CometApi> {
	const { baseURL, hideKey, credentialsDecrypted } = await readCredential(context);
	const defaults = { returnFullResponse: true, ignoreHttpStatusErrors: true };
	const withoutKey: Fetch = async (options) =>
		(await context.helpers.httpRequest({ ...defaults, ...options })) as IN8nHttpFullResponse;
	let isKeyRefused = false;
	const withKey: Fetch = async (options) => {
		if (isKeyRefused) throw notSentFault();
		const response = (await context.helpers.httpRequestWithAuthentication.call(
			withSignal(context, options.abortSignal as AbortSignal | undefined),
			'cometApi',
			// The key must not follow a redirect, so none is followed where it is sent.
			{ ...defaults, ...options, baseURL, disableFollowRedirect: true },
			{ credentialsDecrypted },
		)) as IN8nHttpFullResponse;
		isKeyRefused ||= response.statusCode === 401;
		return response;
	};

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
	const openFile = (fetch: Fetch, url: string) => async (abortSignal: AbortSignal) =>
		await answered('download', fetch, {
			url,
			abortSignal,
			encoding: 'stream',
			headers: { accept: 'video/*, application/octet-stream', 'accept-encoding': 'identity' },
			timeout: limits.downloadTimeoutMs,
		});
	/** CometAPI may answer with the file, or with where to find it. */
	const openContent = async (id: string, signal: AbortSignal) => {
		const url = `${taskPath(id)}/content`;
		const response = await openFile(withKey, url)(signal);
		const { location } = response.headers;
		if (!isRedirect(response.statusCode) || typeof location !== 'string') return response;
		(response.body as Readable).destroy();
		return await openFile(withoutKey, new URL(location, baseURL + url).href)(signal);
	};

	return {
		createTask: async (request) =>
			await askTask('create', {
				method: 'POST',
				url: '/v1/videos',
				body: buildVideoForm(request),
				timeout: limits.createTimeoutMs,
				abortSignal: context.getExecutionCancelSignal(),
			}),
		getTask: async (id, abortSignal) =>
			await askTask(
				'retrieve',
				{ url: taskPath(id), timeout: limits.pollTimeoutMs, abortSignal },
				id,
			),
		openContent: async (id, signal) =>
			await receiveFile(async (any) => await openContent(id, any), signal, hideKey),
		openLink: async (url, signal) => await receiveFile(openFile(withoutKey, url), signal, hideKey),
	};
}

/** n8n's helper takes the signal to end a request from the context it is called on. */
const withSignal = (context: IExecuteFunctions, signal?: AbortSignal): IExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => signal } });

const taskPath = (id: string) => `/v1/videos/${encodeURIComponent(id)}`;

const isRedirect = (status: number) => status >= 300 && status < 400;

/** Without a trailing `/` or `/v1`, with which many copy it from the documentation. */
export const normalizeBaseUrl = (baseUrl: string) =>
	baseUrl.trim().replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');

async function readCredential(context: IExecuteFunctions) {
	const data = await context.getCredentials<{ apiKey: string; baseUrl?: string }>('cometApi');
	const { apiKey, baseUrl } = data;
	return {
		/** Read once for a run: n8n would ask its database again for every request. */
		credentialsDecrypted: { id: '', name: 'CometAPI', type: 'cometApi', data },
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
