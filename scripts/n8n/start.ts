import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ensureN8n } from './install';
import { freePort, startServer, type Server } from './server';

export interface StartOptions {
	/** The version of n8n; default: the one that the tests use. */
	version?: string;
	/** n8n keeps its database and files in `.n8n` of this folder, and its log in `n8n.log`. */
	userFolder: string;
	/** Default: a free port. */
	port?: number;
	/** Further settings of n8n. */
	env?: Record<string, string>;
	/** Starts a queue mode worker that runs this many executions in parallel. */
	workerConcurrency?: number;
}

export interface RunningN8n extends Server {
	url: string;
	userFolder: string;
	logFile: string;
	/** From the start of the process to the first response. */
	startMs: number;
}

/** On loopback only, and without requests to n8n's servers. */
const SETTINGS = {
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_SECURE_COOKIE: 'false',
};

export const workerSettings = (port: number) => ({
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	QUEUE_HEALTH_CHECK_PORT: `${port}`,
});

/** Starts n8n on 127.0.0.1, and waits for its REST API or, for a worker, its health check. */
export async function startN8n(options: StartOptions): Promise<RunningN8n> {
	const { version, userFolder, port = await freePort(), env, workerConcurrency } = options;
	const { node, n8n } = await ensureN8n(version);
	await mkdir(userFolder, { recursive: true });
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const isWorker = workerConcurrency !== undefined;
	const args = isWorker ? ['worker', `--concurrency=${workerConcurrency}`] : ['start'];
	const startedAt = performance.now();
	const server = await startServer({
		name: 'n8n',
		command: [node, n8n, ...args],
		folder: userFolder,
		logFile,
		env: {
			PATH: process.env.PATH,
			HOME: userFolder,
			N8N_USER_FOLDER: userFolder,
			...(isWorker ? workerSettings(port) : { N8N_PORT: `${port}` }),
			N8N_RUNNERS_BROKER_PORT: `${await freePort()}`,
			...SETTINGS,
			...env,
		},
		// `/healthz` responds before the REST API, whose first responses are not JSON
		isReady: async () => {
			const response = await fetch(url + (isWorker ? '/healthz/readiness' : '/rest/settings'));
			return response.ok && !!(await response.json());
		},
	});
	return { ...server, url, userFolder, logFile, startMs: performance.now() - startedAt };
}
