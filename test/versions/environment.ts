import type { JestEnvironmentConfig, EnvironmentContext } from '@jest/environment';
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

import { isLacking } from './lacking';

/** Where n8n lacks what a test wants, the test has to fail: a list that says too much is found out. */
export default class VersionEnvironment extends TestEnvironment {
	private readonly n8n: string;

	constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
		super(config, context);
		this.n8n = String(config.projectConfig.testEnvironmentOptions.n8n);
	}

	handleTestEvent = (event: Circus.AsyncEvent | Circus.SyncEvent): void => {
		if (event.name !== 'test_start') return;
		event.test.failing ||= isLacking(nameOf(event.test), this.n8n);
	};
}

function nameOf(test: Circus.TestEntry): string {
	const names = [test.name];
	for (let block = test.parent; block.parent; block = block.parent) names.unshift(block.name);
	return names.join(' ');
}
