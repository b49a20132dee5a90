import type { Call, RecordedRequest } from './exchange';
import type { Fault } from './faults';
import type { TaskStatus } from './task';

export interface FaultRule {
	call: Call;
	/** The index of the task in order of creation, from 0; for `create`, that of the create request. */
	task?: number;
	/** The task created from this prompt, now or later, regardless of the order. Not with `task`. */
	prompt?: string;
	/** Only while the task has this status. */
	status?: TaskStatus;
	/**
	 * The number of the call, counted from 1 for each task. Calls without a task are counted
	 * together, or by prompt if the rule has one. Absent: every call.
	 */
	nth?: number | number[];
	/** The maximum number of times. */
	times?: number;
	fault: Fault;
}

export interface CallInfo {
	taskIndex?: number;
	nth: number;
	request: RecordedRequest;
}

interface CallDetails {
	taskIndex?: number;
	nth: number;
	prompt?: string;
	status?: TaskStatus;
}

export type FaultFor = (call: Call, info: CallInfo) => Fault | undefined;

/** Counts calls and finds the rule that applies to one. */
export class FaultTable {
	private readonly counts = new Map<string, number>();
	private readonly used = new Map<FaultRule, number>();

	/** The number of calls with this name, including the current one. */
	count(name: string): number {
		const count = (this.counts.get(name) ?? 0) + 1;
		this.counts.set(name, count);
		return count;
	}

	/** The first rule for the call. The prompt of a create request is unknown until its body is read. */
	find(
		rules: FaultRule[],
		call: Call,
		{ taskIndex, nth, prompt, status }: CallDetails,
	): Fault | undefined {
		const rule = rules.find(
			(candidate) =>
				candidate.call === call &&
				(candidate.task === undefined || candidate.task === taskIndex) &&
				(candidate.prompt === undefined || candidate.prompt === prompt) &&
				(candidate.status === undefined || candidate.status === status) &&
				(candidate.nth === undefined || [candidate.nth].flat().includes(nth)) &&
				(this.used.get(candidate) ?? 0) < (candidate.times ?? Infinity),
		);
		if (rule) this.used.set(rule, (this.used.get(rule) ?? 0) + 1);
		return rule?.fault;
	}
}
