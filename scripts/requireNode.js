// Runs before the tools, because on an older Node.js they fail with messages that don't say why.
const { engines } = require('../package.json');

/** @returns why this version of Node.js can't be used, or undefined if it can */
function nodeError(version) {
	const numbers = (text) => text.match(/\d+/g).map(Number);
	const [major, minor] = numbers(version);
	const [oldestMajor, oldestMinor] = numbers(engines.node);
	if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
	return `This project needs Node.js ${oldestMajor}.${oldestMinor} or later, and this is ${version}. Get a newer one from https://nodejs.org, or with a version manager, e.g. "nvm install".`;
}

module.exports = { nodeError };

if (require.main === module) {
	const error = nodeError(process.versions.node);
	if (error) console.error(error);
	process.exitCode = error ? 1 : 0;
}
