import { readFile } from 'node:fs/promises';

import { N8nRest } from '../../../../scripts/n8n/rest';
import { startN8n, type RunningN8n } from '../../../../scripts/n8n/start';
import { startSandbox } from '../../../sandbox/server';
import { createVeoCredential, type SetUpOptions, type TestContext } from '../setUp';
import { newUserFolder } from '../userFolder';
import { startPostgres, type Postgres } from './postgres';
import { startRedis, type Redis } from './redis';
import { queueSettings } from './settings';

export interface Worker extends RunningN8n {
	log: () => Promise<string>;
	/** IDs of the executions that this worker has started. */
	startedExecutions: () => Promise<string[]>;
}

export interface QueueContext extends TestContext {
	workers: Worker[];
	postgres: Postgres;
	redis: Redis;
	addWorker: (env?: Record<string, string>) => Promise<Worker>;
	/** Starts the main process as `n8n`, or starts it again after it has ended. */
	startMain: () => Promise<void>;
}

interface QueueOptions extends Omit<SetUpOptions, 'prepareUserFolder'> {
	workerConcurrency: number;
}

const START_TIMEOUT_MS = 300_000;

/**
 * Starts n8n in queue mode with two workers, and a sandbox with its credential, once for all tests
 * of a file.
 */
export function setUpQueue({ sandbox, env, workerConcurrency }: QueueOptions): QueueContext {
	const context = { workers: [] as Worker[] } as QueueContext;
	beforeAll(async () => {
		context.sandbox = await startSandbox({ jobMs: 1_000, ...sandbox });
		[context.redis, context.postgres] = await Promise.all([startRedis(), startPostgres()]);
		const ports = { redis: context.redis.port, postgres: context.postgres.port };
		const settings = { ...queueSettings(ports), ...env };
		context.addWorker = async (ownEnv) => {
			const worker = withLog(
				await startN8n({
					userFolder: await newUserFolder(),
					env: { ...settings, ...ownEnv },
					workerConcurrency,
				}),
			);
			context.workers.push(worker);
			return worker;
		};
		const mainFolder = await newUserFolder();
		context.startMain = async () => {
			context.n8n = await startN8n({ userFolder: mainFolder, env: settings });
			context.rest = await N8nRest.signIn(context.n8n.url);
		};
		// before the workers, because it creates the database tables
		await context.startMain();
		await Promise.all([context.addWorker(), context.addWorker()]);
		context.credential = await createVeoCredential(context);
	}, START_TIMEOUT_MS);
	afterAll(async () => {
		await Promise.all([context.n8n, ...context.workers].map(async (n8n) => await n8n?.stop()));
		await Promise.all([context.redis?.stop(), context.postgres?.stop(), context.sandbox?.close()]);
	});
	return context;
}

function withLog(n8n: RunningN8n): Worker {
	const log = async () => await readFile(n8n.logFile, 'utf8');
	const startedExecutions = async () =>
		[...(await log()).matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id);
	return { ...n8n, log, startedExecutions };
}
