import { N8nRest } from '../../../scripts/n8n/rest';
import { startN8n } from '../../../scripts/n8n/start';
import { older } from '../../../scripts/n8n/versions.json';
import { prepare } from './globalSetup';
import { nameOf, shared } from './shared';
import { binaryModeSetting, newUserFolder } from './userFolder';

/** Starts each older n8n once for all test files: on two cores, a start takes longer than a test file. */
export default async function globalSetupOlder(): Promise<void> {
	await prepare(older.map(({ n8n }) => n8n));
	const started = older.map(async ({ n8n: version, binaryMode }) => {
		const env = binaryModeSetting(binaryMode);
		const server = await startN8n({ version, userFolder: await newUserFolder(), env });
		// creates the owner
		await N8nRest.signIn(server.url);
		return [nameOf(version, binaryMode), server] as const;
	});
	shared.set({ ...shared.get(), n8n: Object.fromEntries(await Promise.all(started)) });
}
