import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';

/** The folder of screenshots, including one of each failed test. */
const ARTIFACTS = join(__dirname, '..', '..', '..', 'test-artifacts');

const SIZE = { width: 1500, height: 900 };
/** n8n's editor is slow on a busy machine. */
const ACTION_TIMEOUT_MS = 60_000;

/** @throws Error that names the package to install if Chromium is missing */
export function findChromium(path = process.env.PATH ?? ''): string {
	for (const folder of path.split(delimiter).filter(Boolean)) {
		const file = join(folder, 'chromium');
		try {
			accessSync(file, constants.X_OK);
			return file;
		} catch {
			// not in this folder
		}
	}
	throw new Error(
		"The editor tests need Chromium, and there is no 'chromium' on the PATH. On Debian: apt-get install chromium",
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
		// n8n ignores clicks from known bots, which headless browsers are
		userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36',
	});
	page.setDefaultTimeout(ACTION_TIMEOUT_MS);
	return page;
}

/** Notifications appear at random and hide the elements below. */
const HIDE_NOTIFICATIONS = '.el-notification { display: none }';

/** Saves a screenshot in the artifacts folder. */
export async function screenshot(
	page: Page,
	name: string,
	style = HIDE_NOTIFICATIONS,
): Promise<void> {
	const path = join(ARTIFACTS, `${name}.png`);
	await page.screenshot({ path, animations: 'disabled', style });
}
