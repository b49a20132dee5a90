import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

import type { Execution, WorkflowToCreate } from '../scripts/n8n/rest';
import { cpuMs, watchPeakMb } from './processStat';
import type { RunReport } from './sandboxProcess';
import { watchStrangers } from './strangers';
import type { Stage } from './stage';
import { RESULT, TRIGGER } from './workflows';

export interface Measured {
	wallMs: number;
	/** Of the n8n process, idling not yet taken off. */
	cpuMs: number;
	peakMb: number;
	execution: Execution;
	report: RunReport;
}

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
	await rest.untilEnded(created.id, id, { everyMs: 50 });
	const usedMs = cpuMs(n8n.pid) - cpuBeforeMs;
	const peak = peakMb();
	unwatch();
	const execution = await rest.execution(id);
	const report = await sandbox.report();
	await check(stage, execution, report, videos);
	const wallMs = execution.stoppedAtMs - execution.startedAtMs;
	return { wallMs, cpuMs: usedMs, peakMb: peak, execution, report };
}

/** What n8n uses when it has nothing to do: CPU ms per ms. */
export async function idleShare({ n8n }: Stage, forMs: number): Promise<number> {
	const before = cpuMs(n8n.pid);
	await pause(forMs);
	return (cpuMs(n8n.pid) - before) / forMs;
}

/** Asks the sandbox, as questions to n8n would count as its work. */
async function untilDelivered(
	{ sandbox, rest }: Stage,
	videos: number,
	workflowId: string,
	executionId: string,
): Promise<void> {
	const over = new AbortController();
	let hasEnded = false;
	const ended = rest
		.untilEnded(workflowId, executionId, { everyMs: 30_000, signal: over.signal })
		.then(
			() => (hasEnded = true),
			() => {},
		);
	while (!hasEnded && (await sandbox.delivered()) < videos) await pause(100);
	over.abort();
	await ended;
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
