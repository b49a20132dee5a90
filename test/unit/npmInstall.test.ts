import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { npmInstall, progressText } from '../../scripts/n8n/npmInstall';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'veo-npm-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it('the progress of an installation counts the packages that are found, then those that are unpacked', () => {
	expect(progressText(folder, 12)).toBe('12 packages found');
	for (const name of ['gulp', '@n8n/di', '@n8n/config', '.bin']) {
		mkdirSync(join(folder, 'node_modules', name), { recursive: true });
	}
	expect(progressText(folder, 12)).toBe('0 of 3 packages unpacked');
	writeFileSync(join(folder, 'node_modules/@n8n/di/package.json'), '{}');
	expect(progressText(folder, 12)).toBe('1 of 3 packages unpacked');
});

it("a failed installation has npm's message", async () => {
	await expect(npmInstall(folder, ['file:none'])).rejects.toThrow(/^npm failed:\n.*ENOENT/s);
});
