import { randomInt } from 'node:crypto';
import type { Clock } from './clock';
import { fieldOf, type Part } from './multipart';

export type Outcome = 'completed' | { error: { code: string; message: string } | null };

export interface TaskOptions {
	/** From creation to the end; Infinity for a task that never finishes. */
	jobMs?: number | ((taskIndex: number, prompt: string) => number);
	/** The part of `jobMs` a task spends as `queued`. */
	queuedShare?: number;
	progress?: 'linear' | 'none';
	outcome?: (taskIndex: number, prompt: string) => Outcome;
	/** Whether completed tasks link to the file host; otherwise only `/content` has the bytes. */
	videoUrl?: boolean;
}

export interface SandboxTask {
	/** In order of creation, from 0. */
	index: number;
	id: string;
	prompt: string;
	model: string;
	size: string;
	parts: Part[];
	createdAtMs: number;
	jobMs: number;
	outcome: Outcome;
}

export type TaskStatus = 'queued' | 'in_progress' | 'completed' | 'failed';

const LINK_LIFE_S = 24 * 60 * 60;
const ALPHANUMERICS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const seconds = (ms: number) => Math.floor(ms / 1000);

function newId(): string {
	const letters = Array.from({ length: 32 }, () => ALPHANUMERICS[randomInt(ALPHANUMERICS.length)]);
	return `task_${letters.join('')}`;
}

/** The tasks of one sandbox. A task has no timer: how far it is follows from the clock. */
export class TaskBook {
	readonly tasks: SandboxTask[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly fileUrl: (task: SandboxTask) => string,
		private readonly options: TaskOptions,
	) {}

	/** A task that nobody can ask for until it is kept. */
	draft(parts: Part[]): SandboxTask {
		const { jobMs = 20_000, outcome = () => 'completed' as const } = this.options;
		const index = this.tasks.length;
		const prompt = fieldOf(parts, 'prompt') ?? '';
		return {
			index,
			id: newId(),
			prompt,
			// as CometAPI does, the answer names the backend's model and not the alias
			model: (fieldOf(parts, 'model') ?? 'veo3-fast').replace(/^veo3(\.1)?/, 'veo_3_1'),
			size: fieldOf(parts, 'size') ?? '16x9',
			parts,
			createdAtMs: this.clock.now(),
			jobMs: typeof jobMs === 'number' ? jobMs : jobMs(index, prompt),
			outcome: outcome(index, prompt),
		};
	}

	keep(task: SandboxTask): void {
		this.tasks.push(task);
	}

	find(id: string | undefined): SandboxTask | undefined {
		return this.tasks.find((task) => task.id === id);
	}

	status(task: SandboxTask): TaskStatus {
		const elapsedMs = this.clock.now() - task.createdAtMs;
		if (elapsedMs >= task.jobMs) return task.outcome === 'completed' ? 'completed' : 'failed';
		return elapsedMs < this.queuedMs(task) ? 'queued' : 'in_progress';
	}

	/** The answer to the create call. */
	created(task: SandboxTask) {
		return {
			created_at: seconds(task.createdAtMs),
			id: task.id,
			model: task.model,
			object: 'video',
			progress: 0,
			seconds: '',
			size: task.size,
			status: 'queued',
		};
	}

	/** The answer to the retrieve call. */
	retrieved(task: SandboxTask) {
		const status = this.status(task);
		const completedAt = seconds(task.createdAtMs + task.jobMs);
		return {
			...this.created(task),
			task_id: task.id,
			status,
			progress: this.progress(task, status),
			error: status === 'failed' && task.outcome !== 'completed' ? task.outcome.error : null,
			...(status === 'completed' && {
				completed_at: completedAt,
				expires_at: completedAt + LINK_LIFE_S,
				...((this.options.videoUrl ?? true) && { video_url: this.fileUrl(task) }),
			}),
		};
	}

	private queuedMs(task: SandboxTask): number {
		const { queuedShare = 0.2 } = this.options;
		return queuedShare ? task.jobMs * queuedShare : 0;
	}

	private progress(task: SandboxTask, status: TaskStatus): number {
		if (this.options.progress === 'none' || status === 'queued') return 0;
		if (status !== 'in_progress') return 100;
		const queuedMs = this.queuedMs(task);
		const workedMs = this.clock.now() - task.createdAtMs - queuedMs;
		return Math.floor((100 * workedMs) / (task.jobMs - queuedMs));
	}
}
