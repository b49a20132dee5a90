import type { Pack } from '../../../scripts/n8n/pack';
import type { RunningN8n } from '../../../scripts/n8n/start';

/** An n8n that all files of a test run share. */
export type SharedN8n = Pick<RunningN8n, 'pid' | 'url' | 'userFolder' | 'logFile' | 'startMs'>;

interface Shared {
	/** For all files of a test run; deleted when the run ends. */
	folder: string;
	pack: Pack;
	/** By version and binary mode. If there is no match, a test file starts its own n8n. */
	n8n: Record<string, SharedN8n>;
}

const NAME = 'VEO_E2E';

/** The global setup passes this to the processes that run the test files. */
export const shared = {
	set: (value: Shared) => {
		process.env[NAME] = JSON.stringify(value);
	},
	get: () => JSON.parse(process.env[NAME] ?? '{}') as Shared,
};

export const nameOf = (version: string, binaryMode = '') => `${version} ${binaryMode}`;
