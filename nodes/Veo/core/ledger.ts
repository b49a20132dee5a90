import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { clock, fromDate } from '../clock';
import type { Task } from '../transport/task';
import { textFields } from '../transport/videoForm';
import type { VideoRequest } from '../transport/videoForm';
import type { Job } from './job';
import type { OddResponses } from './oddResponses';
import { checkSavedVersion, SAVED_VERSION } from './savedVersion';
import { isAgentTool, memoryOf, runIndexOf } from '../n8n';

/** The state of one request; JSON that n8n saves with the execution. */
interface Entry {
	taskId?: string;
	/** When the task was created, in ms since 1970. */
	createdAt?: number;
	/** The execution that sent the request, until its response is known. */
	sentIn?: string;
}

/** As n8n saves it in the context of the node. */
interface SavedLedger {
	version: number;
	/** The run of the node that the entries belong to. */
	run: string;
	entries: Record<string, Entry>;
}

/** A task that is paid for. */
export interface PaidTask {
	id: string;
	/** On the clock, in ms; -Infinity if it is not known. */
	createdAt: number;
	/** Its key in the ledger; absent if this run of the node has not created it. */
	key?: string;
	/** Whether this node has created it; else its ID comes from the user. */
	isOurs: boolean;
	/** As CometAPI returned it when it was created just now; absent if it was created before. */
	task?: Task;
	/** The odd responses since the last one that had the task. */
	odd?: OddResponses;
}

/** An AI Agent calls its tool again in another run of the node. */
const ALL_CALLS = 'agent';

/** The unfinished creations, the last one of each request, by the entries of the execution. */
const creations = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Everything this run of the node has sent and paid for. n8n's node context keeps it through Retry On
 * Fail (the same execution) and the Retry button (a new execution with the old context).
 */
export class Ledger {
	private constructor(
		private readonly entries: Record<string, Entry>,
		private readonly executionId: string,
		private readonly isForAgent: boolean,
	) {}

	/** @throws VideoError if a newer version of the package has saved the ledger */
	static open(context: IExecuteFunctions): Ledger {
		const stored = memoryOf(context) as unknown as { veoTasks?: SavedLedger };
		checkSavedVersion(stored.veoTasks);
		const isForAgent = isAgentTool(context);
		const run = isForAgent ? ALL_CALLS : String(runIndexOf(context));
		// The runs of a loop share one context; a retry is always one of the latest run.
		const entries = stored.veoTasks?.run === run ? stored.veoTasks.entries : {};
		stored.veoTasks = { version: SAVED_VERSION, run, entries };
		return new Ledger(entries, context.getExecutionId() ?? '', isForAgent);
	}

	/** The task that an earlier attempt of this run has created for the request. */
	taskOf(key: string): PaidTask | undefined {
		const { taskId, createdAt = 0 } = this.entries[key] ?? {};
		return taskId
			? { id: taskId, createdAt: Math.min(fromDate(createdAt), clock.now()), key, isOurs: true }
			: undefined;
	}

	/** Whether the request is paid for, or may be. */
	knows(key: string): boolean {
		return this.taskOf(key) !== undefined || this.wasLost(key);
	}

	/** Sent in this execution without a response. Only a person may send it again. */
	wasLost(key: string): boolean {
		return this.entries[key]?.sentIn === this.executionId;
	}

	/** Creates after all earlier creations of the same request: an agent may call twice at once. */
	async inTurn<T>(key: string, create: () => Promise<T>): Promise<T> {
		const last = creations.get(this.entries) ?? new Map<string, Promise<unknown>>();
		creations.set(this.entries, last);
		const creation = (last.get(key) ?? Promise.resolve()).then(create, create);
		last.set(key, creation);
		try {
			return await creation;
		} finally {
			if (last.get(key) === creation) last.delete(key);
		}
	}

	/** Call before sending: from now on the request counts as lost until its response is known. */
	sending(key: string): void {
		this.entries[key] = { sentIn: this.executionId };
	}

	created(key: string, taskId: string): void {
		this.entries[key] = { taskId, createdAt: clock.date() };
	}

	/** Nothing was created, or the task is useless. */
	drop(key: string): void {
		delete this.entries[key];
	}

	/** An agent that has its video and asks for the same again wants another one, but not one that asks twice at once. */
	delivered(key: string): void {
		const isAskedAgain = creations.get(this.entries)?.has(key);
		if (this.isForAgent && !isAskedAgain) this.drop(key);
	}

	/** The tasks of this run that can still give a video. */
	taskIds(): string[] {
		return Object.values(this.entries).flatMap(({ taskId }) => taskId ?? []);
	}
}

/**
 * Tells apart two items, two videos of one item, and two requests by everything that was entered.
 * @param images what tells each image apart from others
 */
export function requestKey(request: Job & Omit<VideoRequest, 'images'>, images: string[]): string {
	const {
		itemIndexes: [item],
		copy,
	} = request;
	const hash = createHash('sha256').update(JSON.stringify([textFields(request), images]));
	return `${item}${copy > 0 ? `.${copy}` : ''}:${hash.digest('base64url')}`;
}
