// Prints how a Jest run went, from its JSON result. Fails where nothing was run or anything failed.
const { readFileSync } = require('node:fs');

const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(
	readFileSync(process.argv[2], 'utf8'),
);
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
console.log(`${numPassedTests} passed, ${numFailedTests} failed${skipped}`);
process.exitCode = success && numPassedTests > 0 ? 0 : 1;
