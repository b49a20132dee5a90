import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSandbox } from '../sandbox/server';

const PROJECT = join(__dirname, '..', '..');

let folder: string;
let demo: ChildProcess;
let output: string;

/** Starts the demo in its own process group, as a terminal does, with its own temporary folder. */
function startDemo(env: NodeJS.ProcessEnv = {}): void {
	folder = mkdtempSync(join(tmpdir(), 'veo-demo-'));
	output = '';
	demo = spawn(join('node_modules', '.bin', 'tsx'), ['scripts/demo.ts'], {
		cwd: PROJECT,
		detached: true,
		env: {
			...process.env,
			COMETAPI_KEY: undefined,
			COMETAPI_BASE_URL: undefined,
			TMPDIR: folder,
			...env,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	for (const stream of [demo.stdout, demo.stderr]) {
		stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	}
}

/** Resolves once the output has the text. */
async function printed(text: RegExp): Promise<void> {
	while (!text.test(output)) {
		if (demo.exitCode !== null) throw new Error(`The demo ended:\n${output}`);
		await Promise.race([
			once(demo.stdout!, 'data'),
			once(demo.stderr!, 'data'),
			once(demo, 'close'),
		]);
	}
}

async function pressCtrlC(): Promise<void> {
	const ended = once(demo, 'close');
	process.kill(-(demo.pid as number), 'SIGINT');
	await ended;
}

/** Without the cache of the tool that runs the demo. */
const foldersLeft = () => readdirSync(folder).filter((name) => !name.startsWith('tsx-'));

afterEach(() => {
	if (demo.exitCode === null && demo.pid) process.kill(-demo.pid, 'SIGKILL');
	rmSync(folder, { recursive: true });
});

it('the demo prints the ID of each task when it is created, and leaves no folder after Ctrl+C', async () => {
	startDemo();
	for (const name of ['text-to-video', 'image-to-video', 'first-and-last-frame']) {
		const id = new RegExp(`${name} +is task task_`);
		await printed(id);
		expect(output.split('completed')[0]).toMatch(id);
	}
	expect(foldersLeft()).not.toEqual([]);
	await pressCtrlC();
	expect(foldersLeft()).toEqual([]);
	expect(demo.exitCode).toBe(130);
});

it('with a key, the demo says how much the videos may cost before it creates one', async () => {
	const sandbox = await startSandbox();
	try {
		startDemo({ COMETAPI_KEY: sandbox.apiKey, COMETAPI_BASE_URL: sandbox.baseUrl });
		await printed(/Ctrl\+C/);
		expect(output).toMatch(/with veo3-fast .*\nTHIS COSTS about \$0\.96\./);
		await pressCtrlC();
		expect(sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);
		expect(foldersLeft()).toEqual([]);
	} finally {
		await sandbox.close();
	}
});
