import { spawn, type StdioOptions } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerOptions {
	name: string;
	command: string[];
	/** The working directory. */
	folder: string;
	/** The file that all output is appended to. */
	logFile: string;
	env?: NodeJS.ProcessEnv;
	/** The user that the server runs as; default: the current one. */
	user?: { uid: number; gid: number };
	/** The signal that asks the server to end; default SIGTERM. */
	stopSignal?: NodeJS.Signals;
	isReady: () => Promise<boolean>;
}

export interface Server {
	pid: number;
	/** Signals the process itself, but not its child processes. */
	signal: (signal: NodeJS.Signals) => void;
	/** The exit code, or null if a signal ended the server. */
	ended: Promise<number | null>;
	/** Asks the server to end, then kills it together with its child processes. */
	stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 5_000;

/** The running servers by their `stop`, each with a function that kills it immediately. */
const running = new Map<Server['stop'], () => void>();
process.on('exit', () => running.forEach((kill) => kill()));

/** Kills every server that was started here, even if it is not ready yet. */
export async function killAllServers(): Promise<void> {
	running.forEach((kill) => kill());
	await Promise.all([...running.keys()].map(async (stop) => await stop()));
}

/** Starts a program that runs until it is stopped, or until this process ends. */
export async function startServer(options: ServerOptions): Promise<Server> {
	const { name, folder, logFile, env, user, stopSignal = 'SIGTERM', isReady } = options;
	const [file, ...args] = endingWithParent(options.command);
	const log = openSync(logFile, 'a');
	const stdio: StdioOptions = ['ignore', log, log];
	// in its own process group, so that its child processes are killed with it
	const child = spawn(file, args, { cwd: folder, detached: true, stdio, env, ...user });
	closeSync(log);
	const ended = once(child, 'close').then(([code]) => code as number | null);
	// the check below reports a command that cannot be started
	ended.catch(() => {});
	const isRunning = () => !!child.pid && child.exitCode === null && child.signalCode === null;
	const signalGroup = (signal: NodeJS.Signals) => {
		try {
			if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// the group has ended already
		}
	};
	const stop = async () => {
		if (isRunning()) {
			signalGroup(stopSignal);
			await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
		}
		signalGroup('SIGKILL');
		if (child.pid) await ended;
		running.delete(stop);
	};
	running.set(stop, () => signalGroup('SIGKILL'));

	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!(await isReady().catch(() => false))) {
		await sleep(50);
		if (isRunning() && Date.now() < deadline) continue;
		signalGroup('SIGKILL');
		await stop();
		const lastLines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20);
		throw new Error([`${name} did not start:`, ...lastLines].join('\n'));
	}
	return { pid: child.pid as number, signal: (signal) => void child.kill(signal), ended, stop };
}

/** A killed process cannot stop its servers; on Linux, the kernel kills them. */
const endingWithParent = (command: string[]) =>
	process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', '--', ...command] : command;

/** Below the range that operating systems use for clients. */
const PORTS = { min: 10_000, max: 32_767 };

/** Finds a port that no client can get before it is used. @throws Error if the wanted port is taken */
export async function freePort(wanted?: number): Promise<number> {
	for (;;) {
		const port = wanted ?? randomInt(PORTS.min, PORTS.max + 1);
		try {
			const server = createServer().listen(port, '127.0.0.1');
			await once(server, 'listening');
			server.close();
			await once(server, 'close');
			return port;
		} catch (error) {
			const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
			if (wanted !== undefined || !isTaken) throw error;
		}
	}
}
