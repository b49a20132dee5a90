import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowExecute } from 'n8n-core';
import type { INode, IRun, Workflow } from 'n8n-workflow';

/** n8n reads its settings while it loads, so they must be set before. */
export const userFolder = mkdtempSync(join(tmpdir(), 'veo-engine-'));
process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = 'only-for-tests';
process.env.N8N_DEFAULT_BINARY_DATA_MODE ??= 'filesystem';
process.env.N8N_AVAILABLE_BINARY_DATA_MODES ??= 'filesystem';
process.env.N8N_LOG_LEVEL ??= 'silent';
process.env.N8N_DIAGNOSTICS_ENABLED = 'false';
export const removeUserFolder = () => rmSync(userFolder, { recursive: true, force: true });

// n8n-core's own copies: another copy of @n8n/di would be another container
const requireFromCore = createRequire(require.resolve('n8n-core'));

requireFromCore('reflect-metadata');
// Jest's module loader loops on n8n-core's index unless this part of it is loaded first
requireFromCore('n8n-core/dist/node-execute-functions');
export const core = requireFromCore('n8n-core') as typeof import('n8n-core');

interface Container {
	get<T>(type: abstract new (...args: never[]) => T): T;
}
const { Container } = requireFromCore('@n8n/di') as { Container: Container };

type LogMethod = (message: string, metadata?: unknown) => void;
const { Logger } = requireFromCore('@n8n/backend-common') as {
	Logger: new () => Record<'error' | 'warn' | 'info' | 'debug', LogMethod>;
};

export const logger = Container.get(Logger);

export const binaryData = Container.get(core.BinaryDataService);

const { SSHClientsManager } = requireFromCore(
	'n8n-core/dist/execution-engine/ssh-clients-manager',
) as { SSHClientsManager: new () => { onShutdown: () => void } };

/** Older engines have a timer that keeps the process alive. */
export const stopTimers = () => Container.get(SSHClientsManager).onShutdown();

/** A run that can be canceled. */
type Execution = ReturnType<WorkflowExecute['processRunExecutionData']>;

/** Older engines take these as separate arguments instead of one object. */
export function runFrom(execute: WorkflowExecute, workflow: Workflow, startNode: INode): Execution {
	if (execute.run.length === 1) return execute.run({ workflow, startNode });
	const run = execute.run as unknown as (workflow: Workflow, startNode: INode) => Execution;
	return run.call(execute, workflow, startNode);
}

/** Older engines leave it to n8n to recognize a failed run. */
export const statusOf = ({ status, data }: IRun): IRun['status'] =>
	status === 'running' && data.resultData.error ? 'error' : status;
