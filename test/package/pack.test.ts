import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';

const ROOT = join(__dirname, '../..');
const NAME = 'n8n-nodes-cometapi-veo';
const MAX_PACKED_BYTES = 40_000;

interface Packed {
	filename: string;
	size: number;
	files: Array<{ path: string }>;
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'veo-pack-')));
const installed = join(folder, '.n8n/nodes/node_modules', NAME);
let packed: Packed;

const run = (command: string, ...args: string[]) =>
	execFileSync(command, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

beforeAll(() => {
	if (!existsSync(join(ROOT, 'dist/nodes/Veo/Veo.node.js'))) run('npm', 'run', 'build');
	[packed] = JSON.parse(run('npm', 'pack', '--json', '--pack-destination', folder)) as Packed[];
	mkdirSync(installed, { recursive: true });
	run('tar', '-xzf', join(folder, packed.filename), '--strip-components=1', '-C', installed);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesUnder = (name: string) =>
	readdirSync(join(ROOT, name), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

it('should hold a built file for each source, the icons and the papers, and nothing else', () => {
	const sources = ['credentials', 'icons', 'nodes'].flatMap(filesUnder);
	expect(packed.files.map(({ path }) => path).sort()).toEqual(
		[
			...['LICENSE.md', 'README.md', 'package.json'],
			...sources.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`),
		].sort(),
	);
});

it('should be small', () => {
	expect(packed.size).toBeLessThanOrEqual(MAX_PACKED_BYTES);
});

/** In a process of its own, as Jest's module loader is not Node's. */
const ask = <T>(script: string): T =>
	JSON.parse(
		execFileSync(process.execPath, [join(__dirname, script), installed], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
			env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules'), N8N_USER_FOLDER: folder },
		}),
	) as T;

interface Loaded {
	known: { credentials: Record<string, { supportedNodes: string[] }> };
	types: { nodes: INodeTypeDescription[] };
}

it('should be loaded by n8n, with codex and icons', () => {
	const { known, types } = ask<Loaded>('loadPackage.js');
	expect(types.nodes.find(({ name }) => name === 'veo')).toMatchObject({
		iconUrl: {
			light: `icons/${NAME}/dist/icons/cometapi.svg`,
			dark: `icons/${NAME}/dist/icons/cometapi.dark.svg`,
		},
		codex: { alias: expect.arrayContaining(['video', 'google']) },
	});
	expect(known.credentials.cometApi.supportedNodes).toContain('veo');
});

interface Required {
	names: string[];
	filesAtStart: string[];
	ownFiles: number;
	foreignFiles: string[];
}

describe('in use, the package', () => {
	let required: Required;
	beforeAll(() => {
		required = ask<Required>('requirePackage.js');
	});

	it('should need nothing but n8n-workflow and its own files', () => {
		const { names, ownFiles, foreignFiles } = required;
		expect(names).toEqual(['crypto', 'n8n-workflow']);
		expect(ownFiles).toBe(packed.files.filter(({ path }) => path.endsWith('.js')).length);
		expect(foreignFiles).toEqual([]);
	});

	it('should have n8n load only what describes it at its start', () => {
		const { filesAtStart } = required;
		expect(filesAtStart).toContain('dist/nodes/Veo/Veo.node.js');
		expect(
			filesAtStart.filter((file) => /router|operation|client|searchModels/.test(file)),
		).toEqual([]);
	});
});
