import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { hasEnded, type Execution, type WorkflowToCreate } from '../scripts/n8n/rest';
import { TRIGGER } from '../scripts/n8n/workflow';
import { mean } from './draw';
import { cpuMs, watchPeakMb } from './processStat';
import type { RunReport } from './sandboxProcess';
import { watchStrangers } from './strangers';
import type { Stage } from './stage';
import { RESULT } from './workflows';

export interface Measured {
	wallMs: number;
	/** Of the n8n process, idling not yet taken off. */
	cpuMs: number;
	peakMb: number;
	execution: Execution;
	report: RunReport;
}

const IDLE_STEP_MS = 1_000;
const BURST_MS = 50;
const MAX_IDLE_STEPS = 60;
/** For an execution that ended without all of its videos. */
const LOOK_EVERY_MS = 30_000;

/** Runs a workflow whose end is that so many videos are delivered, and looks that all were. */
export async function measure(
	stage: Stage,
	workflow: WorkflowToCreate,
	videos: number,
): Promise<Measured> {
	const { rest, n8n, sandbox } = stage;
	const created = await rest.createWorkflow(workflow);
	const peakMb = watchPeakMb(n8n.pid);
	const unwatch = watchStrangers([n8n.pid, sandbox.pid]);
	const cpuBeforeMs = cpuMs(n8n.pid);
	const id = await rest.run(created, TRIGGER);
	await untilDelivered(stage, videos, created.id, id);
	await rest.untilEnded(created.id, id, 50);
	const usedMs = cpuMs(n8n.pid) - cpuBeforeMs;
	const peak = peakMb();
	unwatch();
	const execution = await rest.execution(id);
	const report = await sandbox.report();
	await check(stage, execution, report, videos);
	const wallMs = execution.stoppedAtMs - execution.startedAtMs;
	return { wallMs, cpuMs: usedMs, peakMb: peak, execution, report };
}

/**
 * What n8n uses when it has nothing to do: CPU ms per ms. Some work comes in bursts seconds after its
 * start, so this waits for a stretch without one.
 */
export async function idleShare({ n8n }: Stage, forMs: number): Promise<number> {
	let usedMs: number[] = [];
	for (let step = 1; usedMs.length * IDLE_STEP_MS < forMs; step++) {
		const before = cpuMs(n8n.pid);
		await pause(IDLE_STEP_MS);
		usedMs.push(cpuMs(n8n.pid) - before);
		if (step < MAX_IDLE_STEPS && usedMs[usedMs.length - 1] > BURST_MS) usedMs = [];
	}
	return mean(usedMs) / IDLE_STEP_MS;
}

/** Asks the sandbox, as questions to n8n would count as its work. */
async function untilDelivered(
	{ sandbox, rest }: Stage,
	videos: number,
	workflowId: string,
	executionId: string,
): Promise<void> {
	let lookAt = performance.now() + LOOK_EVERY_MS;
	while ((await sandbox.delivered()) < videos) {
		await pause(100);
		if (performance.now() < lookAt) continue;
		if (hasEnded(await rest.status(workflowId, executionId))) return;
		lookAt = performance.now() + LOOK_EVERY_MS;
	}
}

/** A figure of a run that lost or doubled a video would be worth nothing. */
async function check(
	{ n8n }: Stage,
	{ status, error, itemsOf }: Execution,
	{ tasks }: RunReport,
	videos: number,
): Promise<void> {
	if (status !== 'success') {
		throw new Error(`The execution ended as ${status}: ${error?.message} ${error?.description}`);
	}
	const items = itemsOf(RESULT);
	const wrong = (what: string) => new Error(`${what}; expected ${videos} videos`);
	if (items.length !== videos) throw wrong(`${items.length} items came out`);
	if (tasks.length !== videos) throw wrong(`${tasks.length} tasks were made`);
	const repeated = tasks.filter(({ deliveries }) => deliveries !== 1);
	if (repeated.length > 0) throw wrong(`${repeated.length} files were not fetched just once`);
	const stored: string[] = [];
	for (const { binary } of items) stored.push(await sha256Of(storedFile(n8n.userFolder, binary)));
	const served = tasks.map(({ sha256 }) => sha256);
	if (stored.sort().join() !== served.sort().join()) throw wrong('The files are not those served');
}

/** Where n8n keeps the file of an item. */
export function storedFile(
	userFolder: string,
	binary: ReturnType<Execution['itemsOf']>[number]['binary'],
): string {
	const [, path] = /^filesystem-v2:(.+)$/.exec(binary?.data.id ?? '') ?? [];
	if (!path) throw new Error('An item came out without a file');
	return join(userFolder, '.n8n', 'storage', path);
}

async function sha256Of(file: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(file), hash);
	return hash.digest('hex');
}
