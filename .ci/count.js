// Prints how Jest's runs went together, from their JSON results. Fails where nothing was run or
// anything failed.
const { readFileSync } = require('node:fs');

const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const sum = (count) => runs.reduce((total, run) => total + count(run), 0);
const passed = sum((run) => run.numPassedTests);
// A file that could not be run at all has no tests to count.
const failed = sum((run) => run.numFailedTests + run.numRuntimeErrorTestSuites);
const pending = sum((run) => run.numPendingTests);
console.log(`${passed} passed, ${failed} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
process.exitCode = runs.every(({ success, numPassedTests }) => success && numPassedTests > 0)
	? 0
	: 1;
