import { rm } from 'node:fs/promises';

import { killAllServers } from '../../../scripts/n8n/server';
import { shared } from './shared';

export default async function globalTeardown(): Promise<void> {
	await killAllServers();
	await rm(shared.get().folder, { recursive: true, force: true, maxRetries: 3 });
}
