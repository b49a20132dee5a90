import { errorBody, json, text, webPage, type Answer, type JsonObject } from './answers';
import type { Exchange } from './exchange';
import type { Video } from './video';

export interface Reply {
	status: number;
	/** Sent as it is, objects as JSON; without one, CometAPI's error body of `code` and `message`. */
	body?: string | JsonObject;
	code?: string;
	message?: string;
	headers?: Record<string, string> | ((nowMs: number) => Record<string, string>);
	contentType?: string;
}

/** Every way in which a call goes wrong. A new fault is one entry here; `Fault` follows from it. */
const acts = {
	// any call
	reply: async (x: Exchange, reply: Reply) => await x.send(replyAnswer(x, reply)),
	resetBeforeBody: (x: Exchange) => x.reset(),
	resetAfterBody: (x: Exchange) => x.reset(),
	hang: (x: Exchange) => void x.hold(),
	html200: async (x: Exchange) => await x.send(webPage(200)),
	json200: async (x: Exchange) =>
		await x.send(json(200, errorBody('The file is not available', x.record.requestId))),

	// calls that answer with JSON
	brokenJson: async (x: Exchange) =>
		await x.send(text(200, JSON.stringify(jsonOf(x)).slice(0, -8), 'application/json')),
	noId: async (x: Exchange) => await sendEdited(x, { id: undefined, task_id: undefined }),
	wrapped: async (x: Exchange) =>
		await x.send(json(200, { code: 'success', message: '', data: jsonOf(x) })),
	upperCase: async (x: Exchange) =>
		await sendEdited(x, { status: String(jsonOf(x).status).toUpperCase() }),
	taskStatus: async (x: Exchange, { status }: { status: string }) =>
		await sendEdited(x, { status }),
	nullProgress: async (x: Exchange) => await sendEdited(x, { progress: null }),

	// calls that answer with a video; before there is one, they answer as ever
	empty: onVideo((x) => {
		x.head(200, { ...MP4, 'content-length': 0 });
		x.end();
	}),
	resetMidway: onVideo(async (x, video) => {
		x.head(200, { ...MP4, 'content-length': video.size });
		await x.halfVideo(video);
		await x.resetLater();
	}),
	truncated: onVideo(async (x, video) => {
		x.head(200, { ...MP4, 'content-length': video.size });
		await x.halfVideo(video);
		x.hangUp();
	}),
	truncatedChunked: onVideo(async (x, video) => {
		x.head(200, MP4);
		await x.halfVideo(video);
		x.hangUp();
	}),
	truncatedClose: onVideo(async (x, video) => {
		x.endWithConnection();
		x.head(200, MP4);
		await x.halfVideo(video);
		x.end();
	}),
	stalled: onVideo(async (x, video) => {
		x.head(200, { ...MP4, 'content-length': video.size });
		await x.halfVideo(video);
		x.hold();
	}),
	redirect: onVideo((x, _video, link) => {
		x.head(302, { location: link });
		x.end();
	}),
	noLength: onVideo(async (x, video) => {
		x.head(200, MP4);
		await x.wholeVideo(video);
	}),
	wrongType: onVideo(async (x, video) => {
		x.head(200, { 'content-type': 'text/plain', 'content-length': video.size });
		await x.wholeVideo(video);
	}),
};

const MP4 = { 'content-type': 'video/mp4' };

type Acts = typeof acts;
type SettingsOf<Act> = Act extends (x: Exchange, settings: infer Settings) => unknown
	? Settings
	: never;

export type FaultKind = keyof Acts;

/** `created`: whether a create request made the task all the same; see `makesTask`. */
export type Fault = {
	[Kind in FaultKind]: { kind: Kind; created?: boolean } & SettingsOf<Acts[Kind]>;
}[FaultKind];

/** By default only the answer is lost or odd; a `reply` refuses, and so does a reset at the headers. */
export const makesTask = ({ kind, created }: Fault): boolean =>
	created ?? (kind !== 'reply' && kind !== 'resetBeforeBody');

export async function strike(x: Exchange, fault: Fault): Promise<void> {
	await (acts[fault.kind] as (x: Exchange, settings: Fault) => void | Promise<void>)(x, fault);
}

function replyAnswer(x: Exchange, reply: Reply): Answer {
	const { status, body, code, message = `Status ${status}`, contentType } = reply;
	const content = body ?? errorBody(message, x.record.requestId, { code });
	const isText = typeof content === 'string';
	return text(
		status,
		isText ? content : JSON.stringify(content),
		contentType ?? (isText ? 'text/html; charset=utf-8' : 'application/json'),
		typeof reply.headers === 'function' ? reply.headers(x.clock.now()) : reply.headers,
	);
}

const jsonOf = ({ answer }: Exchange): JsonObject => (answer.type === 'json' ? answer.json : {});

async function sendEdited(x: Exchange, changes: JsonObject): Promise<void> {
	await x.send(json(200, { ...jsonOf(x), ...changes }));
}

function onVideo(act: (x: Exchange, video: Video, link: string) => void | Promise<void>) {
	return async (x: Exchange) => {
		if (x.answer.type === 'video') await act(x, x.answer.video, x.answer.link);
		else await x.send();
	};
}
