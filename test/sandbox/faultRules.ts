import type { Call, RecordedRequest } from './exchange';
import type { Fault } from './faults';

export interface FaultRule {
	call: Call;
	/** Which task, in order of creation from 0; for `create`, which create request. */
	task?: number;
	/** The task made (or to be made) from this prompt: a choice that no order can upset. Not with `task`. */
	prompt?: string;
	/**
	 * The how-manieth such call, from 1, counted for each task; for calls without a task, among all
	 * such calls (of that prompt, where one is given). Absent: every one.
	 */
	nth?: number | number[];
	/** At most so often. */
	times?: number;
	fault: Fault;
}

export interface CallInfo {
	taskIndex?: number;
	nth: number;
	request: RecordedRequest;
}

export type FaultFor = (call: Call, info: CallInfo) => Fault | undefined;

/** Counts calls, and finds the rule that holds for one. */
export class FaultTable {
	private readonly counts = new Map<string, number>();
	private readonly used = new Map<FaultRule, number>();

	/** How many there were under this name, the present one included. */
	count(name: string): number {
		const count = (this.counts.get(name) ?? 0) + 1;
		this.counts.set(name, count);
		return count;
	}

	/** The first rule for the call; `prompt` is unknown while a create request's body is under way. */
	find(
		rules: FaultRule[],
		call: Call,
		{ taskIndex, nth, prompt }: { taskIndex?: number; nth: number; prompt?: string },
	): Fault | undefined {
		const rule = rules.find(
			(candidate) =>
				candidate.call === call &&
				(candidate.task === undefined || candidate.task === taskIndex) &&
				(candidate.prompt === undefined || candidate.prompt === prompt) &&
				(candidate.nth === undefined || [candidate.nth].flat().includes(nth)) &&
				(this.used.get(candidate) ?? 0) < (candidate.times ?? Infinity),
		);
		if (rule) this.used.set(rule, (this.used.get(rule) ?? 0) + 1);
		return rule?.fault;
	}
}
