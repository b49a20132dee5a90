import { execFile, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import { startSandbox, type Sandbox } from '../test/sandbox/server';
import { cacheFolder } from './n8n/cache';
import { packProject, unpackFor } from './n8n/pack';
import { N8nRest, OWNER, type WorkflowToCreate } from './n8n/rest';
import { killAllServers } from './n8n/server';
import { startN8n, type RunningN8n } from './n8n/start';
import { VEO } from './n8n/workflow';

const USAGE = `Usage: npm run dev -- [options]
  --port <number>  of the editor (default: 5678)
  --folder <path>  where n8n keeps its database (default: in ~/.cache, for the next time)
  --no-open        do not open the browser
  --help           print this`;

const OPTIONS = {
	port: { type: 'string', default: '5678' },
	folder: { type: 'string', default: cacheFolder('dev') },
	'no-open': { type: 'boolean' },
	help: { type: 'boolean' },
} as const;

const PROJECT = join(__dirname, '..');
const SOURCES = ['nodes', 'credentials', 'icons'];
/** An editor saves in several steps. */
const SETTLE_MS = 300;
const JOB_MS = 15_000;

const exec = promisify(execFile);

/** The real n8n editor with the node, a sandbox in place of CometAPI, and the examples. */
async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	if (values.help) return console.log(USAGE);
	const { folder } = values;
	const port = Number(values.port);
	const sandbox = await startSandbox({ jobMs: JOB_MS });

	await build(folder);
	let n8n = await startN8n({ userFolder: folder, port });
	await furnish(n8n, sandbox);
	console.log(`\nReady: ${n8n.url}\n  sign in as ${OWNER.email} with ${OWNER.password}`);
	console.log('  Videos come from a sandbox and cost nothing. Ctrl+C ends everything.');
	if (!values['no-open']) openBrowser(n8n.url);

	for (const source of SOURCES) {
		watch(join(PROJECT, source), { recursive: true }, () => soon(restart));
	}
	async function restart(): Promise<void> {
		console.log('Building …');
		const broken = await build(folder).then(
			() => undefined,
			({ stdout, message }: { stdout?: string; message: string }) => stdout || message,
		);
		if (broken) return console.error(broken);
		await n8n.stop();
		n8n = await startN8n({ userFolder: folder, port });
		console.log(`Ready again: ${n8n.url} (reload the page)`);
	}
}

async function build(folder: string): Promise<void> {
	await exec('npm', ['run', 'build'], { cwd: PROJECT });
	await unpackFor(folder, await packProject(join(folder, 'pack')));
}

/** The credential leads to this sandbox; examples that are there already are left as they are. */
async function furnish(n8n: RunningN8n, { apiKey, baseUrl }: Sandbox): Promise<void> {
	const rest = await N8nRest.signIn(n8n.url);
	const cometApi = await rest.putCredential('cometApi', 'CometAPI sandbox', { apiKey, baseUrl });
	const files = await readdir(join(PROJECT, 'examples'));
	for (const file of files.filter((name) => name.endsWith('.json'))) {
		const text = await readFile(join(PROJECT, 'examples', file), 'utf8');
		const workflow = JSON.parse(text) as WorkflowToCreate;
		if (await rest.hasWorkflow(workflow.name)) continue;
		for (const node of workflow.nodes) {
			if (node.type.startsWith(VEO)) node.credentials = { cometApi };
		}
		await rest.createWorkflow(workflow);
	}
}

function openBrowser(url: string): void {
	const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start'] }[
		process.platform as string
	] ?? ['xdg-open'];
	const browser = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
	// without one, the address is on the screen
	browser.on('error', () => {});
	browser.unref();
}

let timer: NodeJS.Timeout | undefined;
let isBusy = false;

/** Once all is quiet, and never twice at the same time. */
function soon(act: () => Promise<void>): void {
	clearTimeout(timer);
	timer = setTimeout(async () => {
		if (isBusy) return soon(act);
		isBusy = true;
		await act().catch((error: Error) => console.error(error.message));
		isBusy = false;
	}, SETTLE_MS);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void killAllServers().finally(() => process.exit()));
}
main().catch(async (error: Error) => {
	console.error(error.message);
	await killAllServers();
	process.exit(1);
});
