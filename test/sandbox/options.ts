import type { Clock } from './clock';
import type { FaultFor, FaultRule } from './faultRules';
import type { PlatformOptions } from './platform';

export interface SandboxOptions extends PlatformOptions {
	/** Of the API; default 0, any free one. */
	port?: number;
	/** Of the file host; default 0, any free one. */
	filePort?: number;
	/** Default `sk-test-key`. */
	apiKey?: string;
	clock?: Clock;
	faults?: FaultRule[];
	/** Asked about every known, authorised call to which no rule applies, once its headers are in. */
	faultFor?: FaultFor;
	/** Delays every answer, by the clock. */
	latencyMs?: number;
	/** Whether recorded images keep their bytes as well as their size and hash; default true. */
	keepImages?: boolean;
}
