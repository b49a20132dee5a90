import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

it('the install commands of the README put the package in place', async () => {
	const lines = commands.filter((line) => INSTALL.test(line));
	expect(lines).toHaveLength(3);
	const home = await mkdtemp(join(tmpdir(), 'veo-readme-'));
	try {
		// instead of the first command: the project is already built when these tests run
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

it.each(['README.md', 'CONTRIBUTING.md', 'docs/scaling.md', 'examples/README.md'])(
	'%s links to existing files only',
	(file) => {
		const links = [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link);
		for (const link of links) {
			expect({ link, exists: existsSync(join(PROJECT, dirname(file), link)) }).toEqual({
				link,
				exists: true,
			});
		}
	},
);
