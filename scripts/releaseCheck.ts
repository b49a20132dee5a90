import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** @returns why the newest changelog entry is not valid, or undefined if it is */
export function changelogError(changelog: string, version: string): string | undefined {
	const [, entry = ''] = changelog.split(/^## /m);
	const [heading, ...lines] = entry.split('\n');
	const [, name, date] = /^\[(.+?)\](?: - (\S+))?\s*$/.exec(heading) ?? [];
	if (name !== version) return `CHANGELOG.md starts with '${heading}' instead of '[${version}]'`;
	if (!isDate(date)) return `CHANGELOG.md has no valid date for ${version}`;
	const hasChanges = lines.some((line) => /^[-*] /.test(line));
	return hasChanges ? undefined : `CHANGELOG.md lists no changes for ${version}`;
}

/** JavaScript rejects dates like 2026-02-31, or reads them as a day in March. */
function isDate(text = ''): boolean {
	const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** @param tag the pushed tag that GitHub runs this for, if there is one */
export function tagError(version: string, tag?: string, isPublishing = false): string | undefined {
	if (tag) return tag === `v${version}` ? undefined : `The tag ${tag} is not for ${version}`;
	if (!isPublishing) return undefined;
	return `To publish, push the tag: git tag v${version} && git push origin v${version}`;
}

/** Checks that version, changelog and tag match, before publish.yml packs and publishes. */
function main(): void {
	const { publish } = parseArgs({ options: { publish: { type: 'boolean' } } }).values;
	const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
	const { version } = JSON.parse(read('package.json')) as { version: string };
	const tag = process.env.GITHUB_REF_TYPE === 'tag' ? process.env.GITHUB_REF_NAME : undefined;
	const error = changelogError(read('CHANGELOG.md'), version) ?? tagError(version, tag, publish);
	console.log(error ?? `${version} can be released.`);
	if (error) process.exitCode = 1;
}

if (require.main === module) main();
