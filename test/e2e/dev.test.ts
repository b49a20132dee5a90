import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

import { N8nRest, type Workflow } from '../../scripts/n8n/rest';
import { freePort } from '../../scripts/n8n/server';
import {
	TRIGGER,
	VEO,
	fromPrompts,
	manualTrigger,
	veo,
	workflowOf,
} from '../../scripts/n8n/workflow';
import { exampleNames, readExample } from './support/examples';
import { shared } from './support/shared';
import { until } from './support/until';

const PROJECT = join(__dirname, '..', '..');
const FOLDERS = ['credentials', 'examples', 'icons', 'nodes', 'scripts', 'test/sandbox'];
const FILES = ['gulpfile.js', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
const SOURCE = 'nodes/Veo/Veo.node.ts';
const START_TIMEOUT_MS = 150_000;

interface Listed {
	id: string;
	name: string;
	type: string;
}

// a copy of the project, because the tests change its sources
const folder = realpathSync(mkdtempSync(join(shared.get().folder, 'dev-')));
let dev: ChildProcess;
let output = '';
let url: string;
let rest: N8nRest;

/** Starts `npm run dev` in its own process group, as a terminal does: Ctrl+C reaches the whole group. */
async function startDev(): Promise<void> {
	output = '';
	const port = await freePort();
	url = `http://127.0.0.1:${port}`;
	const args = ['--data', join(folder, 'data'), '--port', String(port), '--no-open'];
	dev = spawn(join('node_modules', '.bin', 'tsx'), ['scripts/dev.ts', ...args], {
		cwd: folder,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	for (const stream of [dev.stdout, dev.stderr]) {
		stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
	}
	await untilPrinted(`n8n is ready at ${url}`);
	rest = await N8nRest.signIn(url);
}

async function pressCtrlC(): Promise<void> {
	const ended = once(dev, 'close');
	process.kill(-(dev.pid as number), 'SIGINT');
	await ended;
}

const untilPrinted = async (text: string) =>
	await until(
		`'${text}' in the output:\n${output}`,
		() => {
			if (dev.exitCode !== null) throw new Error(`The process ended:\n${output}`);
			return output.includes(text);
		},
		{ deadlineMs: START_TIMEOUT_MS },
	);

/** The command lines of all processes whose working directory is in the test's folder. */
function processes(): string[] {
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	return pids.flatMap((pid) => {
		try {
			const isHere = `${readlinkSync(`/proc/${pid}/cwd`)}${sep}`.startsWith(folder + sep);
			return isHere ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
		} catch {
			// the process has ended meanwhile
			return [];
		}
	});
}

/** Processes killed with their group take a moment to end. */
async function expectNoProcess(): Promise<void> {
	await until('the end of all processes', () => processes().length === 0, {
		deadlineMs: 3_000,
	}).catch(() => {});
	expect(processes()).toEqual([]);
}

const credentials = async () => await rest.call<Listed[]>('GET', '/credentials');
const workflows = async () => await rest.call<Listed[]>('GET', '/workflows');
const names = ['Start here', ...exampleNames.map((name) => readExample(name).name)].sort();

async function expectVideoCreated(): Promise<void> {
	const [credential] = await credentials();
	const create = veo(credential, { parameters: { operation: 'create' } });
	const workflow = await rest.createWorkflow(
		workflowOf('Try', [manualTrigger, ...fromPrompts('A kite'), create]),
	);
	const execution = await rest.runToEnd(workflow, TRIGGER);
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('Veo')[0].json.id).toMatch(/^task_/);
	await rest.call('POST', `/workflows/${workflow.id}/archive`, {});
	await rest.call('DELETE', `/workflows/${workflow.id}`);
}

beforeAll(async () => {
	for (const name of [...FOLDERS, ...FILES]) {
		cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
	}
	symlinkSync(realpathSync(join(PROJECT, 'node_modules')), join(folder, 'node_modules'));
	await startDev();
});

afterAll(() => {
	if (dev.exitCode === null && dev.pid) process.kill(-dev.pid, 'SIGKILL');
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

it('npm run dev imports all examples and a first workflow, with the sandbox credential in the Veo nodes', async () => {
	const listed = await workflows();
	expect(listed.map(({ name }) => name).sort()).toEqual(names);
	const [{ id, name }, ...others] = await credentials();
	expect(others).toEqual([]);
	for (const { id: workflowId } of listed) {
		const { nodes } = await rest.call<ReturnType<typeof readExample>>(
			'GET',
			`/workflows/${workflowId}`,
		);
		const veoNodes = nodes.filter(({ type }) => type.startsWith(VEO));
		expect(veoNodes).not.toEqual([]);
		for (const node of veoNodes) expect(node.credentials).toEqual({ cometApiVeoApi: { id, name } });
	}
});

it('npm run dev creates a credential that works', expectVideoCreated);

it('npm run dev prints the link of the first workflow, which creates a video', async () => {
	const [, id] = /\/workflow\/(\w+)\n/.exec(output)!;
	const workflow = await rest.call<Workflow>('GET', `/workflows/${id}`);
	expect(workflow.name).toBe('Start here');
	const [trigger, create] = workflow.nodes;
	const execution = await rest.runToEnd(workflow, trigger.name);
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf(create.name)[0].binary?.data.mimeType).toBe('video/mp4');
});

it('npm run dev loads changed sources into n8n', async () => {
	const file = join(folder, SOURCE);
	const changed = readFileSync(file, 'utf8').replace(/displayName: '.*'/, "displayName: 'Changed'");
	writeFileSync(file, changed);
	await until('the changed node in n8n', async () => {
		// while n8n reloads a package, it may serve an incomplete list
		const types = await rest.nodeTypes().catch(() => []);
		return types.find(({ name }) => name === VEO)?.displayName === 'Changed';
	});
});

it(
	'npm run dev leaves no process behind and duplicates nothing when started again',
	async () => {
		expect(processes().length).toBeGreaterThan(1);
		await pressCtrlC();
		await expectNoProcess();

		await startDev();
		expect((await workflows()).map(({ name }) => name).sort()).toEqual(names);
		expect(await credentials()).toHaveLength(1);
		await expectVideoCreated();
		await pressCtrlC();
		await expectNoProcess();
	},
	2 * START_TIMEOUT_MS,
);
