import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../clock';
import { textFields } from '../transport/videoForm';
import type { VideoRequest } from '../transport/videoForm';
import type { Job } from './job';
import { checkSavedVersion, SAVED_VERSION } from './savedVersion';
import { isAgentTool, memoryOf, runIndexOf } from '../n8n';

/** What is known of one request. Kept as JSON with the execution. */
interface Entry {
	taskId?: string;
	/** When the task was created, in ms. */
	createdAt?: number;
	/** The execution in which the request was sent, as long as its answer is not known. */
	sentIn?: string;
}

/** As n8n saves it in the context of the node. */
interface SavedLedger {
	version: number;
	/** The run of the node that the entries belong to. */
	run: string;
	entries: Record<string, Entry>;
}

export interface KnownTask {
	id: string;
	createdAt: number;
}

/** An AI Agent that calls its tool again does so in another run of the node. */
const ALL_CALLS = 'agent';

/**
 * What this run of the node has sent and paid for. It is kept in n8n's node context, which survives
 * Retry On Fail (the same execution) and the Retry button (a new execution with the old context).
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
	taskOf(key: string): KnownTask | undefined {
		const { taskId, createdAt = 0 } = this.entries[key] ?? {};
		return taskId ? { id: taskId, createdAt } : undefined;
	}

	/** Sent in this same execution, and the answer never came. Only a person may send it again. */
	wasLost(key: string): boolean {
		return this.entries[key]?.sentIn === this.executionId;
	}

	/** To be called before the request goes out: from here on it counts as lost until it is known. */
	sending(key: string): void {
		this.entries[key] = { sentIn: this.executionId };
	}

	created(key: string, taskId: string): void {
		this.entries[key] = { taskId, createdAt: clock.now() };
	}

	/** Surely nothing was created, or what was created came to nothing. */
	drop(key: string): void {
		delete this.entries[key];
	}

	/** An agent that asks for the same again after it has its video wants another one. */
	delivered(key: string): void {
		if (this.isForAgent) this.drop(key);
	}

	/** Every task of this run that is still worth something. */
	taskIds(): string[] {
		return Object.values(this.entries).flatMap(({ taskId }) => taskId ?? []);
	}
}

/** Tells apart two items, two videos of one item, and two requests by everything that is sent. */
export function requestKey({ itemIndexes: [item], copy }: Job, request: VideoRequest): string {
	const hash = createHash('sha256').update(JSON.stringify(textFields(request)));
	for (const { bytes, mimeType } of request.images) {
		hash.update(`\n${mimeType} ${bytes.length}\n`).update(bytes);
	}
	return `${item}${copy > 0 ? `.${copy}` : ''}:${hash.digest('base64url')}`;
}
