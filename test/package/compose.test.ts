import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { N8N_VERSION } from '../../scripts/n8n/install';
import { workerSettings } from '../../scripts/n8n/start';
import { queueSettings } from '../e2e/support/queue/settings';

const FILE = join(__dirname, '..', '..', 'docs', 'compose.yaml');
const text = readFileSync(FILE, 'utf8');
/** Settings whose value depends on the machine: host names, ports and secrets. */
const LOCAL = /_(HOST|PORT|USER|DATABASE|PASSWORD|KEY)$/;

/** @returns the settings of the block that starts with this line */
function settingsAfter(line: string): Record<string, string> {
	const [, block] = text.split(`${line}\n`);
	const [first] = /^ */.exec(block) as RegExpExecArray;
	const lines = block.split('\n');
	const end = lines.findIndex((each) => !each.startsWith(first));
	const pairs = lines
		.slice(0, end)
		.map((each) => /^ *([A-Z][A-Z0-9_]+): (.*)$/.exec(each))
		.filter((match) => match !== null)
		.map(([, name, value]) => [name, value.replace(/^'(.*)'$/, '$1')]);
	return Object.fromEntries(pairs);
}

describe('docs/compose.yaml', () => {
	it.each([
		[
			'the main process and workers',
			'environment: &settings',
			queueSettings({ redis: 0, postgres: 0 }),
		],
		['workers only', '<<: *settings', workerSettings(0)],
	])('gives %s the settings that the queue tests use', (_, line, tested) => {
		const given = settingsAfter(line);
		expect(Object.keys(given)).toEqual(expect.arrayContaining(Object.keys(tested)));
		const fixed = Object.entries(tested).filter(([name]) => !LOCAL.test(name));
		expect(given).toMatchObject(Object.fromEntries(fixed));
	});

	it('contains no secret', () => {
		const secrets = [...text.matchAll(/^ *\w*(?:PASSWORD|_KEY): (.*)$/gm)].map(
			([, value]) => value,
		);
		expect(secrets).toHaveLength(3);
		for (const value of secrets) expect(value).toMatch(/^\$\{\w+:\?set it in \.env\}$/);
	});

	it('uses the n8n version that the tests use', () => {
		expect(text).toContain(`image: n8nio/n8n:${N8N_VERSION}`);
	});
});
