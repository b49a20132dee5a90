// Not TypeScript: Jest loads the environment without its transform.
const { TestEnvironment } = require('jest-environment-node');

const { isBeyond } = require('./marks');

/** Expects tests that this n8n does not support to fail, so that a wrong mark fails too. */
module.exports = class VersionEnvironment extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		const { n8n, binaryMode } = config.projectConfig.testEnvironmentOptions;
		this.n8n = { version: n8n, binaryMode };
		// passes this n8n and this setting to everything that the tests start
		const { env } = this.global.process;
		env.N8N_VERSION = n8n;
		if (binaryMode) env.N8N_DEFAULT_BINARY_DATA_MODE = binaryMode;
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
