import { errorBody, flatErrorBody, json, text, webPage } from './answers';
import type { Answer, JsonObject } from './answers';
import type { Exchange } from './exchange';
import { fileFaults } from './fileFaults';
import { gzipBomb, hugeJson } from './hugeAnswers';
import { taskFaults } from './taskFaults';

export interface Reply {
	status: number;
	/** Sent unchanged, objects as JSON; default: CometAPI's error body of `code` and `message`. */
	body?: string | JsonObject;
	code?: string;
	message?: string;
	/** `error.type`. */
	type?: string;
	/** `flat`: `{code, message, data: null}` instead of `{error: {…}}`. */
	shape?: 'nested' | 'flat';
	headers?: Record<string, string> | ((nowMs: number) => Record<string, string>);
	contentType?: string;
}

interface ContentType {
	/** The content type to send. */
	contentType?: string;
}

/** Faults of any call. */
const callFaults = {
	reply: async (x: Exchange, reply: Reply) => await x.send(replyAnswer(x, reply)),
	resetBeforeBody: (x: Exchange) => x.reset(),
	resetAfterBody: (x: Exchange) => x.reset(),
	hang: (x: Exchange) => void x.hold(),
	/** These bytes instead of an HTTP response. */
	raw: (x: Exchange, { bytes }: { bytes: string }) => x.raw(bytes),
	html200: async (x: Exchange, { contentType }: ContentType) =>
		await x.send(webPage(200, contentType)),
	json200: async (x: Exchange, { contentType = 'application/json' }: ContentType) => {
		const body = errorBody('The file is not available', x.record.requestId);
		await x.send(text(200, JSON.stringify(body), contentType));
	},
	/** A JSON response of the given number of megabytes. */
	hugeJson: async (x: Exchange, { megabytes }: { megabytes: number }) => {
		x.head(200, { 'content-type': 'application/json' });
		await x.write(hugeJson(megabytes));
		x.end();
	},
	/** The same response, compressed to a thousandth. */
	gzipBomb: async (x: Exchange, { megabytes }: { megabytes: number }) => {
		x.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
		await x.write(gzipBomb(megabytes));
		x.end();
	},
};

/** Every fault of a call. A new fault is one entry; `Fault` follows from it. */
const faultHandlers = { ...callFaults, ...taskFaults, ...fileFaults };

type FaultHandlers = typeof faultHandlers;
type SettingsOf<Handler> = Handler extends (x: Exchange, settings: infer Settings) => unknown
	? Settings
	: never;

export type FaultKind = keyof FaultHandlers;

/** `created`: whether a create request creates the task in spite of the fault; see `makesTask`. */
export type Fault = {
	[Kind in FaultKind]: { kind: Kind; created?: boolean } & SettingsOf<FaultHandlers[Kind]>;
}[FaultKind];

/** By default the task is created, except with a `reply` and with a reset before the body. */
export const makesTask = ({ kind, created }: Fault): boolean =>
	created ?? (kind !== 'reply' && kind !== 'resetBeforeBody');

export async function injectFault(x: Exchange, fault: Fault): Promise<void> {
	const handler = faultHandlers[fault.kind] as (x: Exchange, settings: Fault) => unknown;
	await handler(x, fault);
}

function replyAnswer(x: Exchange, reply: Reply): Answer {
	const { status, contentType } = reply;
	const content = reply.body ?? errorOf(reply, x.record.requestId);
	const headers =
		typeof reply.headers === 'function' ? reply.headers(x.clock.now()) : reply.headers;
	if (typeof content === 'string') {
		return text(status, content, contentType ?? 'text/html; charset=utf-8', headers);
	}
	if (!contentType && !headers) return json(status, content);
	return text(status, JSON.stringify(content), contentType ?? 'application/json', headers);
}

function errorOf({ status, code, message, type, shape }: Reply, requestId: string): JsonObject {
	const words = message ?? `Status ${status}`;
	return shape === 'flat'
		? flatErrorBody(words, code ?? '')
		: errorBody(words, requestId, { code, type });
}
