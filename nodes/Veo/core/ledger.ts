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

/** The calls of one request that run at once: an agent may make the same one twice. */
interface Sharing {
	calls: number;
	/** Those that have a task but no video yet; one that has failed may be made again. */
	withoutVideo: number;
	/** The latest of their creations, which take turns. */
	creation: Promise<unknown>;
	/** The task that they have delivered. */
	deliveredId?: string;
}

/** By the entries of the execution and the key. */
const sharings = new WeakMap<object, Map<string, Sharing>>();

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

	/** Creates after all earlier creations of the same request. A task must then be used. */
	async inTurn(key: string, create: () => Promise<PaidTask>): Promise<PaidTask> {
		const all = sharings.get(this.entries) ?? new Map<string, Sharing>();
		sharings.set(this.entries, all);
		const sharing = all.get(key) ?? { calls: 0, withoutVideo: 0, creation: Promise.resolve() };
		all.set(key, sharing);
		sharing.calls++;
		const creation = sharing.creation.then(create, create);
		sharing.creation = creation;
		let isCreated = false;
		try {
			const paid = await creation;
			isCreated = true;
			sharing.withoutVideo++;
			return paid;
		} finally {
			if (!isCreated) this.endCall(key);
		}
	}

	/** Keeps the task until all calls that share it have delivered it. */
	async using<T>({ key = '' }: PaidTask, use: () => Promise<T>): Promise<T> {
		try {
			return await use();
		} finally {
			this.endCall(key);
		}
	}

	private sharingOf(key: string): Sharing | undefined {
		return sharings.get(this.entries)?.get(key);
	}

	private endCall(key: string): void {
		const sharing = this.sharingOf(key)!;
		if (--sharing.calls > 0) return;
		sharings.get(this.entries)!.delete(key);
		const { deliveredId, withoutVideo } = sharing;
		if (deliveredId && withoutVideo === 0) this.drop(key, deliveredId);
	}

	/** Call before sending: from now on the request counts as lost until its response is known. */
	sending(key: string): void {
		this.entries[key] = { sentIn: this.executionId };
	}

	created(key: string, taskId: string): void {
		this.entries[key] = { taskId, createdAt: clock.date() };
	}

	/** Nothing was created, or the task is useless. @param taskId does nothing if another task has followed */
	drop(key: string, taskId?: string): void {
		if (!taskId || this.entries[key]?.taskId === taskId) delete this.entries[key];
	}

	/** An agent that has its video and asks for the same again wants another one. */
	delivered({ key, id }: PaidTask): void {
		const sharing = this.sharingOf(key ?? '');
		if (!this.isForAgent || !sharing) return;
		sharing.deliveredId = id;
		sharing.withoutVideo--;
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
