import { createHash } from 'node:crypto';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import type { Stage } from './setUp';

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Every item holds the file that its own task serves, to the last byte. */
export async function expectOwnVideos(
	{ rest, sandbox }: Stage,
	items: INodeExecutionData[],
	fileOf = ({ binary }: INodeExecutionData) => binary?.data as IBinaryData,
): Promise<void> {
	for (const item of items) {
		const bytes = await rest.download(fileOf(item));
		expect(sha256(bytes)).toBe(sandbox.sha256(item.json.id as string));
	}
}
