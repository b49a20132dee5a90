import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import open from 'open';

import { startSandbox } from '../test/sandbox/server';
import { putCredential, putWorkflows } from './dev/content';
import { editorPort } from './dev/port';
import { cacheFolder, ensureN8n } from './n8n/install';
import { packageFolder } from './n8n/pack';
import { N8nRest, OWNER } from './n8n/rest';
import { killAllServers } from './n8n/server';
import { startN8n, type RunningN8n } from './n8n/start';

const USAGE = `Usage: npm run dev -- [options]
  --port <n>       port of n8n's editor (default: 5678)
  --no-open        do not open the browser
  --data <folder>  folder for n8n's data (default: ${cacheFolder('dev')})
  --help           print this`;

const OPTIONS = {
	port: { type: 'string', default: '5678' },
	'no-open': { type: 'boolean' },
	data: { type: 'string', default: cacheFolder('dev') },
	help: { type: 'boolean' },
} as const;

const tools: ChildProcess[] = [];
let n8n: RunningN8n | undefined;
let isEnding = false;

async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	if (values.help) return console.log(USAGE);
	process.chdir(join(__dirname, '..'));
	const port = await editorPort(Number(values.port));
	await ensureN8n();
	const folder = packageFolder(values.data, 'n8n-nodes-cometapi-veo');
	const dist = join(folder, 'dist');
	execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
	rmSync(folder, { recursive: true, force: true });
	cpSync('package.json', join(folder, 'package.json'));
	cpSync('dist', dist, { recursive: true });
	// from here on, the project's tools build into n8n's copy of the package
	process.env.DIST = dist;
	const watch = (tool: string, ...args: string[]) =>
		tools.push(spawn(`node_modules/.bin/${tool}`, args, { stdio: 'inherit' }));
	watch('tsc', '--project', 'tsconfig.build.json', '--watch', '--outDir', dist);
	watch('gulp', '--silent', 'watch');

	const { apiKey, baseUrl } = await startSandbox({ jobMs: 15_000, apiKey: 'sk-sandbox' });
	console.log('Starting n8n, which takes longest the first time …');
	n8n = await startN8n({
		userFolder: values.data,
		port,
		// n8n reloads a package when one of its files changes
		env: { N8N_DEV_RELOAD: 'true', N8N_PERSONALIZATION_ENABLED: 'false' },
	});
	const rest = await N8nRest.signIn(n8n.url);
	const credential = await putCredential(rest, { apiKey, baseUrl });
	const workflow = `${n8n.url}/workflow/${await putWorkflows(rest, credential)}`;
	console.log(`
n8n is ready at ${n8n.url}

Email       ${OWNER.email}
Password    ${OWNER.password}
Credential  '${credential.name}', for a sandbox at ${baseUrl} that is free of charge
Start with  ${workflow}
Workflows   this one and all examples, reset to their files
Log         ${n8n.logFile}

n8n reloads the node when its sources change. Press Ctrl+C to stop.
`);
	if (!values['no-open']) await open(workflow);
}

async function end(exitCode: number): Promise<void> {
	// Ctrl+C reaches this process twice: from the terminal and from npm
	if (isEnding) return;
	isEnding = true;
	for (const tool of tools) tool.kill();
	await n8n?.stop();
	await killAllServers();
	process.exit(exitCode);
}

process.on('SIGHUP', () => void end(129));
process.on('SIGINT', () => void end(130));
process.on('SIGTERM', () => void end(143));
main().catch(async (error: Error) => {
	if (!isEnding) console.error(error.message);
	await end(1);
});
