import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

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
