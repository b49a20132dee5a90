// Not TypeScript: Jest loads the environment without its transform.
const { TestEnvironment } = require('jest-environment-node');

const { isBeyond } = require('./requiredVersion');

/** Expects tests of what this n8n cannot do to fail, so that a wrong mark fails too. */
module.exports = class VersionEnvironment extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		this.n8n = config.projectConfig.testEnvironmentOptions.n8n;
	}

	handleTestEvent({ name, test }) {
		if (name === 'test_start') test.failing ||= isBeyond(titleOf(test), this.n8n);
	}
};

function titleOf(test) {
	const names = [test.name];
	for (let block = test.parent; block.parent; block = block.parent) names.unshift(block.name);
	return names.join(' ');
}
