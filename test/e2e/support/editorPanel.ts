import type { Locator, Page } from 'playwright-core';

import { until } from './until';

/** The panel of one node, between its input and its output. */
export class NodePanel {
	readonly output: Locator;

	constructor(private readonly page: Page) {
		this.output = page.getByTestId('output-panel');
	}

	parameter(name: string): Locator {
		return this.page.getByTestId(`parameter-input-${name}`);
	}

	/** @returns the labels of all visible parameters */
	async labels(): Promise<string[]> {
		const labels = await this.page
			.getByTestId('node-parameters')
			.locator('label:visible')
			.allInnerTexts();
		return labels.map((text) => text.split('\n')[0].trim()).filter(Boolean);
	}

	async choose(parameter: string, option: string): Promise<void> {
		await this.parameter(parameter).click();
		await this.open('parameter-input-item').getByText(option, { exact: true }).click();
	}

	async fill(parameter: string, text: string): Promise<void> {
		await this.parameter(parameter).locator('input, textarea').last().fill(text);
	}

	/** @returns the names of the options that can be added */
	async options(): Promise<string[]> {
		const add = this.page.getByTestId('collection-parameter-add').locator('visible=true');
		await add.click();
		const names = this.open('collection-parameter-option');
		await names.first().waitFor();
		const texts = await names.allInnerTexts();
		await add.click();
		await names.first().waitFor({ state: 'hidden' });
		return texts;
	}

	async execute(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
	}

	/** Stops the running execution. */
	async stop(): Promise<void> {
		await this.page.getByTestId('ndv-stop-execution-button').click();
	}

	/** Selects a view of the output. */
	async view(name: 'table' | 'json' | 'binary'): Promise<void> {
		await this.output.getByTestId(`radio-button-${name}`).click();
	}

	/** Opens the output's file. @returns a function that reads the state of the browser's player */
	async viewVideo(): Promise<() => Promise<{ hasLength: boolean; error: unknown }>> {
		await this.view('binary');
		await this.output.getByTestId('ndv-view-binary-data').click();
		const video = this.output.locator('video');
		return async () =>
			await video.evaluate(({ duration, error }: { duration: number; error: unknown }) => ({
				hasLength: duration > 0,
				error,
			}));
	}

	async openModels(): Promise<void> {
		await this.parameter('model').getByTestId('rlc-input-container').click();
	}

	async searchModels(text: string): Promise<void> {
		await this.page.getByTestId('rlc-search').fill(text);
	}

	async models(): Promise<string[]> {
		return await this.open('rlc-item').allInnerTexts();
	}

	async chooseModel(name: string): Promise<void> {
		await this.open('rlc-item').getByText(name, { exact: true }).click();
	}

	async model(): Promise<string> {
		return await this.modelInput.inputValue();
	}

	async enterModelId(id: string): Promise<void> {
		const chosen = await this.model();
		await this.parameter('model').getByTestId('rlc-mode-selector').click();
		await this.open('mode-id').click();
		// n8n first fills in the ID of the selected model, and would overwrite text typed before that
		await until('the ID of the chosen model', async () => (await this.model()) !== chosen);
		await this.modelInput.fill(id);
	}

	private get modelInput(): Locator {
		return this.parameter('model').getByTestId('rlc-input');
	}

	/** Closed option lists stay in the page but are hidden. */
	private open(testId: string): Locator {
		return this.page.getByTestId(testId).locator('visible=true');
	}
}
