import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

import { unpackFor } from '../../../scripts/n8n/pack';
import { shared } from './shared';

/** Creates a user folder for n8n, with the packed package as a community package. */
export async function newUserFolder(): Promise<string> {
	const { folder, pack } = shared.get();
	const userFolder = await mkdtemp(join(folder, 'n8n-'));
	await unpackFor(userFolder, pack);
	return userFolder;
}

/** n8n's setting for the storage of files; without a mode, the default. */
export const binaryModeSetting = (
	mode = process.env.N8N_DEFAULT_BINARY_DATA_MODE,
): Record<string, string> => (mode ? { N8N_DEFAULT_BINARY_DATA_MODE: mode } : {});
