import { startN8n, type RunningN8n } from '../scripts/n8n/start';
import { N8nRest } from '../scripts/n8n/rest';
import { forkSandbox, type SandboxClient } from './sandboxClient';
import type { SandboxAddress } from './sandboxProcess';
import type { Credentials } from './workflows';

/** What the parts of the benchmark work with. */
export interface Stage {
	n8n: RunningN8n;
	rest: N8nRest;
	sandbox: SandboxClient;
	address: SandboxAddress;
	credentials: Credentials;
	close: () => Promise<void>;
}

/** A freshly started n8n that has this package, and a sandbox with credentials for it. */
export async function openStage(userFolder: string): Promise<Stage> {
	const sandbox = forkSandbox();
	const address = await sandbox.start({ jobsMs: [], progress: 'linear', fileBytes: 1024 });
	const n8n = await startN8n({ userFolder });
	const rest = await N8nRest.signIn(n8n.url);
	const { apiKey, baseUrl } = address;
	const credentials = {
		cometApi: await rest.createCredential('cometApi', { apiKey, baseUrl }),
		openAiApi: await rest.createCredential('openAiApi', {
			apiKey,
			url: `${baseUrl}/v1`,
			header: false,
		}),
	};
	const close = async () => {
		await n8n.stop();
		sandbox.stop();
	};
	return { n8n, rest, sandbox, address, credentials, close };
}
