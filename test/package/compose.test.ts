import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { N8N_VERSION } from '../../scripts/n8n/install';
import { workerSettings } from '../../scripts/n8n/start';
import { queueSettings } from '../e2e/support/queue/settings';

const FILE = join(__dirname, '..', '..', 'docs', 'compose.yaml');
const text = readFileSync(FILE, 'utf8');
/** Those that name a machine, a port or a secret of the tests. */
const OWN = /_(HOST|PORT|USER|DATABASE|PASSWORD|KEY)$/;

/** The settings of the block that begins with this line. */
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
		['main and workers', 'environment: &settings', queueSettings({ redis: 0, postgres: 0 })],
		['workers alone', '<<: *settings', workerSettings(0)],
	])('should give %s the settings that the tests run with', (_, line, tested) => {
		const given = settingsAfter(line);
		expect(Object.keys(given)).toEqual(expect.arrayContaining(Object.keys(tested)));
		const fixed = Object.entries(tested).filter(([name]) => !OWN.test(name));
		expect(given).toMatchObject(Object.fromEntries(fixed));
	});

	it('should hold no secret', () => {
		const secrets = [...text.matchAll(/^ *\w*(?:PASSWORD|_KEY): (.*)$/gm)].map(
			([, value]) => value,
		);
		expect(secrets).toHaveLength(3);
		for (const value of secrets) expect(value).toMatch(/^\$\{\w+:\?set it in \.env\}$/);
	});

	it('should run the n8n that the tests run', () => {
		expect(text).toContain(`image: n8nio/n8n:${N8N_VERSION}`);
	});
});
