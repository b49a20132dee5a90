import { readFile } from 'node:fs/promises';

import { N8nRest } from '../../../../scripts/n8n/rest';
import { startN8n, type RunningN8n } from '../../../../scripts/n8n/start';
import { startSandbox } from '../../../sandbox/server';
import { newUserFolder, type SetUpOptions, type Stage } from '../setUp';
import { startPostgres, type Postgres } from './postgres';
import { startRedis, type Redis } from './redis';
import { queueSettings } from './settings';

export interface Worker extends RunningN8n {
	log: () => Promise<string>;
	/** The executions it has begun, by their ids. */
	begun: () => Promise<string[]>;
}

export interface QueueStage extends Stage {
	workers: Worker[];
	postgres: Postgres;
	redis: Redis;
	addWorker: (env?: Record<string, string>) => Promise<Worker>;
	/** As `n8n`, in the place of one that has ended. */
	startMain: () => Promise<void>;
}

interface QueueOptions extends SetUpOptions {
	workerConcurrency: number;
}

const START_TIMEOUT_MS = 300_000;

/** n8n in queue mode, one main and two workers, and a credential for a sandbox; one for all tests of a file. */
export function setUpQueue({ sandbox, env, workerConcurrency }: QueueOptions): QueueStage {
	const stage = { workers: [] as Worker[] } as QueueStage;
	beforeAll(async () => {
		stage.sandbox = await startSandbox({ jobMs: 1_000, ...sandbox });
		[stage.redis, stage.postgres] = await Promise.all([startRedis(), startPostgres()]);
		const ports = { redis: stage.redis.port, postgres: stage.postgres.port };
		const settings = { ...queueSettings(ports), ...env };
		stage.addWorker = async (ownEnv) => {
			const worker = withLog(
				await startN8n({
					userFolder: await newUserFolder(),
					env: { ...settings, ...ownEnv },
					workerConcurrency,
				}),
			);
			stage.workers.push(worker);
			return worker;
		};
		const mainFolder = await newUserFolder();
		stage.startMain = async () => {
			stage.n8n = await startN8n({ userFolder: mainFolder, env: settings });
			stage.rest = await N8nRest.signIn(stage.n8n.url);
		};
		// before the workers, as it makes the tables
		await stage.startMain();
		await Promise.all([stage.addWorker(), stage.addWorker()]);
		const { apiKey, baseUrl } = stage.sandbox;
		stage.credential = await stage.rest.createCredential('cometApi', { apiKey, baseUrl });
	}, START_TIMEOUT_MS);
	afterAll(async () => {
		await Promise.all([stage.n8n, ...stage.workers].map(async (n8n) => await n8n?.stop()));
		await Promise.all([stage.redis?.stop(), stage.postgres?.stop(), stage.sandbox?.close()]);
	});
	return stage;
}

function withLog(n8n: RunningN8n): Worker {
	const log = async () => await readFile(n8n.logFile, 'utf8');
	const begun = async () =>
		[...(await log()).matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id);
	return { ...n8n, log, begun };
}
