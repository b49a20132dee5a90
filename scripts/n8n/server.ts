import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ServerOptions {
	name: string;
	command: string[];
	/** Where it runs. */
	folder: string;
	/** All that it prints is added to this file. */
	logFile: string;
	env?: NodeJS.ProcessEnv;
	/** Whom to run it as; default: whoever runs this. */
	user?: { uid: number; gid: number };
	/** How it is asked to end; default SIGTERM. */
	stopSignal?: NodeJS.Signals;
	isReady: () => Promise<boolean>;
}

export interface Server {
	pid: number;
	/** Signals the process itself, and not what it has started. */
	signal: (signal: NodeJS.Signals) => void;
	/** Its exit code, null where a signal has ended it. */
	ended: Promise<number | null>;
	/** Ends it and all that it has started: kindly, then by force. */
	stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 5_000;
/** Of the log, as told where a server does not start. */
const LOG_LINES = 20;

/** Starts a program that goes on until it is stopped, at the latest with this process. */
export async function startServer(options: ServerOptions): Promise<Server> {
	const { name, folder, logFile, env, user, stopSignal = 'SIGTERM', isReady } = options;
	const [file, ...args] = endingWithParent(options.command);
	const log = await open(logFile, 'a');
	// a process group of its own, so that whatever it starts can be ended with it
	const child = spawn(file, args, {
		cwd: folder,
		detached: true,
		stdio: ['ignore', log.fd, log.fd],
		env,
		...user,
	});
	const signalGroup = (signal: NodeJS.Signals) => {
		try {
			if (child.pid) process.kill(-child.pid, signal);
		} catch {
			// The group has ended.
		}
	};
	const onExit = () => signalGroup('SIGKILL');
	process.once('exit', onExit);
	const ended = once(child, 'close').then(([code]) => code as number | null);
	// without a process there is no end to wait for, and whoever waits for the start hears of it
	ended.catch(() => {});
	const isRunning = () => child.exitCode === null && child.signalCode === null;
	const stop = async (isUrgent = false) => {
		if (!isUrgent && isRunning() && child.pid) {
			signalGroup(stopSignal);
			await Promise.race([ended, pause(STOP_TIMEOUT_MS, undefined, { ref: false })]);
		}
		signalGroup('SIGKILL');
		if (child.pid) await ended;
		process.removeListener('exit', onExit);
		stops.delete(stop);
	};
	stops.add(stop);
	await log.close();
	try {
		await untilReady(isReady, isRunning);
	} catch (error) {
		await stop(true);
		const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n');
		const told = lines.slice(-LOG_LINES).join('\n');
		throw new Error(`${name} did not start:\n${told}`, { cause: error });
	}
	return { pid: child.pid as number, signal: (signal) => void child.kill(signal), ended, stop };
}

const stops = new Set<(isUrgent?: boolean) => Promise<void>>();

/** Ends every server that was started here at once, also one that is not ready yet. */
export async function killAllServers(): Promise<void> {
	await Promise.all([...stops].map(async (stop) => await stop(true)));
}

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** A parent that is killed cannot end its children: on Linux the kernel does. */
const endingWithParent = (command: string[]) =>
	process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', '--', ...command] : command;

async function untilReady(isReady: () => Promise<boolean>, isRunning: () => boolean) {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!(await isReady().catch(() => false))) {
		if (!isRunning()) throw new Error('It ended');
		if (Date.now() > deadline) throw new Error(`No answer in ${START_TIMEOUT_MS / 1000} s`);
		await pause(50);
	}
}
