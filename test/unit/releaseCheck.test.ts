import { changelogError, tagError } from '../../scripts/releaseCheck';

const changelog = (heading: string, body = '### Added\n\n- Something.\n') =>
	`# Changelog\n\nThe format.\n\n## ${heading}\n\n${body}\n## [0.9.0] - 2026-01-01\n\n- Old.\n`;

describe('the release check of the changelog', () => {
	it("accepts a dated entry of the version as the changelog's first", () => {
		expect(changelogError(changelog('[1.0.0] - 2026-02-28'), '1.0.0')).toBeUndefined();
	});

	it.each([
		['another version', '[0.9.9] - 2026-02-28'],
		['a longer version', '[1.0.0-beta.1] - 2026-02-28'],
		['unreleased changes', '[Unreleased]'],
		['no version', 'Next'],
	])('rejects %s as the first entry', (_what, heading) => {
		expect(changelogError(changelog(heading), '1.0.0')).toBe(
			`CHANGELOG.md starts with '${heading}' instead of '[1.0.0]'`,
		);
	});

	it.each(['[1.0.0]', '[1.0.0] - soon', '[1.0.0] - 2026-02-31', '[1.0.0] - 2026-13-01'])(
		'rejects an entry without a valid date: %s',
		(heading) => {
			expect(changelogError(changelog(heading), '1.0.0')).toMatch(/has no valid date for 1\.0\.0$/);
		},
	);

	it('rejects an entry that lists no changes', () => {
		const empty = changelog('[1.0.0] - 2026-02-28', '### Added\n');
		expect(changelogError(empty, '1.0.0')).toMatch(/lists no changes for 1\.0\.0$/);
	});

	it('rejects a changelog without an entry', () => {
		expect(changelogError('# Changelog\n', '1.0.0')).toMatch(/^CHANGELOG\.md starts with ''/);
	});
});

describe('the release check of the tag', () => {
	it("accepts the version's tag, and no tag unless the package is published next", () => {
		expect(tagError('1.0.0', 'v1.0.0', true)).toBeUndefined();
		expect(tagError('1.0.0')).toBeUndefined();
	});

	it.each(['v1.0.1', '1.0.0', 'v1.0.0-rc'])('rejects the tag %s', (tag) => {
		expect(tagError('1.0.0', tag)).toBe(`The tag ${tag} is not for 1.0.0`);
	});

	it('refuses to publish from anywhere but the workflow of the tag', () => {
		expect(tagError('1.0.0', undefined, true)).toContain('git push origin v1.0.0');
	});
});
