import type { Part } from './multipart';

export interface TaskError {
	code: string;
	message: string;
}

/** The end of a task; `withoutFile` is completed but has no video, with or without a reason. */
export type Outcome = 'completed' | { error: TaskError | null } | { withoutFile: TaskError | null };

export interface TaskOptions {
	/** The time from creation to the end; Infinity for a task that never finishes. */
	jobMs?: number | ((taskIndex: number, prompt: string) => number);
	/** The part of `jobMs` that a task is `queued`. */
	queuedShare?: number;
	progress?: 'linear' | 'none';
	outcome?: (taskIndex: number, prompt: string) => Outcome;
	/** Whether ids are numbers, including in responses. */
	numericIds?: boolean;
	/** The ID of a task, instead of one like CometAPI's. */
	ids?: (index: number) => string;
	/** The time from a task's end to its `expires_at`, when its file is deleted; default one day. */
	fileLifeMs?: number;
}

export interface SandboxTask {
	/** In order of creation, from 0. */
	index: number;
	id: string;
	prompt: string;
	model: string;
	size: string;
	/** The value sent, or empty. */
	seconds: string;
	parts: Part[];
	createdAtMs: number;
	jobMs: number;
	outcome: Outcome;
}

export type TaskStatus = 'queued' | 'in_progress' | 'completed' | 'failed';
