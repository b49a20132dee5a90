import { errorBody, json, webPage, type Answer } from './answers';
import { cataloguePage, modelList } from './catalogue';
import type { Clock } from './clock';
import type { RecordedRequest } from './exchange';
import type { CreateForm } from './multipart';
import { TaskBook, type SandboxTask, type TaskOptions } from './tasks';
import { fixtureFor, videoOf, type Video, type VideoSource } from './video';

export interface PlatformOptions extends TaskOptions {
	/** Default: the landscape or the portrait fixture, as the task's size says. */
	video?: VideoSource;
	/** Whether each task's file has bytes of its own; default true. */
	uniqueFiles?: boolean;
}

/** CometAPI on a good day: what each call is answered with when nothing goes wrong on the way. */
export class Platform {
	readonly book: TaskBook;

	constructor(
		clock: Clock,
		private readonly fileHostUrl: () => string,
		private readonly options: PlatformOptions,
	) {
		this.book = new TaskBook(clock, (task) => this.linkTo(task), options);
	}

	create(form: CreateForm, task: SandboxTask, requestId: string): Answer {
		if (!form.problem) return json(200, this.book.created(task));
		return json(400, errorBody(form.problem, requestId, { code: 'invalid_request' }));
	}

	answer({ call, requestId, url }: RecordedRequest, task?: SandboxTask): Answer {
		const { pathname, searchParams } = new URL(url, 'http://localhost');
		switch (call) {
			case 'models':
				return json(200, modelList());
			case 'catalogue':
				return json(200, cataloguePage(searchParams));
			case 'retrieve':
				return task ? json(200, this.book.retrieved(task)) : this.unknownTask(requestId);
			case 'content':
				return task ? this.content(task, requestId) : this.unknownTask(requestId);
			case 'file':
				return task && this.isCompleted(task) ? this.file(task) : webPage(404);
			default:
				return webPage(pathname === '/' ? 200 : 404);
		}
	}

	videoOf(task: SandboxTask): Video {
		const { video = fixtureFor(task.size), uniqueFiles = true } = this.options;
		return videoOf(video, uniqueFiles ? task.id : undefined);
	}

	private content(task: SandboxTask, requestId: string): Answer {
		if (this.isCompleted(task)) return this.file(task);
		const details = { type: 'invalid_request_error' };
		return json(400, errorBody('The video is not completed yet', requestId, details));
	}

	private file(task: SandboxTask): Answer {
		return { type: 'video', video: this.videoOf(task), link: this.linkTo(task) };
	}

	private unknownTask(requestId: string): Answer {
		const details = { code: 'task_not_exist' };
		return json(404, errorBody('The task does not exist', requestId, details));
	}

	private isCompleted(task: SandboxTask): boolean {
		return this.book.status(task) === 'completed';
	}

	private linkTo(task: SandboxTask): string {
		return `${this.fileHostUrl()}/files/${task.id}.mp4`;
	}
}
