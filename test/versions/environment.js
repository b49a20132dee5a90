// Not in TypeScript, as Jest loads it where its own transform does not reach.
const { TestEnvironment } = require('jest-environment-node');

const { isLacking } = require('./lacking');

/** Where n8n lacks what a test wants, the test has to fail: a list that says too much is found out. */
module.exports = class VersionEnvironment extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		this.n8n = config.projectConfig.testEnvironmentOptions.n8n;
	}

	handleTestEvent({ name, test }) {
		if (name === 'test_start') test.failing ||= isLacking(nameOf(test), this.n8n);
	}
};

function nameOf(test) {
	const names = [test.name];
	for (let block = test.parent; block.parent; block = block.parent) names.unshift(block.name);
	return names.join(' ');
}
