// Prints the totals of several Jest runs, from their JSON results. Fails if any test failed or none ran.
const { readFileSync } = require('node:fs');

const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const sum = (count) => runs.reduce((total, run) => total + count(run), 0);
const passed = sum((run) => run.numPassedTests);
// a test file that fails to load has no tests to count
const failed = sum((run) => run.numFailedTests + run.numRuntimeErrorTestSuites);
const pending = sum((run) => run.numPendingTests);
console.log(`${passed} passed, ${failed} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
process.exitCode = runs.every(({ success, numPassedTests }) => success && numPassedTests > 0)
	? 0
	: 1;
