import { errorBody, flatErrorBody, json, webPage, type Answer } from './answers';
import { CATALOGUE, cataloguePage, modelList, type CatalogueRow } from './catalogue';
import type { Clock } from './clock';
import type { RecordedRequest } from './exchange';
import { FileStore, type FileOptions } from './files';
import type { CreateForm } from './multipart';
import type { SandboxTask, TaskOptions } from './task';
import { TaskStore } from './tasks';

export interface PlatformOptions extends TaskOptions, FileOptions {
	/**
	 * The link of completed tasks. `true`, the default: to the file host; `content`: to the task's
	 * own `/content`, which requires the key; `data`: a `data:` URL; `false`: no link.
	 */
	videoUrl?: boolean | 'content' | 'data';
	/** The rows of the public catalogue; default `CATALOGUE`. */
	catalogue?: CatalogueRow[];
}

/** CometAPI's responses without faults. */
export class Platform {
	readonly tasks: TaskStore;
	readonly files: FileStore;

	constructor(
		clock: Clock,
		/** Known only once the servers are listening. */
		private readonly urls: { readonly baseUrl: string; readonly fileHostUrl: string },
		private readonly options: PlatformOptions,
	) {
		this.tasks = new TaskStore(clock, options);
		this.files = new FileStore(this.tasks, (task) => this.fileHostLink(task), options);
	}

	create(form: CreateForm, task: SandboxTask, requestId: string): Answer {
		if (!form.problem) return json(200, this.tasks.created(task));
		return json(400, errorBody(form.problem, requestId, { code: 'invalid_request' }));
	}

	answer({ call, requestId, url }: RecordedRequest, task?: SandboxTask): Answer {
		const { pathname, searchParams } = new URL(url, 'http://localhost');
		const { catalogue = CATALOGUE } = this.options;
		switch (call) {
			case 'models':
				return json(200, modelList(catalogue));
			case 'catalogue':
				return json(200, cataloguePage(catalogue, searchParams));
			case 'retrieve':
				if (!task) return json(400, flatErrorBody('task_not_exist', 'task_not_exist'));
				return json(200, this.tasks.retrieved(task, this.linkOf(task)));
			case 'content':
				return task ? this.files.atContent(task, requestId) : taskNotFound(requestId);
			case 'file':
				return this.files.atFileHost(task);
			default:
				return webPage(pathname === '/' ? 200 : 404);
		}
	}

	private linkOf(task: SandboxTask): string | undefined {
		switch (this.options.videoUrl ?? true) {
			case true:
				return this.fileHostLink(task);
			case 'content':
				return `${this.urls.baseUrl}/v1/videos/${encodeURIComponent(task.id)}/content`;
			case 'data': {
				const video = this.files.videoOf(task);
				const base64 = Buffer.concat([...video.chunks()]).toString('base64');
				return `data:${video.mimeType};base64,${base64}`;
			}
			case false:
				return undefined;
		}
	}

	private fileHostLink({ id }: SandboxTask): string {
		return `${this.urls.fileHostUrl}/files/${encodeURIComponent(id)}.mp4`;
	}
}

const taskNotFound = (requestId: string) =>
	json(404, errorBody('Task not found', requestId, { type: 'invalid_request_error' }));
