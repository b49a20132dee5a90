import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';

import { packageFolder, packProject, unpackFor, type Pack } from '../../scripts/n8n/pack';

const ROOT = join(__dirname, '../..');
const MAX_PACKED_BYTES = 78_000;

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'veo-pack-')));
let pack: Pack;
let installed: string;

beforeAll(async () => {
	if (!existsSync(join(ROOT, 'dist/nodes/Veo/Veo.node.js'))) {
		execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'ignore' });
	}
	pack = await packProject(folder);
	await unpackFor(folder, pack);
	installed = packageFolder(folder, pack.name);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @returns all files in a folder, as relative paths */
const filesUnder = (parent: string, name = '.') =>
	readdirSync(join(parent, name), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(parent, join(entry.parentPath, entry.name)));

it('the package contains a built file per source, the icons and the documents, and nothing else', () => {
	const sources = ['credentials', 'icons', 'nodes'].flatMap((name) => filesUnder(ROOT, name));
	expect(filesUnder(installed).sort()).toEqual(
		[
			...['LICENSE.md', 'README.md', 'package.json'],
			...sources.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`),
		].sort(),
	);
});

it('the package is small', () => {
	expect(pack.size).toBeLessThanOrEqual(MAX_PACKED_BYTES);
});

/** Runs a script with Node's own module loader, because Jest replaces it in tests. */
const runScript = <T>(script: string): T =>
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

it('n8n loads the package with its codex and icons', () => {
	const { known, types } = runScript<Loaded>('loadPackage.js');
	expect(types.nodes.find(({ name }) => name === 'veo')).toMatchObject({
		iconUrl: {
			light: `icons/${pack.name}/dist/icons/cometapi.svg`,
			dark: `icons/${pack.name}/dist/icons/cometapi.dark.svg`,
		},
		codex: { alias: expect.arrayContaining(['video', 'google']) },
	});
	expect(known.credentials.cometApiVeoApi.supportedNodes).toContain('veo');
});

/**
 * The descriptions of the node and the credential, and the files they need. Each file slows every
 * start of n8n.
 */
const FILES_AT_START = [
	'credentials/CometApiVeoApi.credentials',
	'nodes/Veo/Veo.node',
	...['createVideo', 'createVideoAndWait', 'retrieveVideo'].map(
		(name) => `nodes/Veo/actions/${name}.operation`,
	),
	...['image', 'operation', 'options', 'output', 'request', 'task', 'wait'].map(
		(name) => `nodes/Veo/parameters/${name}`,
	),
	...['errors', 'limits', 'utils'].map((name) => `nodes/Veo/${name}`),
	...['causes', 'credentialTexts', 'phrases'].map((name) => `nodes/Veo/messages/${name}`),
	...['baseUrl', 'credential'].map((name) => `nodes/Veo/transport/${name}`),
];

interface Required {
	names: string[];
	filesAtStart: string[];
	ownFiles: number;
	foreignFiles: string[];
}

describe('at run time, the package', () => {
	let required: Required;
	beforeAll(() => {
		required = runScript<Required>('requirePackage.js');
	});

	it('requires only n8n-workflow, crypto and its own files', () => {
		const { names, ownFiles, foreignFiles } = required;
		expect(names).toEqual(['crypto', 'n8n-workflow']);
		expect(ownFiles).toBe(filesUnder(installed).filter((path) => path.endsWith('.js')).length);
		expect(foreignFiles).toEqual([]);
	});

	it('loads only its descriptions when n8n starts', () => {
		const { filesAtStart } = required;
		const expected = FILES_AT_START.map((name) => `dist/${name}.js`);
		expect([...filesAtStart].sort()).toEqual(expected.sort());
	});
});
