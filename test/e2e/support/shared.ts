import type { Pack } from '../../../scripts/n8n/pack';

interface Shared {
	/** For all files of a test run; deleted when the run ends. */
	folder: string;
	pack: Pack;
}

const NAME = 'VEO_E2E';

/** What the global setup passes to the processes that run the test files. */
export const shared = {
	set: (value: Shared) => {
		process.env[NAME] = JSON.stringify(value);
	},
	get: () => JSON.parse(process.env[NAME] ?? '{}') as Shared,
};
