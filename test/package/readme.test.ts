import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { INodeProperties } from 'n8n-workflow';

import { Veo } from '../../nodes/Veo/Veo.node';

const exec = promisify(execFile);

const PROJECT = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(PROJECT, file), 'utf8');
const readme = read('README.md');

const commands = [...readme.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) =>
	block
		.trim()
		.split('\n')
		.map((line) => line.replace(/\s+#.*/, '')),
);
const INSTALL = /^(npm ci && npm run build && npm pack|mkdir .*|tar .*)$/;

it('the install commands of the README install the package', async () => {
	const lines = commands.filter((line) => INSTALL.test(line));
	expect(lines).toHaveLength(3);
	const home = await mkdtemp(join(tmpdir(), 'veo-readme-'));
	try {
		// replaces the first command, because the project is already built when these tests run
		await exec('npm', ['pack', '--pack-destination', home], { cwd: PROJECT });
		await exec('bash', ['-ec', lines.slice(1).join('\n')], {
			cwd: home,
			env: { ...process.env, HOME: home },
		});
		const folder = join(home, '.n8n/nodes/node_modules/n8n-nodes-cometapi-veo');
		const { n8n } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
		for (const file of [...n8n.nodes, ...n8n.credentials]) {
			expect(existsSync(join(folder, file))).toBe(true);
		}
	} finally {
		await rm(home, { recursive: true });
	}
});

it('all other commands of the README run in CI', () => {
	const others = commands.filter((line) => !INSTALL.test(line));
	const tested = read('.ci/run') + read('test/e2e/dev.test.ts');
	for (const command of others.flatMap((line) => line.split(' && '))) {
		expect(tested).toContain(command === 'npm run dev' ? 'scripts/dev' : command);
	}
});

const OWN_FILE =
	/^https:\/\/(?:github\.com|raw\.githubusercontent\.com)\/n8n-nodes-cometapi-veo\/n8n-nodes-cometapi-veo\/(?:blob\/)?main\//;

const DOCS = readdirSync(join(PROJECT, 'docs'))
	.filter((name) => name.endsWith('.md'))
	.map((name) => `docs/${name}`);
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md', ...DOCS];

/** The links of a page to the project's own files, as paths in the project. */
const ownLinks = (page: string) =>
	[...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
		.map(([, link]) => link)
		.filter((link) => OWN_FILE.test(link) || !/^https?:/.test(link))
		.map((link) => {
			const isRelative = !OWN_FILE.test(link);
			const [path, anchor] = link.replace(OWN_FILE, '').split('#');
			const target = isRelative ? join(dirname(page), path) : path;
			return { isRelative, path: path ? target : page, anchor };
		});

/** The anchors that GitHub creates for the headings of a page. */
const anchorsOf = (page: string) =>
	[...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\w\- ]/g, '')
			.replaceAll(' ', '-'),
	);

it.each(PAGES)('%s links only to existing files and headings', (page) => {
	for (const { path, anchor } of ownLinks(page)) {
		expect({ path, exists: existsSync(join(PROJECT, path)) }).toEqual({ path, exists: true });
		if (anchor) expect(anchorsOf(path)).toContain(anchor);
	}
});

it('the README has relative links only to files of the package, because npm shows it too', () => {
	const relative = ownLinks('README.md').filter(({ isRelative }) => isRelative);
	expect([...new Set(relative.map(({ path }) => path))].sort()).toEqual([
		'LICENSE.md',
		'README.md',
	]);
});

it('all other pages have relative links to files of the project', () => {
	for (const page of PAGES.slice(1)) {
		expect(ownLinks(page).filter(({ isRelative }) => !isRelative)).toEqual([]);
	}
});

it('the README links to each page in docs', () => {
	const linked = ownLinks('README.md').map(({ path }) => path);
	expect(linked).toEqual(expect.arrayContaining(DOCS));
});

it('the README is short', () => {
	expect(readme.length).toBeLessThanOrEqual(21_000);
});

/** The options of all operations, each once, in the order of the editor. */
const options = new Veo().description.properties
	.filter(({ name }) => name === 'options')
	.flatMap((collection) => collection.options as INodeProperties[])
	.filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index)
	.sort((a, b) => (a.displayName < b.displayName ? -1 : 1));

/** The cells of the table below a heading. */
const tableBelow = (heading: string) =>
	readme
		.split(`\n### ${heading}\n`)[1]
		.split('\n#')[0]
		.split('\n')
		.filter((line) => line.startsWith('| '))
		.map((line) => line.split('|').slice(1, -1))
		.map((cells) => cells.map((cell) => cell.trim()))
		.slice(2);

/** Options for which the node has no default until they are added. */
const UNSET: Record<string, string> = {
	duration: "The model's",
	extraFields: 'None',
	fileName: '`<task ID>.mp4`',
};

function defaultOf({ name, default: value, options: values, description }: INodeProperties) {
	if (UNSET[name]) return UNSET[name];
	if (typeof value === 'boolean') return value ? 'On' : 'Off';
	const chosen = values?.find((one) => 'value' in one && one.value === value);
	if (chosen) return chosen.name;
	return description?.includes('0 for no limit') ? `${value} (no limit)` : `${value}`;
}

it("the README's options are those of the node, with their defaults and limits", () => {
	const rows = tableBelow('Options');
	expect(rows.map(([name, standard]) => [name, standard.replace(' (no limit)', '')])).toEqual(
		options.map((option) => [option.displayName, defaultOf(option)]),
	);
	for (const [index, { typeOptions }] of options.entries()) {
		if (typeOptions?.maxValue) expect(rows[index][2]).toContain(`to ${typeOptions.maxValue}`);
	}
});
