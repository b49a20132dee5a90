import type { Browser, Locator, Page } from 'playwright-core';

import { OWNER, type Workflow } from '../../../scripts/n8n/rest';
import { launchBrowser, openPage, shoot } from './browser';
import { CredentialDialog } from './editorCredential';
import { NodePanel } from './editorPanel';
import type { Stage } from './setUp';

export type InEditor = (test: (editor: Editor) => Promise<void>) => () => Promise<void>;

/** The editor of a file's n8n, its owner signed in; where a test fails, its screen is kept. */
export function setUpEditor(stage: Stage): InEditor {
	let browser: Browser | undefined;
	let editor: Editor;
	beforeAll(async () => {
		browser = await launchBrowser();
		editor = new Editor(await openPage(browser), stage.n8n.url);
		await editor.signIn();
	});
	afterAll(async () => await browser?.close());
	return (test) => async () => {
		try {
			await test(editor);
		} catch (error) {
			const name = expect.getState().currentTestName ?? 'before all';
			await shoot(editor?.page, `failed ${name.replace(/[^\w ]/g, '')}`, '').catch(() => {});
			throw error;
		}
	};
}

/** n8n's editor, by what a user does in it. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	async signIn(): Promise<void> {
		await this.page.goto(`${this.url}/signin`);
		await this.page.locator('input').nth(0).fill(OWNER.email);
		await this.page.locator('input').nth(1).fill(OWNER.password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.page.waitForURL(({ pathname }) => !pathname.startsWith('/signin'));
	}

	async shoot(name: string): Promise<void> {
		await shoot(this.page, name);
	}

	async openWorkflow({ id, nodes }: Workflow): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.node(nodes[nodes.length - 1].name).waitFor();
	}

	/** As it stands on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** From the canvas, or from the panel of another node. */
	async openNode(name: string): Promise<NodePanel> {
		await this.closeNode();
		await this.node(name).dblclick();
		const panel = new NodePanel(this.page);
		await panel.parameter('operation').waitFor();
		return panel;
	}

	async closeNode(): Promise<void> {
		const close = this.page.getByTestId('ndv-close-button');
		if (!(await close.isVisible())) return;
		await close.click();
		await close.waitFor({ state: 'hidden' });
	}

	/** Searches all nodes for one to come after the last of the canvas. @returns what is found */
	async searchNodes(text: string): Promise<Locator> {
		const search = this.page.getByTestId('node-creator-search-bar');
		if (!(await search.isVisible())) {
			await this.page.getByTestId('canvas-handle-plus').last().click();
		}
		await search.fill(text);
		return this.page.getByTestId('item-iterator-item');
	}

	/** Starts a credential on the page of all credentials; the one before it must be saved. */
	async newCredential(typeName: string): Promise<CredentialDialog> {
		const dialog = this.page.getByTestId('credential-edit-dialog');
		if (await dialog.isVisible()) {
			await this.page.keyboard.press('Escape');
			await dialog.waitFor({ state: 'hidden' });
		} else {
			await this.page.goto(`${this.url}/home/credentials`);
		}
		await this.page.getByTestId('add-resource-credential').click();
		await this.page.getByTestId('new-credential-type-select').locator('input').fill(typeName);
		await this.page
			.getByTestId('new-credential-type-select-option')
			.getByText(typeName, { exact: true })
			.click();
		await this.page.getByTestId('new-credential-type-button').click();
		return new CredentialDialog(this.page);
	}
}
