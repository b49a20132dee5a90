import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';

/** The screens as a user sees them, and the last one of each test that failed. */
const ARTIFACTS = join(__dirname, '..', '..', '..', 'test-artifacts');

const SIZE = { width: 1500, height: 900 };
/** n8n's editor takes its time where both cores are busy. */
const PATIENCE_MS = 30_000;

/** @throws Error that says what to install, where there is no Chromium */
export function findChromium(path = process.env.PATH ?? ''): string {
	for (const folder of path.split(delimiter).filter(Boolean)) {
		const file = join(folder, 'chromium');
		try {
			accessSync(file, constants.X_OK);
			return file;
		} catch {
			// Not in this folder.
		}
	}
	throw new Error(
		"n8n's editor is tested in Chromium, and there is no 'chromium' on the PATH. On Debian: apt-get install chromium",
	);
}

export async function launchBrowser(): Promise<Browser> {
	selectors.setTestIdAttribute('data-test-id');
	return await chromium.launch({
		executablePath: findChromium(),
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
	});
}

export async function openPage(browser: Browser): Promise<Page> {
	const page = await browser.newPage({
		viewport: SIZE,
		colorScheme: 'light',
		reducedMotion: 'reduce',
		locale: 'en-GB',
	});
	page.setDefaultTimeout(PATIENCE_MS);
	return page;
}

/** Notices come and go by themselves, and hide what is below. */
const WITHOUT_NOTICES = '.el-notification { display: none }';

/** Keeps the screen as a picture among the artefacts. */
export async function shoot(page: Page, name: string, style = WITHOUT_NOTICES): Promise<void> {
	const path = join(ARTIFACTS, `${name}.png`);
	await page.screenshot({ path, animations: 'disabled', style });
}
