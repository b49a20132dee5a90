import { createHash } from 'node:crypto';
import type { INodeExecutionData } from 'n8n-workflow';

import type { Sandbox } from '../sandbox/server';
import { fileOf } from './engine';

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Expects every item to have its own task's file, complete to the last byte. */
export async function expectOwnFiles(sandbox: Sandbox, items: INodeExecutionData[]): Promise<void> {
	for (const item of items) {
		expect(sha256(await fileOf(item))).toBe(sandbox.sha256(item.json.id as string));
	}
}
