import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ensureN8n } from './install';

export interface StartOptions {
	/** n8n keeps its database and files in `.n8n` of this folder, its log in `n8n.log`. */
	userFolder: string;
	/** Default: any free one. */
	port?: number;
	/** Further settings of n8n. */
	env?: Record<string, string>;
}

export interface RunningN8n {
	url: string;
	pid: number;
	userFolder: string;
	/** From the start of the process until its REST API answered. */
	startMs: number;
	stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 5_000;
/** Of n8n's log, as told where it does not start. */
const LOG_LINES = 20;

/** Starts a real n8n on 127.0.0.1 and waits until its REST API answers. */
export async function startN8n(options: StartOptions): Promise<RunningN8n> {
	const { userFolder, env } = options;
	const { node, n8n } = await ensureN8n();
	await mkdir(userFolder, { recursive: true });
	const [port, brokerPort] = [options.port ?? (await freePort()), await freePort()];
	const logFile = join(userFolder, 'n8n.log');
	const log = await open(logFile, 'a');
	const startedAt = performance.now();
	// a process group of its own, so that its task runner ends with it
	const child = spawn(node, [n8n, 'start'], {
		cwd: userFolder,
		detached: true,
		stdio: ['ignore', log.fd, log.fd],
		env: {
			PATH: process.env.PATH,
			HOME: userFolder,
			N8N_USER_FOLDER: userFolder,
			N8N_PORT: String(port),
			N8N_RUNNERS_BROKER_PORT: String(brokerPort),
			...SETTINGS,
			...env,
		},
	});
	const stop = stopper(child);
	await log.close();
	const url = `http://127.0.0.1:${port}`;
	try {
		await untilReady(url, child);
	} catch (error) {
		await stop();
		const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n');
		throw new Error(`n8n did not start:\n${lines.slice(-LOG_LINES).join('\n')}`, { cause: error });
	}
	const startMs = performance.now() - startedAt;
	return { url, pid: child.pid as number, userFolder, startMs, stop };
}

/** On loopback only, and without the calls home that a test machine cannot or should not make. */
const SETTINGS = {
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_SECURE_COOKIE: 'false',
};

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** `/healthz` answers before the REST API does, and the API first that it or its database is not ready. */
async function untilReady(url: string, child: ChildProcess): Promise<void> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	for (;;) {
		if (child.exitCode !== null || child.signalCode !== null) throw new Error('n8n ended');
		if (Date.now() > deadline) throw new Error(`no answer in ${START_TIMEOUT_MS / 1000} s`);
		const settings = await fetch(`${url}/rest/settings`)
			.then(
				async (response) => response.ok && (await response.json()),
				() => undefined,
			)
			.catch(() => undefined);
		if (settings) return;
		await pause(50);
	}
}

type Stop = (isUrgent?: boolean) => Promise<void>;

const stops = new Set<Stop>();

/** Ends every n8n that was started here at once, also one that is not ready yet. */
export async function killAllN8n(): Promise<void> {
	await Promise.all([...stops].map(async (stop) => await stop(true)));
}

/** Ends the whole group: kindly, then by force; by force at once where this process ends itself. */
function stopper(child: ChildProcess): Stop {
	const signalGroup = (signal: NodeJS.Signals) => {
		try {
			if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// The group has ended.
		}
	};
	const onExit = () => signalGroup('SIGKILL');
	process.once('exit', onExit);
	const ended = once(child, 'close');
	// without a process there is no end to wait for, and whoever waits for the start hears of it
	ended.catch(() => {});
	const stop: Stop = async (isUrgent) => {
		if (!isUrgent && child.exitCode === null && child.signalCode === null && child.pid) {
			signalGroup('SIGTERM');
			await Promise.race([ended, pause(STOP_TIMEOUT_MS, undefined, { ref: false })]);
		}
		signalGroup('SIGKILL');
		if (child.pid) await ended;
		process.removeListener('exit', onExit);
		stops.delete(stop);
	};
	stops.add(stop);
	return stop;
}
