import { createHash } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';

import type { Sandbox } from '../sandbox/server';
import { fileOf } from './engine';

/** Every item holds the file that its own task serves, to the last byte. */
export async function expectOwnFiles(sandbox: Sandbox, items: INodeExecutionData[]): Promise<void> {
	for (const item of items) {
		const hash = createHash('sha256')
			.update(await fileOf(item))
			.digest('hex');
		expect(hash).toBe(sandbox.sha256(item.json.id as string));
	}
}
