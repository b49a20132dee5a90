import {
	changelogFaults,
	fileFaults,
	linkFaults,
	manifestFaults,
	tagFaults,
	treeFaults,
} from '../../scripts/release/rules';

const entry = (heading: string, body = '### Added\n\n- Something.\n') =>
	`# Changelog\n\nThe format.\n\n## ${heading}\n\n${body}\n## [0.9.0] - 2026-01-01\n\n- Old.\n`;

describe('the tree', () => {
	it('should pass where nothing is changed', () => {
		expect(treeFaults('')).toEqual([]);
	});

	it('should name what is changed or new', () => {
		expect(treeFaults(' M README.md\n?? notes.txt\n')).toEqual([
			'not committed: README.md',
			'not committed: notes.txt',
		]);
	});
});

describe('the changelog', () => {
	it('should pass with a dated top entry of the version', () => {
		expect(changelogFaults(entry('[1.0.0] - 2026-02-28'), '1.0.0')).toEqual([]);
	});

	it.each([
		['another version', '[0.9.9] - 2026-02-28'],
		['a longer version', '[1.0.0-beta.1] - 2026-02-28'],
		['what is unreleased', '[Unreleased]'],
		['no version', 'Next'],
	])('should not pass with %s on top', (_what, heading) => {
		expect(changelogFaults(entry(heading), '1.0.0')).toEqual([
			`the top entry of CHANGELOG.md is '${heading}', and the version is 1.0.0`,
		]);
	});

	it.each(['[1.0.0]', '[1.0.0] - soon', '[1.0.0] - 2026-02-31', '[1.0.0] - 2026-13-01'])(
		'should not pass without a date: %s',
		(heading) => {
			expect(changelogFaults(entry(heading), '1.0.0')).toEqual([
				expect.stringMatching(/of CHANGELOG.md has no date$/),
			]);
		},
	);

	it('should not pass with an entry that says nothing', () => {
		expect(changelogFaults(entry('[1.0.0] - 2026-02-28', '### Added\n'), '1.0.0')).toEqual([
			"the entry '[1.0.0] - 2026-02-28' of CHANGELOG.md says nothing",
		]);
	});

	it('should not pass without an entry', () => {
		expect(changelogFaults('# Changelog\n', '1.0.0')).toEqual(['CHANGELOG.md has no entry']);
	});
});

describe('the tag', () => {
	it.each([
		['the version', { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.0.0' }],
		['a branch', { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' }],
		['nothing', {}],
	])('should pass for %s', (_what, env) => {
		expect(tagFaults('1.0.0', env)).toEqual([]);
	});

	it.each(['v1.0.1', '1.0.0', 'v1.0.0-rc'])('should not pass for %s', (name) => {
		const env = { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: name };
		expect(tagFaults('1.0.0', env)).toEqual([`the tag is ${name}, and the version is 1.0.0`]);
	});
});

describe('package.json', () => {
	const manifest = { version: '1.0.0', peerDependencies: { 'n8n-workflow': '*' } };

	it('should pass with the one peer that n8n allows', () => {
		expect(manifestFaults({ ...manifest, scripts: { build: 'tsc' } })).toEqual([]);
	});

	it.each(['dependencies', 'optionalDependencies', 'bundledDependencies', 'overrides', 'private'])(
		'should not pass with %s',
		(field) => {
			expect(manifestFaults({ ...manifest, [field]: {} })).toEqual([`package.json has '${field}'`]);
		},
	);

	it.each(['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'])(
		'should not pass with %s',
		(hook) => {
			expect(manifestFaults({ ...manifest, scripts: { [hook]: 'x' } })).toEqual([
				`package.json has the install hook '${hook}'`,
			]);
		},
	);

	it.each([
		['', {}],
		['n8n-workflow@^2', { 'n8n-workflow': '^2' }],
		['n8n-workflow@*, n8n-core@*', { 'n8n-workflow': '*', 'n8n-core': '*' }],
	])('should not pass with the peers [%s]', (told, peerDependencies) => {
		expect(manifestFaults({ ...manifest, peerDependencies })).toEqual([
			`the peer dependencies are [${told}] instead of [n8n-workflow@*]`,
		]);
	});
});

describe('the packed files', () => {
	const manifest = { version: '1.0.0', n8n: { nodes: ['dist/nodes/Veo.node.js'] } };
	const sources = ['nodes/Veo.node.ts', 'icons/veo.svg'];
	const papers = ['LICENSE.md', 'README.md', 'package.json'];
	const packed = [...papers, 'dist/nodes/Veo.node.js', 'dist/icons/veo.svg'];

	it('should pass with a built file for each source and the papers', () => {
		expect(fileFaults(packed, sources, manifest)).toEqual([]);
	});

	it.each(packed)('should not pass without %s', (path) => {
		const others = packed.filter((other) => other !== path);
		expect(fileFaults(others, sources, manifest)).toEqual([`${path} is not packed`]);
	});

	it('should not pass with anything else', () => {
		expect(fileFaults([...packed, 'dist/nodes/old.js'], sources, manifest)).toEqual([
			'dist/nodes/old.js should not be packed',
		]);
	});

	it('should not pass where n8n is pointed to a file that is not made', () => {
		const n8n = { credentials: ['dist/credentials/Lost.js'] };
		expect(fileFaults(packed, sources, { ...manifest, n8n })).toEqual([
			'dist/credentials/Lost.js is not packed',
		]);
	});
});

describe('links', () => {
	const faults = (text: string) => linkFaults('README.md', text, (link) => link === 'docs/a.md');

	it.each([
		['files that are there', '[a](docs/a.md), [b](docs/a.md#part), [c](docs/a.md "title")'],
		['the page itself', '[a](#part)'],
		['the web', '[a](https://n8n.io/lost.md), [b](mailto:a@example.com), <img src="//x/y.png">'],
	])('should pass for %s', (_what, text) => {
		expect(faults(text)).toEqual([]);
	});

	it.each([
		['[a](docs/b.md)'],
		['[a](<docs/b.md>)'],
		['![a](docs/b.md)'],
		['<img alt="" src="docs/b.md">'],
		['[a](docs/b.md), [again](docs/b.md#part)'],
	])('should not pass for %s', (text) => {
		expect(faults(text)).toEqual(['README.md links to docs/b.md, which is not there']);
	});
});
