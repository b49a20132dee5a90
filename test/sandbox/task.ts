import type { Part } from './multipart';

export interface TaskError {
	code: string;
	message: string;
}

/** How a task ends; `withoutFile` is completed but has no video, with or without a reason. */
export type Outcome = 'completed' | { error: TaskError | null } | { withoutFile: TaskError | null };

export interface TaskOptions {
	/** From creation to the end; Infinity for a task that never finishes. */
	jobMs?: number | ((taskIndex: number, prompt: string) => number);
	/** The part of `jobMs` a task spends as `queued`. */
	queuedShare?: number;
	progress?: 'linear' | 'none';
	outcome?: (taskIndex: number, prompt: string) => Outcome;
	/** Whether ids are numbers, in answers too. */
	numericIds?: boolean;
	/** The ID of a task, in place of one of CometAPI's kind. */
	ids?: (index: number) => string;
	/** From a task's end to its `expires_at`, when its file is gone; default one day. */
	fileLifeMs?: number;
}

export interface SandboxTask {
	/** In order of creation, from 0. */
	index: number;
	id: string;
	prompt: string;
	model: string;
	size: string;
	/** As sent, or empty. */
	seconds: string;
	parts: Part[];
	createdAtMs: number;
	jobMs: number;
	outcome: Outcome;
}

export type TaskStatus = 'queued' | 'in_progress' | 'completed' | 'failed';
