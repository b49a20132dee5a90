import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ERROR_KINDS } from '../../nodes/Veo/errors';
import { credentialText } from '../../nodes/Veo/messages/credentialTexts';
import {
	estimateText,
	failedItemsText,
	hintText,
	modelListText,
} from '../../nodes/Veo/messages/hints';
import { requestHints } from '../../nodes/Veo/parameters/request';
import { cancelTexts, errorsOfAllKinds, inputErrors, textIn } from '../support/texts';

const page = readFileSync(join(__dirname, '../../docs/troubleshooting.md'), 'utf8');

/** The cells of the table under a heading, without its head. */
function tableUnder(heading: string): string[][] {
	const [, section = ''] = page.split(`\n## ${heading}\n`);
	const rows = section.split('\n## ')[0].match(/^\|.*\|$/gm) ?? [];
	return rows.slice(2).map((row) =>
		row
			.slice(1, -1)
			.split(/(?<!\\)\|/)
			.map((cell) => cell.trim()),
	);
}

/** On the page, "…" stands for the parts of a text that vary. */
function matches(row: string, text: string): boolean {
	const parts = row.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${parts.join('.+')}$`, 's').test(text);
}

const kindsIn = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, kind]) => kind);

interface Said {
	message: string;
	kind: string;
}

const NONE = 'None';
const INPUT = 'invalidInput';

const said: Said[] = [
	...errorsOfAllKinds
		// n8n's own words
		.filter(({ kind }) => kind !== 'unexpected')
		.map((error) => ({ message: textIn(error).message, kind: error.kind as string })),
	...cancelTexts.map(({ message }) => ({ message, kind: NONE })),
	...inputErrors.map((error) => ({ message: textIn(error).message, kind: INPUT })),
];

const rows: Array<Said & { kinds: string[] }> = [
	...[...tableUnder('Account and connection'), ...tableUnder('Videos and files')].map(
		([message, , kind]) => ({ message, kind, kinds: kind === NONE ? [NONE] : kindsIn(kind) }),
	),
	...tableUnder('Input').map(([message]) => ({ message, kind: INPUT, kinds: [INPUT] })),
];

/** One row stands for a timeout of any length. */
const unified = ({ message, kind }: Said): Said => ({
	message: message.replace(/within \d+ minutes?$/, 'within 15 minutes'),
	kind,
});

it.each([...new Map(said.map(unified).map((one) => [one.kind + one.message, one])).values()])(
	'the page has the message "$message" with its kind $kind',
	({ message, kind }) => {
		const found = rows.filter((row) => matches(row.message, message));
		expect(found.map(({ message: row, kinds }) => [row, kinds.includes(kind)])).toContainEqual([
			expect.any(String),
			true,
		]);
	},
);

it.each(rows)('the node has the message "$message" of the page', ({ message, kinds }) => {
	const found = said.filter((one) => matches(message, one.message));
	expect([...new Set(found.map(({ kind }) => kind))].sort()).toEqual(
		expect.arrayContaining([...kinds].sort()),
	);
	expect(kinds).not.toEqual([]);
});

it('the page explains what to do for each message, in a few words', () => {
	const tables = ['Account and connection', 'Videos and files', 'Input'].flatMap(tableUnder);
	for (const [message, advice] of tables) {
		expect({ message, words: advice.split(' ').length }).toEqual({
			message,
			words: expect.any(Number),
		});
		expect(advice).toMatch(/^[A-Z]\w+/);
		expect(advice.split(' ').length).toBeLessThanOrEqual(10);
	}
});

it('the page names every kind of error and no others', () => {
	const named = new Set(rows.flatMap(({ kinds }) => kinds).filter((kind) => kind !== NONE));
	const kinds = Object.keys(ERROR_KINDS);
	expect([...named].filter((kind) => !kinds.includes(kind))).toEqual([]);
	expect(kinds.filter((kind) => !named.has(kind))).toEqual(['unexpected']);
	expect(page).toMatch(/with the kind `unexpected`/);
});

describe('the hints and other texts', () => {
	const texts = [
		...Object.values(hintText).map((hint) => hint(['task_1'])),
		estimateText({ videos: 3, usd: 0.96, formats: ['16x9, 8 seconds'] }),
		failedItemsText(1, 2),
		...Object.values(credentialText),
		...Object.values(modelListText),
		...requestHints!.map(({ message }) => message),
	];
	const table = tableUnder('Hints and tests').map(([, text]) => text);

	it.each(texts)('are on the page: %s', (text) => {
		expect(table.filter((row) => matches(row, text))).toHaveLength(1);
	});

	it.each(table)('are those of the node: %s', (row) => {
		expect(texts.filter((text) => matches(row, text))).toHaveLength(1);
	});
});
