import { createHash } from 'node:crypto';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import type { N8nRest } from '../../../scripts/n8n/rest';
import type { TestContext } from './setUp';

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The content of a file, as the editor's download button returns it. */
async function contentOf(rest: N8nRest, { id, data, mimeType }: IBinaryData): Promise<Buffer> {
	// in memory: the file is part of the execution's data
	if (!id) return Buffer.from(data, 'base64');
	const query = new URLSearchParams({ id, action: 'download', mimeType });
	return await rest.fetch('GET', `/rest/binary-data?${query}`);
}

/** Expects a link to open exactly the file that the sandbox serves for a task. */
export async function expectLink(
	{ sandbox }: Pick<TestContext, 'sandbox'>,
	link: unknown,
	taskId: unknown,
): Promise<void> {
	const response = await fetch(link as string);
	expect(response.status).toBe(200);
	const bytes = Buffer.from(await response.arrayBuffer());
	expect(sha256(bytes)).toBe(sandbox.sha256(taskId as string));
}

/** The prompts of the items' tasks. */
export const promptsOf = ({ sandbox }: TestContext, items: INodeExecutionData[]) =>
	items.map(({ json }) => sandbox.tasks.find(({ id }) => id === json.id)?.prompt);

/** Expects each item to hold exactly the file that the sandbox serves for its task. */
export async function expectOwnVideos(
	{ rest, sandbox }: TestContext,
	items: INodeExecutionData[],
	fileOf = ({ binary }: INodeExecutionData) => binary?.data as IBinaryData,
): Promise<void> {
	for (const item of items) {
		const bytes = await contentOf(rest, fileOf(item));
		expect(sha256(bytes)).toBe(sandbox.sha256(item.json.id as string));
	}
}
