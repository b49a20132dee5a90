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
	// for a test that hangs: no test measures time, as a busy machine is slow
	testTimeout: 600_000,
};
