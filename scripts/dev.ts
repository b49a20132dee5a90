import { createServer } from 'node:net';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { startSandbox, type Sandbox } from '../test/sandbox/server';
import { startBuild, type Build } from './dev/build';
import { putCredential, putExamples } from './dev/content';
import { openInBrowser } from './dev/open';
import { cacheFolder } from './n8n/cache';
import { ensureN8n } from './n8n/install';
import { packageFolder } from './n8n/pack';
import { N8nRest, OWNER } from './n8n/rest';
import { killAllServers } from './n8n/server';
import { startN8n, type RunningN8n } from './n8n/start';

const USAGE = `Usage: npm run dev -- [options]
  --port <n>       where n8n's editor is (default: 5678)
  --no-open        open no browser
  --data <folder>  where n8n keeps its data (default: ${cacheFolder('dev')})
  --help           print this`;

const OPTIONS = {
	port: { type: 'string', default: '5678' },
	'no-open': { type: 'boolean' },
	data: { type: 'string', default: cacheFolder('dev') },
	help: { type: 'boolean' },
} as const;

const NAME = 'n8n-nodes-cometapi-veo';
const JOB_MS = 15_000;

let sandbox: Sandbox | undefined;
let build: Build | undefined;
let n8n: RunningN8n | undefined;
let isEnding = false;

async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	if (values.help) return console.log(USAGE);
	const { data: userFolder } = values;
	const port = Number(values.port);
	await assertFree(port);
	await ensureN8n();
	sandbox = await startSandbox({ jobMs: JOB_MS, apiKey: 'sk-sandbox' });

	const start = async () => {
		n8n = await startN8n({ userFolder, port, env: { N8N_PERSONALIZATION_ENABLED: 'false' } });
	};
	const restart = async () => {
		console.log('The node has changed: n8n is started again …');
		await n8n?.stop();
		await start();
		console.log('n8n has the new build. Reload the editor.');
	};
	const firstStart = async () => {
		console.log('n8n starts …');
		await start();
		await greet(sandbox!, n8n!);
		if (!values['no-open']) openInBrowser(n8n!.url);
	};
	let next = firstStart;
	const onBuilt = oneAtATime(async () => {
		if (isEnding) return;
		const step = next;
		next = restart;
		await step();
	});
	build = await startBuild({
		folder: packageFolder(userFolder, NAME),
		onBuilt: () => void onBuilt().catch(fail),
		log: (line) => console.error(line),
	});
}

/** A call while another is under way is made after it, and stands for all that come meanwhile. */
function oneAtATime(act: () => Promise<void>): () => Promise<void> {
	let current: Promise<void> = Promise.resolve();
	let isDue = false;
	return async () => {
		if (isDue) return;
		isDue = true;
		await (current = current.then(async () => {
			isDue = false;
			await act();
		}));
	};
}

async function greet({ apiKey, baseUrl }: Sandbox, { url, logFile }: RunningN8n): Promise<void> {
	const rest = await N8nRest.signIn(url);
	const credential = await putCredential(rest, { apiKey, baseUrl });
	const count = await putExamples(rest, credential);
	const { email, password } = OWNER;
	console.log(`
n8n is ready at ${url}

Mail       ${email}
Password   ${password}
Credential '${credential.name}' leads to a sandbox at ${baseUrl}: nothing costs money
Workflows  ${count} examples, as new
Log        ${logFile}

n8n is started again when the node's sources change. Ctrl+C ends it.`);
}

/** Another n8n there would be taken for the one that is started here. */
async function assertFree(port: number): Promise<void> {
	const server = createServer();
	try {
		server.listen(port, '127.0.0.1');
		await once(server, 'listening');
	} catch (error) {
		throw new Error(`Port ${port} is taken. Choose another: npm run dev -- --port 5679`, {
			cause: error,
		});
	}
	server.close();
	await once(server, 'close');
}

async function end(exitCode: number): Promise<void> {
	// a signal comes twice where a parent that got it too passes it on
	if (isEnding) return;
	isEnding = true;
	build?.close();
	await n8n?.stop();
	// one that is still starting
	await killAllServers();
	await sandbox?.close();
	process.exit(exitCode);
}

function fail(error: Error): void {
	if (isEnding) return;
	console.error(error.message);
	void end(1);
}

process.on('SIGHUP', () => void end(129));
process.on('SIGINT', () => void end(130));
process.on('SIGTERM', () => void end(143));
main().catch(fail);
