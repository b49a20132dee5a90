import type { Locator, Page } from 'playwright-core';

/** The dialog in which a credential is made. */
export class CredentialDialog {
	constructor(private readonly page: Page) {}

	/** n8n tries a credential as it saves it. */
	async save(fields: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(fields)) await this.field(name).fill(value);
		await this.page.getByTestId('credential-save-button').click();
	}

	field(name: string): Locator {
		return this.page.getByTestId(`parameter-input-${name}`).locator('input');
	}

	get success(): Locator {
		return this.page.getByText('Connection tested successfully');
	}

	/** What n8n says of a credential that did not pass, with its details. */
	async refusal(): Promise<string> {
		await this.page.getByText('Couldn’t connect with these settings').waitFor();
		await this.page.getByText('More details').click();
		return await this.page.getByTestId('credential-edit-dialog').innerText();
	}
}
