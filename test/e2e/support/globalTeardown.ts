import { rm } from 'node:fs/promises';

import { shared } from './shared';

export default async function globalTeardown(): Promise<void> {
	await rm(shared.get().folder, { recursive: true, force: true, maxRetries: 3 });
}
