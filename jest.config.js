/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
	restoreMocks: true,
	maxWorkers: '100%',
	// on a busy machine, a worker with a gigabyte of memory takes longer than the default 0.5 s to end
	workerGracefulExitTimeout: 5_000,
	// loading n8n-core takes seconds on a busy machine
	testTimeout: 30_000,
};
