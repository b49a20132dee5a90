/** What a workflow can branch on when a video was not made; all of it is safe to store. */
export interface FaultDetails {
	taskId?: string;
	/** Last state seen of the task. */
	status?: string;
	httpCode?: number;
	/** CometAPI's own error code, or Node's for the network. */
	code?: string;
	/** Where the finished video can still be fetched by hand. */
	videoUrl?: string;
	/** Whether running the item again as it is may succeed. */
	retryable: boolean;
	/** Whether CometAPI may have taken the request, and billed it, without our seeing the answer. */
	mayHaveBeenCreated: boolean;
}

export interface FaultOptions {
	/** How to get on, in the user's words. */
	advice: string;
	details?: Partial<FaultDetails>;
	/** Passes by itself: the same request may be sent again without harm. */
	passing?: boolean;
	/** How long the server asks to be left alone. */
	retryAfterMs?: number;
	/** Where it is not the first item of the video. */
	itemIndex?: number;
}

/** One item's way ended here. `run/batch.ts` turns it into n8n's own errors. */
export class Fault extends Error {
	readonly advice: string;

	readonly details: FaultDetails;

	readonly passing: boolean;

	readonly retryAfterMs: number;

	readonly itemIndex?: number;

	constructor(message: string, options: FaultOptions) {
		super(message);
		this.advice = options.advice;
		this.passing = options.passing ?? false;
		this.retryAfterMs = options.retryAfterMs ?? 0;
		this.itemIndex = options.itemIndex;
		this.details = { retryable: this.passing, mayHaveBeenCreated: false, ...options.details };
	}

	/** The same fault with what is known further up: the task, and perhaps other advice. */
	with(details: Partial<FaultDetails>, advice = this.advice): Fault {
		return new Fault(this.message, {
			...this,
			advice,
			details: { ...this.details, ...details },
		});
	}
}

/** Texts in a row, each without its full stop. */
export const sentences = (...texts: string[]) => texts.filter(Boolean).join('. ');
