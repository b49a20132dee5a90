import { createHash } from 'node:crypto';
import { errorBody, json, text, webPage, type Answer } from './answers';
import type { SandboxTask } from './task';
import type { TaskStore } from './tasks';
import { fixtureFor, videoOf, type Video, type VideoSource } from './video';

export interface FileOptions {
	/** Default: the landscape or the portrait fixture, depending on the task's size. */
	video?: VideoSource;
	/** Whether each task's file has unique bytes; default true. */
	uniqueFiles?: boolean;
	/**
	 * How much later than its task a file is finished; default 0. Until then, although the task is
	 * completed, the link responds with 404 and `/content` with 400.
	 */
	fileDelayMs?: number | ((taskIndex: number, prompt: string) => number);
	/** Whether `Range` is supported; default true. */
	ranges?: boolean;
	/** `changing`: different for each request. Default `strong`. */
	etag?: 'strong' | 'weak' | 'changing' | 'none';
}

type FileState = 'unfinished' | 'finished' | 'expired' | 'missing';

const EXPIRED = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';

/** The files of one sandbox's tasks, at the file host and at `/content`. */
export class FileStore {
	private answered = 0;

	constructor(
		private readonly tasks: TaskStore,
		private readonly linkTo: (task: SandboxTask) => string,
		private readonly options: FileOptions,
	) {}

	videoOf(task: SandboxTask): Video {
		const { video = fixtureFor(task.size), uniqueFiles = true } = this.options;
		return videoOf(video, uniqueFiles ? task.id : undefined);
	}

	/** `GET` of the link. */
	atFileHost(task?: SandboxTask): Answer {
		const state = task && this.state(task);
		if (task && state === 'finished') return this.file(task);
		return state === 'expired' ? text(403, EXPIRED, 'application/xml') : webPage(404);
	}

	/** `GET /v1/videos/{id}/content`. */
	atContent(task: SandboxTask, requestId: string): Answer {
		const invalid = { type: 'invalid_request_error' };
		switch (this.state(task)) {
			case 'finished':
				return this.file(task);
			case 'expired':
				return json(404, errorBody('The video has expired', requestId, invalid));
			case 'missing':
				return json(502, errorBody('Failed to resolve Gemini video URL', requestId));
			case 'unfinished': {
				const status = this.tasks.status(task) === 'queued' ? 'QUEUED' : 'IN_PROGRESS';
				const message = `Task is not completed yet, current status: ${status}`;
				return json(400, errorBody(message, requestId, invalid));
			}
		}
	}

	private state(task: SandboxTask): FileState {
		if (this.tasks.status(task) !== 'completed') return 'unfinished';
		if (task.outcome !== 'completed') return 'missing';
		if (this.tasks.isExpired(task)) return 'expired';
		return this.tasks.sinceFinishedMs(task) < this.delayMs(task) ? 'unfinished' : 'finished';
	}

	private delayMs({ index, prompt }: SandboxTask): number {
		const { fileDelayMs = 0 } = this.options;
		return typeof fileDelayMs === 'number' ? fileDelayMs : fileDelayMs(index, prompt);
	}

	private file(task: SandboxTask): Answer {
		const { ranges = true } = this.options;
		const [video, link] = [this.videoOf(task), this.linkTo(task)];
		return { type: 'video', video, link, ranges, etag: this.etag(task) };
	}

	private etag({ id }: SandboxTask): string | undefined {
		const { etag = 'strong' } = this.options;
		const version = etag === 'changing' ? ++this.answered : 0;
		const hash = createHash('sha256').update(`${id} ${version}`).digest('hex').slice(0, 16);
		if (etag === 'none') return undefined;
		return etag === 'weak' ? `W/"${hash}"` : `"${hash}"`;
	}
}
