import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { query } from '../scripts/n8n/database';
import type { Pack } from '../scripts/n8n/pack';
import { hasEnded, N8nRest, type Execution } from '../scripts/n8n/rest';
import { startN8n } from '../scripts/n8n/start';
import { TRIGGER } from '../scripts/n8n/workflow';
import { startSandbox, type Sandbox, type SandboxOptions } from '../test/sandbox/server';
import { cpuMs, peakMemoryMb, resetPeakMemory } from './process';
import { createCredentials, RESULT, workflowFor, type Steps } from './workflows';

export interface Setup {
	/** n8n's user folder, temporary and with the packed node installed. */
	folder: string;
	pack: Pack;
	isQuick: boolean;
}

type BenchN8n = Awaited<ReturnType<typeof startBenchN8n>>;

export const VIDEO_SECONDS = { min: 18, max: 22 };
const STATUS_EVERY_MS = 30_000;
const IDLE_MS = 5_000;
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** The duration of a video: evenly distributed, and the same in every run. */
export function videoMs(index: number): number {
	const { min, max } = VIDEO_SECONDS;
	return Math.round(1000 * (min + (max - min) * ((index * GOLDEN_RATIO) % 1)));
}

/** Starts a sandbox whose files have 300 kB. */
export const startVideoSandbox = async (options: SandboxOptions = {}) =>
	await startSandbox({ jobMs: videoMs, video: { sizeBytes: 300_000 }, ...options });

/** Starts n8n and runs each workflow once, so that no measured run is a workflow's first one. */
export async function startBenchN8n({ folder }: Setup, ...workflows: Steps[]) {
	const server = await startN8n({ userFolder: folder });
	const n8n = { ...server, rest: await N8nRest.signIn(server.url), idleShare: 1 };
	const sandbox = await startVideoSandbox({ jobMs: 0 });
	for (const steps of workflows) await measure(sandbox, n8n, steps, 1);
	await sandbox.close();
	// n8n also works in the background now and then, mostly after it starts
	for (let tries = 0; tries < 12 && n8n.idleShare > 0.02; tries++) {
		const beforeMs = cpuMs(n8n.pid);
		await pause(IDLE_MS);
		n8n.idleShare = (cpuMs(n8n.pid) - beforeMs) / IDLE_MS;
	}
	return n8n;
}

/** Measures an execution that creates and downloads the given number of videos. */
export async function measure(sandbox: Sandbox, n8n: BenchN8n, steps: Steps, videos: number) {
	const { rest, pid } = n8n;
	sandbox.reset();
	const credentials = await createCredentials(rest, sandbox);
	const workflow = await rest.createWorkflow(workflowFor(videos, steps(credentials)));
	resetPeakMemory(pid);
	const cpuBeforeMs = cpuMs(pid);
	const id = await rest.run(workflow, TRIGGER);
	// watches the sandbox and not n8n, which would need CPU time to respond
	for (let ms = 100; sandbox.counts().delivered < videos; ms += 100) {
		await pause(100);
		if (ms % STATUS_EVERY_MS === 0 && hasEnded(await rest.status(workflow.id, id))) break;
	}
	await rest.untilEnded(workflow.id, id, 50);
	const [usedMs, peakMb] = [cpuMs(pid) - cpuBeforeMs, peakMemoryMb(pid)];
	const execution = await rest.execution(id);
	await verify(n8n, sandbox, execution, videos);
	const wallMs = execution.stoppedAtMs - execution.startedAtMs;
	const { tasks } = sandbox;
	const lastEndMs = Math.max(...tasks.map(({ createdAtMs, jobMs }) => createdAtMs + jobMs));
	const firstFile = sandbox.requests.find(({ call }) => call === 'file');
	return {
		wallMs,
		/** From the first request for a file to the end of the execution. */
		filesMs: execution.stoppedAtMs - (firstFile?.atMs ?? NaN),
		/** CPU time of the n8n process, minus its use when idle. */
		cpuMs: usedMs - n8n.idleShare * wallMs,
		peakMb,
		creates: sandbox.counts().creates,
		requests: sandbox.requests.length,
		delayMs: meanDelayMs(sandbox),
		/** From the last video being finished to the end of the execution. */
		endDelayMs: execution.stoppedAtMs - lastEndMs,
		listed: (await rest.executionsOf(workflow)).length,
		rows: await countRows(n8n, workflow.id),
	};
}

/** The executions of a workflow in n8n's database, including those that n8n is about to delete. */
async function countRows(n8n: BenchN8n, workflowId: string): Promise<number> {
	const sql = 'SELECT count(*) AS count FROM execution_entity WHERE workflowId = ?';
	const [{ count }] = await query(n8n, sql, workflowId);
	return Number(count);
}

/** The mean time from the end of a video to the status check that notices it. */
function meanDelayMs({ tasks, requests }: Sandbox): number {
	const checks = requests.filter(({ call }) => call === 'retrieve');
	const foundAtMs = new Map(checks.map(({ taskId, atMs }) => [taskId, atMs]));
	const delaysMs = tasks.map(
		(task) => Number(foundAtMs.get(task.id)) - task.createdAtMs - task.jobMs,
	);
	return delaysMs.reduce((a, b) => a + b) / delaysMs.length;
}

/** Throws unless every video was created once, downloaded once and stored unchanged. Removes the files. */
async function verify(n8n: BenchN8n, sandbox: Sandbox, execution: Execution, videos: number) {
	const { status, error, itemsOf } = execution;
	assert.equal(status, 'success', `${error?.message} ${error?.description}`);
	const ids = sandbox.tasks.map(({ id }) => id).sort();
	const delivered = sandbox.requests.filter((request) => request.delivered);
	assert.equal(ids.length, videos, 'Not every video was created once');
	assert.deepEqual(delivered.map(({ taskId }) => taskId).sort(), ids);
	const stored: string[] = [];
	for (const { binary } of itemsOf(RESULT)) {
		const path = `${binary?.data.id}`.replace('filesystem-v2:', '');
		const file = join(n8n.userFolder, '.n8n', 'storage', path);
		stored.push(hash('sha256', await readFile(file)));
		await rm(file);
	}
	assert.deepEqual(stored.sort(), ids.map((id) => sandbox.sha256(id)).sort());
}
