import { randomInt } from 'node:crypto';
import type { Clock } from './clock';
import { fieldOf, type Part } from './multipart';
import type { SandboxTask, TaskError, TaskOptions, TaskStatus } from './task';

const DAY_MS = 24 * 60 * 60 * 1000;
const ALPHANUMERICS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const inSeconds = (ms: number) => Math.floor(ms / 1000);

function newId(): string {
	const letters = Array.from({ length: 32 }, () => ALPHANUMERICS[randomInt(ALPHANUMERICS.length)]);
	return `task_${letters.join('')}`;
}

/** The tasks of one sandbox. A task has no timer: the clock determines its status. */
export class TaskStore {
	readonly tasks: SandboxTask[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly options: TaskOptions,
	) {}

	/** A task that cannot be retrieved until it is added. */
	draft(parts: Part[]): SandboxTask {
		const { jobMs = 20_000, outcome = () => 'completed' as const } = this.options;
		const { numericIds, ids = newId } = this.options;
		const index = this.tasks.length;
		const prompt = fieldOf(parts, 'prompt') ?? '';
		return {
			index,
			id: numericIds ? String(1_000_001 + index) : ids(index),
			prompt,
			// like CometAPI's response, this names the backend's model instead of the alias
			model: (fieldOf(parts, 'model') ?? 'veo3-fast').replace(/^veo3(\.1)?/, 'veo_3_1'),
			size: fieldOf(parts, 'size') ?? '16x9',
			seconds: fieldOf(parts, 'seconds') ?? '',
			parts,
			createdAtMs: this.clock.now(),
			jobMs: typeof jobMs === 'number' ? jobMs : jobMs(index, prompt),
			outcome: outcome(index, prompt),
		};
	}

	add(task: SandboxTask): void {
		this.tasks.push(task);
	}

	find(id: string | undefined): SandboxTask | undefined {
		return this.tasks.find((task) => task.id === id);
	}

	status(task: SandboxTask): TaskStatus {
		if (this.sinceFinishedMs(task) < 0) {
			const elapsedMs = this.clock.now() - task.createdAtMs;
			return elapsedMs < this.queuedMs(task) ? 'queued' : 'in_progress';
		}
		return errorOf(task) === undefined ? 'completed' : 'failed';
	}

	/** Negative before the end. */
	sinceFinishedMs({ createdAtMs, jobMs }: SandboxTask): number {
		return this.clock.now() - createdAtMs - jobMs;
	}

	isExpired(task: SandboxTask): boolean {
		return this.sinceFinishedMs(task) >= this.lifeMs;
	}

	/** The response to the create call. */
	created(task: SandboxTask) {
		return {
			created_at: inSeconds(task.createdAtMs),
			id: this.options.numericIds ? Number(task.id) : task.id,
			model: task.model,
			object: 'video',
			progress: 0,
			seconds: task.seconds,
			size: task.size,
			status: 'queued',
		};
	}

	/** The response to the retrieve call; `link` is for a completed task with a file. */
	retrieved(task: SandboxTask, link?: string) {
		const status = this.status(task);
		const created = this.created(task);
		const finishedAtMs = task.createdAtMs + task.jobMs;
		const { outcome } = task;
		const withoutFile = outcome !== 'completed' && 'withoutFile' in outcome && outcome.withoutFile;
		return {
			...created,
			task_id: created.id,
			status,
			progress: this.progress(task, status),
			error: (status === 'failed' && errorOf(task)) || null,
			...(status === 'completed' && {
				...(withoutFile && { error: withoutFile }),
				completed_at: inSeconds(finishedAtMs),
				expires_at: inSeconds(finishedAtMs + this.lifeMs),
				...(link && outcome === 'completed' && { video_url: link }),
			}),
		};
	}

	private get lifeMs(): number {
		return this.options.fileLifeMs ?? DAY_MS;
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

/** Undefined for a task that will be completed. */
const errorOf = ({ outcome }: SandboxTask): TaskError | null | undefined =>
	outcome !== 'completed' && 'error' in outcome ? outcome.error : undefined;
