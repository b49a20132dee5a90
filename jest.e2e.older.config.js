const { older } = require('./scripts/n8n/versions.json');
const {
	testTimeout,
	maxWorkers,
	testSequencer,
	workerGracefulExitTimeout,
	...shared
} = require('./jest.e2e.config');

/** Tests that depend on the place of n8n's files. */
const FILES = ['operations', 'images', 'executions'];
const OTHERS = ['agent', 'editorPanel', 'examples', 'exampleForms', 'exampleRuns', 'hostileServer'];

/** Runs some of the end-to-end tests, unchanged, in older versions of n8n. */
module.exports = {
	testTimeout,
	maxWorkers,
	workerGracefulExitTimeout,
	projects: older.map(({ n8n, binaryMode }) => ({
		...shared,
		displayName: ['n8n', n8n, binaryMode].filter(Boolean).join(' '),
		testMatch: [...FILES, ...(binaryMode ? [] : OTHERS)].map(
			(file) => `<rootDir>/test/e2e/${file}.test.ts`,
		),
		globalSetup: '<rootDir>/test/e2e/support/globalSetupOlder.ts',
		testEnvironmentOptions: { n8n, binaryMode },
	})),
};
