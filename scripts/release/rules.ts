/** What a release must fulfil. Each rule gives what stands against it, in words, or nothing. */

export interface Manifest {
	name?: string;
	version: string;
	scripts?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	n8n?: { nodes?: string[]; credentials?: string[] };
	[field: string]: unknown;
}

/** n8n refuses community packages that bring any of these. */
const FORBIDDEN_FIELDS = [
	'dependencies',
	'optionalDependencies',
	'bundleDependencies',
	'bundledDependencies',
	'overrides',
	'private',
];
const INSTALL_HOOKS = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
const PAPERS = ['LICENSE.md', 'README.md', 'package.json'];

/** @param status what `git status --porcelain` prints */
export function treeFaults(status: string): string[] {
	const lines = status.split('\n').filter(Boolean);
	return lines.map((line) => `not committed: ${line.slice(3)}`);
}

export function changelogFaults(changelog: string, version: string): string[] {
	const [, ...entries] = changelog.split(/^## /m);
	if (entries.length === 0) return ['CHANGELOG.md has no entry'];
	const [heading, ...lines] = entries[0].split('\n');
	const [, name, date] = /^\[(.+?)\](?: - (\S+))?\s*$/.exec(heading) ?? [];
	if (name !== version) {
		return [`the top entry of CHANGELOG.md is '${heading}', and the version is ${version}`];
	}
	const faults = [];
	if (!isDate(date)) faults.push(`the entry '${heading}' of CHANGELOG.md has no date`);
	if (!lines.some((line) => /^[-*] /.test(line))) {
		faults.push(`the entry '${heading}' of CHANGELOG.md says nothing`);
	}
	return faults;
}

function isDate(text = ''): boolean {
	if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
	const time = Date.parse(text);
	// a 31st of February is put off to March or refused, as the engine likes
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Where it runs for a tag on GitHub; nothing is held against a branch or a machine of one's own. */
export function tagFaults(version: string, env: NodeJS.ProcessEnv): string[] {
	if (env.GITHUB_REF_TYPE !== 'tag' || env.GITHUB_REF_NAME === `v${version}`) return [];
	return [`the tag is ${env.GITHUB_REF_NAME}, and the version is ${version}`];
}

export function manifestFaults(manifest: Manifest): string[] {
	const { scripts = {}, peerDependencies = {} } = manifest;
	const peers = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
	return [
		...FORBIDDEN_FIELDS.filter((field) => field in manifest).map(
			(field) => `package.json has '${field}'`,
		),
		...INSTALL_HOOKS.filter((hook) => hook in scripts).map(
			(hook) => `package.json has the install hook '${hook}'`,
		),
		...(peers.join() === 'n8n-workflow@*'
			? []
			: [`the peer dependencies are [${peers.join(', ')}] instead of [n8n-workflow@*]`]),
	];
}

/**
 * @param packed the paths in the tarball
 * @param sources the paths of all files that are built or copied into `dist`
 */
export function fileFaults(packed: string[], sources: string[], { n8n = {} }: Manifest): string[] {
	const built = sources.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`);
	const wanted = new Set([...PAPERS, ...built, ...(n8n.nodes ?? []), ...(n8n.credentials ?? [])]);
	return [
		...[...wanted].filter((path) => !packed.includes(path)).map((path) => `${path} is not packed`),
		...packed.filter((path) => !wanted.has(path)).map((path) => `${path} should not be packed`),
	];
}

/** @param isThere told the link's target as the text has it, without its anchor */
export function linkFaults(
	file: string,
	text: string,
	isThere: (link: string) => boolean,
): string[] {
	const inline = [...text.matchAll(/\]\(<?([^)\s>]+)/g)].map(([, link]) => link);
	const html = [...text.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, link]) => link);
	const relative = [...inline, ...html]
		.map((link) => link.replace(/#.*/, ''))
		.filter((link) => link && !/^([a-z]+:|\/\/)/i.test(link));
	return [...new Set(relative)]
		.filter((link) => !isThere(link))
		.map((link) => `${file} links to ${link}, which is not there`);
}
