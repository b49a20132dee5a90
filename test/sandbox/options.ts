import type { Clock } from './clock';
import type { FaultFor, FaultRule } from './faultRules';
import type { PlatformOptions } from './platform';

export interface SandboxOptions extends PlatformOptions {
	/** The port of the API; default 0, any free one. */
	port?: number;
	/** The port of the file host; default 0, any free one. */
	filePort?: number;
	/** Default `sk-test-key`. */
	apiKey?: string;
	clock?: Clock;
	faults?: FaultRule[];
	/** Called for every known, authorized call without a matching rule, once its headers have arrived. */
	faultFor?: FaultFor;
	/** Delays every response, by the clock. */
	latencyMs?: number;
	/** Whether recorded images keep their bytes in addition to their size and hash; default true. */
	keepImages?: boolean;
}
