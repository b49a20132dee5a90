import { createHash } from 'node:crypto';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import type { TestContext } from './setUp';

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Expects each item to hold exactly the file that the sandbox serves for its task. */
export async function expectOwnVideos(
	{ rest, sandbox }: TestContext,
	items: INodeExecutionData[],
	fileOf = ({ binary }: INodeExecutionData) => binary?.data as IBinaryData,
): Promise<void> {
	for (const item of items) {
		const bytes = await rest.download(fileOf(item));
		expect(sha256(bytes)).toBe(sandbox.sha256(item.json.id as string));
	}
}
