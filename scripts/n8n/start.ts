import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ensureN8n } from './install';
import { freePort, startServer, type Server } from './server';

export interface StartOptions {
	/** n8n keeps its database and files in `.n8n` of this folder, its log in `n8n.log`. */
	userFolder: string;
	/** Default: any free one. */
	port?: number;
	/** Further settings of n8n. */
	env?: Record<string, string>;
	/** In queue mode, how many executions a worker has at once; without it, n8n is no worker. */
	workerConcurrency?: number;
}

export interface RunningN8n extends Server {
	url: string;
	userFolder: string;
	logFile: string;
	/** From the start of the process until it answered. */
	startMs: number;
}

/** Starts a real n8n on 127.0.0.1 and waits until its REST API answers, or its health check if it is a worker. */
export async function startN8n(options: StartOptions): Promise<RunningN8n> {
	const { userFolder, env, workerConcurrency } = options;
	const { node, n8n } = await ensureN8n();
	await mkdir(userFolder, { recursive: true });
	const [port, brokerPort] = [options.port ?? (await freePort()), await freePort()];
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(userFolder, 'n8n.log');
	const isWorker = workerConcurrency !== undefined;
	const startedAt = performance.now();
	const server = await startServer({
		name: 'n8n',
		command: [
			node,
			n8n,
			...(isWorker ? ['worker', `--concurrency=${workerConcurrency}`] : ['start']),
		],
		folder: userFolder,
		logFile,
		env: {
			PATH: process.env.PATH,
			HOME: userFolder,
			N8N_USER_FOLDER: userFolder,
			...(isWorker ? workerSettings(port) : { N8N_PORT: String(port) }),
			N8N_RUNNERS_BROKER_PORT: String(brokerPort),
			...SETTINGS,
			...env,
		},
		isReady: async () => await (isWorker ? isHealthy(url) : answers(url)),
	});
	return { ...server, url, userFolder, logFile, startMs: performance.now() - startedAt };
}

/** On loopback only, and without the calls home that a test machine cannot or should not make. */
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
	QUEUE_HEALTH_CHECK_PORT: String(port),
});

const isHealthy = async (url: string) => (await fetch(`${url}/healthz/readiness`)).ok;

/** `/healthz` answers before the REST API does, and the API first that it or its database is not ready. */
async function answers(url: string): Promise<boolean> {
	const response = await fetch(`${url}/rest/settings`);
	return response.ok && !!(await response.json());
}
