import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');

const LEAVES = ['clock', 'errors', 'limits', 'n8n', 'utils'];
const BELOW_CORE = ['parameters/prompt', 'transport/client', ...LEAVES];
const BELOW_MESSAGES = ['core/video', ...BELOW_CORE];
const BELOW_INPUT = ['messages/errorTexts', ...BELOW_MESSAGES];
const BELOW_PAUSE = ['input/request', ...BELOW_INPUT];
const BELOW_ACTIONS = ['pause/index', ...BELOW_PAUSE];
/** A file of each part of nodes/Veo, and the parts it may import. */
const MAY_IMPORT: Record<string, string[]> = {
	'Veo.node': ['actions/router', 'methods/searchModels', ...BELOW_ACTIONS],
	'actions/router': BELOW_ACTIONS,
	'methods/searchModels': BELOW_ACTIONS,
	'pause/index': BELOW_PAUSE,
	'input/request': BELOW_INPUT,
	'messages/errorTexts': BELOW_MESSAGES,
	'core/video': BELOW_CORE,
	'transport/client': LEAVES,
	'parameters/prompt': LEAVES,
	...Object.fromEntries(LEAVES.map((name) => [name, []])),
};
const FILES = Object.keys(MAY_IMPORT);

const IMPORTS: Record<string, (path: string) => string> = {
	import: (path) => `import '${path}';`,
	'import type': (path) => `import type { X } from '${path}';`,
	'export … from': (path) => `export * from '${path}';`,
	'import(…)': (path) => `void import('${path}');`,
	'import = require': (path) => `import x = require('${path}');`,
};
/** The lint cannot check the layer of this import, so it refuses every relative path. */
const TYPE_IMPORT = (path: string) => `type X = import('${path}').X;`;

const others = (file: string) => FILES.filter((other) => other !== file);
const pathFrom = (file: string, target: string) =>
	relative(dirname(file), target).replace(/^(?!\.)/, './');

/** One line for each import of another file, in each form. */
const linesOf = (file: string) => [
	...Object.keys(IMPORTS).flatMap((form) =>
		others(file).map((target) => ({ form, target, text: IMPORTS[form](pathFrom(file, target)) })),
	),
	...['./errors', '../errors', 'stream'].map((path) => {
		return { form: 'type import', target: path, text: TYPE_IMPORT(path) };
	}),
];

interface LintResult {
	filePath: string;
	messages: Array<{ ruleId: string; line: number }>;
}

let results: LintResult[];

/** The lines of a file that the lint refuses. */
function refusedIn(file: string, form: string): string[] {
	const result = results.find(({ filePath }) => filePath.endsWith(`/nodes/Veo/${file}.ts`));
	const lines = linesOf(file);
	const refused = result?.messages
		.filter(({ ruleId }) => /no-restricted-(paths|syntax)$/.test(ruleId))
		.map(({ line }) => lines[line - 1])
		.filter((line) => line.form === form);
	return [...new Set(refused?.map(({ target }) => target))].sort();
}

beforeAll(() => {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'veo-layers-')));
	try {
		for (const name of FILES) {
			const file = join(folder, 'nodes/Veo', `${name}.ts`);
			mkdirSync(dirname(file), { recursive: true });
			const lines = linesOf(name).map(({ text }) => text);
			writeFileSync(file, lines.join('\n'));
		}
		// like `npm run check`
		const eslint = join(ROOT, 'node_modules/eslint/bin/eslint.js');
		const config = join(ROOT, 'eslint.check.config.mjs');
		const args = [eslint, '--config', config, '--format', 'json', 'nodes'];
		const { stdout } = spawnSync(process.execPath, args, {
			cwd: folder,
			encoding: 'utf8',
			maxBuffer: Infinity,
		});
		results = JSON.parse(stdout) as LintResult[];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

describe.each(Object.keys(IMPORTS))('the lint of the layers, for %s', (form) => {
	it.each(FILES)('lets %s import only its own layer and lower ones', (file) => {
		const allowed = MAY_IMPORT[file];
		const expected = others(file).filter((other) => !allowed.includes(other));
		expect(refusedIn(file, form)).toEqual(expected.sort());
	});
});

it.each(FILES)('the lint refuses type imports with import() by a relative path in %s', (file) => {
	expect(refusedIn(file, 'type import')).toEqual(['../errors', './errors']);
});
