import type { Browser, Locator, Page } from 'playwright-core';

import { OWNER, type Workflow } from '../../../scripts/n8n/rest';
import { launchBrowser, openPage, screenshot } from './browser';
import { CredentialDialog } from './editorCredential';
import { NodePanel } from './editorPanel';
import type { TestContext } from './setUp';
import { until } from './until';

export type InEditor = (test: (editor: Editor) => Promise<void>) => () => Promise<void>;

/** Opens the editor of the test's n8n, signed in as the owner. Takes a screenshot when a test fails. */
export function setUpEditor(context: TestContext): InEditor {
	let browser: Browser | undefined;
	let editor: Editor;
	beforeAll(async () => {
		browser = await launchBrowser();
		editor = new Editor(await openPage(browser), context.n8n.url);
		await editor.signIn();
	});
	afterAll(async () => await browser?.close());
	return (test) => async () => {
		try {
			await test(editor);
		} catch (error) {
			const name = expect.getState().currentTestName ?? 'before all';
			await screenshot(editor?.page, `failed ${name.replace(/[^\w ]/g, '')}`, '').catch(() => {});
			throw error;
		}
	};
}

/** n8n's editor, operated like a person does. */
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

	async screenshot(name: string): Promise<void> {
		await screenshot(this.page, name);
	}

	async openWorkflow({ id, nodes }: Workflow): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.node(nodes[nodes.length - 1].name).waitFor();
	}

	/** The node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Works from the canvas and from another node's panel. */
	async openNode(name: string): Promise<NodePanel> {
		await this.closeNode();
		await this.node(name).dblclick();
		return await this.openedNode();
	}

	/** The panel of the last node that was opened or added. */
	async openedNode(): Promise<NodePanel> {
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

	/** Searches for a node to connect to the last one on the canvas. */
	async searchNodes(text: string, connection: 'main' | 'ai_tool' = 'main'): Promise<Locator> {
		const search = this.page.getByTestId('node-creator-search-bar');
		const handle = this.page.locator(`[data-connection-type="${connection}"]`);
		const title = connection === 'ai_tool' ? this.page.getByText('Tools', { exact: true }) : search;
		// until n8n knows the connections of a node, it offers others for them
		await until('the list of nodes', async () => {
			if (await search.isVisible()) {
				if (await title.first().isVisible()) return true;
				await this.page.keyboard.press('Escape');
				await search.waitFor({ state: 'hidden' });
			}
			await handle.getByTestId('canvas-handle-plus').last().click();
			await search.waitFor();
			return await title.first().isVisible();
		});
		await search.fill(text);
		return this.page.getByTestId('item-iterator-item');
	}

	/** Opens the chat below the canvas, which runs the workflow with the message. */
	async sendChatMessage(text: string): Promise<void> {
		const input = this.page.getByPlaceholder(/^Type message/);
		// n8n remembers whether it was open
		if (!(await input.isVisible())) await this.page.getByTestId('workflow-chat-button').click();
		await input.fill(text);
		await input.press('Enter');
	}

	/** The messages of the chat that contain the text. */
	chatMessage(text: string): Locator {
		return this.page.locator('.chat-message-from-bot', { hasText: text });
	}

	/** Opens the dialog of a new credential. An open dialog must be saved first. */
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
		// n8n cannot save a credential before it has generated its name
		const named = this.page.waitForResponse(/\/rest\/credentials\/new\b/);
		await this.page.getByTestId('new-credential-type-button').click();
		await named;
		return new CredentialDialog(this.page);
	}
}
