import type { Locator, Page } from 'playwright-core';

/** The dialog that creates a credential. */
export class CredentialDialog {
	constructor(private readonly page: Page) {}

	/** n8n tests a credential when it saves it. */
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

	/** @returns the dialog's text, including the details of a failed credential test */
	async errorDetails(): Promise<string> {
		await this.page.getByText('Couldn’t connect with these settings').waitFor();
		await this.page.getByText('More details').click();
		return await this.page.getByTestId('credential-edit-dialog').innerText();
	}
}
