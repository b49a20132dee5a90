// Prints how a Jest run went, from its JSON result. Fails where nothing was run or anything failed.
const { readFileSync } = require('node:fs');

const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, success } =
	JSON.parse(readFileSync(process.argv[2], 'utf8'));
// A file that could not be run at all has no tests to count.
const failed = numFailedTests + numRuntimeErrorTestSuites;
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
console.log(`${numPassedTests} passed, ${failed} failed${skipped}`);
process.exitCode = success && numPassedTests > 0 ? 0 : 1;
