const { availableParallelism } = require('node:os');

const { main } = require('./scripts/n8n/versions.json');

/** @type {import('jest').Config} */
module.exports = {
	...require('./jest.config'),
	roots: ['<rootDir>/test/e2e'],
	// only for n8n 1.x
	testPathIgnorePatterns: ['/node_modules/', ...(process.env.N8N_VERSION ? [] : ['queueStalled'])],
	// some files mostly wait for paused executions
	maxWorkers: Math.max(3, availableParallelism()),
	testSequencer: '<rootDir>/test/e2e/support/longestFirst.js',
	testEnvironment: '<rootDir>/test/versions/environment.js',
	testEnvironmentOptions: { n8n: process.env.N8N_VERSION ?? main },
	globalSetup: '<rootDir>/test/e2e/support/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/support/globalTeardown.ts',
	// videos are generated in real time, and n8n is slow on a busy machine
	testTimeout: 180_000,
};
