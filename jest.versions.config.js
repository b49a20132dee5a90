const { require: requireTypeScript } = require('tsx/cjs/api');

const { CORES, ensureCore } = requireTypeScript('./scripts/n8n/install.ts', __filename);
const { testTimeout, maxWorkers, workerGracefulExitTimeout, ...shared } = require('./jest.config');

const ES_MODULES = '(p-retry|is-network-error)/';

// a few random batches are enough here, because the newest n8n runs all of them
process.env.BATCHES ??= '20';

/** Runs the engine tests on the engines of older n8n versions. */
module.exports = async () => ({
	testTimeout,
	maxWorkers,
	workerGracefulExitTimeout,
	projects: await Promise.all(
		CORES.map(async (core) => {
			const modules = await ensureCore(core);
			return {
				...shared,
				displayName: `n8n ${core.n8n}`,
				roots: ['<rootDir>/test/engine'],
				testEnvironment: '<rootDir>/test/versions/environment.js',
				testEnvironmentOptions: { n8n: core.n8n },
				// ES modules, which Node can require and Jest's module loader cannot
				transform: {
					...shared.transform,
					[ES_MODULES]: ['ts-jest', { tsconfig: { allowJs: true } }],
				},
				transformIgnorePatterns: [`/node_modules/(?!${ES_MODULES})`],
				moduleNameMapper: {
					'^n8n-core(/.*)?$': `${modules}/n8n-core$1`,
					'^n8n-workflow$': `${modules}/n8n-workflow`,
				},
			};
		}),
	),
});
