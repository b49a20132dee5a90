import type { ClientRequest } from 'node:http';

import type { Clock } from '../sandbox/clock';
import { isWorking, nextTurn, watchRequests } from './openWork';

interface Sleeper {
	at: number;
	wake: () => void;
}

/**
 * The open requests of a server, by their connections as `client port:server port`. One that waits
 * on purpose has the number of bytes that were sent on its connection before.
 */
export type ServerRequests = Map<string, { heldAfterBytes?: number }>;

/**
 * A clock that stands still while there is work, and jumps to the next wake-up once everything
 * sleeps. Hours pass in milliseconds, and always in the same order.
 */
export class VirtualClock implements Clock {
	private nowMs = Date.UTC(2026, 0, 1);

	private readonly sleepers = new Set<Sleeper>();

	private readonly requests = new Set<ClientRequest>();

	private isRunning = false;

	private isClosed = false;

	private isTimeToStop = () => false;

	/** When the requests in flight time out. */
	private readonly timeouts = new Set<Sleeper>();

	private readonly unwatch = watchRequests((request) => this.onRequest(request));

	/** Starts the clock for requests that hang while nothing sleeps. */
	private readonly watch = setInterval(() => {
		if (this.isAnyHeld()) void this.run();
	}, 10).unref();

	/**
	 * @param atServer the requests that the server of the test has not finished
	 * @param timeoutMs how long the node waits for the response of a request
	 */
	constructor(
		private readonly atServer: () => ServerRequests = () => new Map(),
		private readonly timeoutMs: () => number = () => Infinity,
	) {}

	/** How far the machine's clock is off. */
	dateOffsetMs = 0;

	now = () => this.nowMs;

	date = () => this.nowMs + this.dateOffsetMs;

	/** The number of running timers. */
	get timers(): number {
		return this.sleepers.size;
	}

	sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
		await new Promise<void>((resolve, reject) => {
			if (signal?.aborted) return reject(signal.reason as Error);
			const onAbort = () => {
				this.sleepers.delete(sleeper);
				reject(signal?.reason as Error);
			};
			const sleeper = {
				at: this.nowMs + ms,
				wake: () => {
					signal?.removeEventListener('abort', onAbort);
					resolve();
				},
			};
			signal?.addEventListener('abort', onAbort, { once: true });
			this.sleepers.add(sleeper);
			void this.run();
		});
	};

	/** Resolves once the condition holds, and stops the clock. */
	async stopWhen(isSo: () => boolean): Promise<void> {
		this.isTimeToStop = isSo;
		while (!this.isClosed && !isSo()) await nextTurn();
	}

	goOn(): void {
		this.isTimeToStop = () => false;
		this.isRunning = false;
		if (this.sleepers.size > 0) void this.run();
	}

	/** Stops for good: a clock that still waited would look like work to the next one. */
	close(): void {
		this.isClosed = true;
		this.unwatch();
		this.sleepers.clear();
		clearInterval(this.watch);
	}

	private onRequest(request: ClientRequest): void {
		this.requests.add(request);
		const timeout = {
			at: this.nowMs + this.timeoutMs(),
			// like the request's own timer, which measures real time
			wake: () => void request.emit('timeout'),
		};
		this.timeouts.add(timeout);
		// the timeout does not cover the body
		request.once('response', () => this.timeouts.delete(timeout));
		request.once('close', () => {
			this.requests.delete(request);
			this.timeouts.delete(timeout);
		});
	}

	private async run(): Promise<void> {
		if (this.isRunning) return;
		this.isRunning = true;
		while (this.sleepers.size > 0 || this.isAnyHeld()) {
			do await nextTurn();
			while (!this.isClosed && this.isBusy());
			if (this.isClosed || this.isTimeToStop()) return; // until goOn()
			const [next] = [...this.sleepers, ...this.timeouts].sort((a, b) => a.at - b.at);
			if (!next || next.at === Infinity) break;
			this.nowMs = Math.max(this.nowMs, next.at);
			this.sleepers.delete(next);
			this.timeouts.delete(next);
			next.wake();
		}
		this.isRunning = false;
	}

	private isAnyHeld(): boolean {
		const atServer = this.atServer();
		return [...this.requests].some((request) => isHeld(request, atServer));
	}

	/**
	 * Recognizes requests by their connection: a server may not know yet that its client has ended
	 * one.
	 */
	private isBusy(): boolean {
		const atServer = this.atServer();
		const requests = [...this.requests];
		const connections = new Set(requests.map(connectionOf));
		return (
			requests.some((request) => !isHeld(request, atServer)) ||
			[...atServer.keys()].some((connection) => !connections.has(connection)) ||
			isWorking()
		);
	}
}

const connectionOf = ({ socket }: ClientRequest) => `${socket?.localPort}:${socket?.remotePort}`;

/** Whether the server makes the request wait and everything it has sent is read. */
function isHeld(request: ClientRequest, atServer: ServerRequests): boolean {
	const { heldAfterBytes = Infinity } = atServer.get(connectionOf(request)) ?? {};
	return (request.socket?.bytesRead ?? 0) >= heldAfterBytes;
}
