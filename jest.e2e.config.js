/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config'),
	roots: ['<rootDir>/test/e2e'],
	// n8n is killed at moments that take minutes to meet, and may lose an execution itself
	testPathIgnorePatterns: ['/node_modules/', ...(process.env.KILLS ? [] : ['Kills\\.test\\.ts$'])],
	globalSetup: '<rootDir>/test/e2e/support/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/support/globalTeardown.ts',
	// videos are generated in real time, and n8n is slow on a busy machine
	testTimeout: 180_000,
};
