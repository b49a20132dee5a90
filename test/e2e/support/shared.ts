import type { Pack } from '../../../scripts/n8n/pack';

interface Shared {
	/** For whatever a run leaves behind; removed at its end. */
	folder: string;
	pack: Pack;
}

const NAME = 'VEO_E2E';

/** What the global setup hands to the processes that run the test files. */
export const shared = {
	set: (value: Shared) => {
		process.env[NAME] = JSON.stringify(value);
	},
	get: () => JSON.parse(process.env[NAME] ?? '{}') as Shared,
};
