import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

import type { Clock } from '../sandbox/clock';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** After this many turns of the event loop without any work, no more work follows. */
const QUIET_TURNS = 4;

/** Node's work that ends by itself: files, names and connections that are being opened. */
const WORK = /^(FSReq|GetAddrInfo|TCPConnect)/;

/**
 * A clock that stands still while there is work, and jumps to the next wake-up once everything
 * sleeps. Hours pass in milliseconds, and always in the same order.
 */
export class VirtualClock implements Clock {
	private nowMs = Date.UTC(2026, 0, 1);

	private readonly sleepers = new Set<Sleeper>();

	private readonly requests = new Set<ClientRequest>();

	private isRunning = false;

	private isTimeToStop = () => false;

	/** When the requests in flight time out. */
	private readonly timeouts = new Set<Sleeper>();

	/** Starts the clock for requests that hang while nothing sleeps. */
	private readonly watch = setInterval(() => {
		if (this.isAnyHeld()) void this.run();
	}, 10).unref();

	/**
	 * @param held the connections, as `client port:server port`, of requests that hang on purpose
	 * @param timeoutMs how long the node waits for the response of a request
	 */
	constructor(
		private readonly held: () => Set<string> = () => new Set(),
		private readonly timeoutMs: (request: ClientRequest) => number = () => Infinity,
	) {
		subscribe('http.client.request.start', this.onRequest);
	}

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
		while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
	}

	goOn(): void {
		this.isTimeToStop = () => false;
		this.isRunning = false;
		if (this.sleepers.size > 0) void this.run();
	}

	close(): void {
		unsubscribe('http.client.request.start', this.onRequest);
		this.sleepers.clear();
		clearInterval(this.watch);
	}

	private readonly onRequest = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		this.requests.add(request);
		const timeout = {
			at: this.nowMs + this.timeoutMs(request),
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
	};

	private async run(): Promise<void> {
		if (this.isRunning) return;
		this.isRunning = true;
		while (this.sleepers.size > 0 || this.isAnyHeld()) {
			await this.quiet();
			if (this.isTimeToStop()) return; // until goOn()
			const [next] = [...this.sleepers, ...this.timeouts].sort((a, b) => a.at - b.at);
			if (!next || next.at === Infinity) break;
			this.nowMs = Math.max(this.nowMs, next.at);
			this.sleepers.delete(next);
			this.timeouts.delete(next);
			next.wake();
		}
		this.isRunning = false;
	}

	private async quiet(): Promise<void> {
		for (let turns = 0; turns < QUIET_TURNS; turns++) {
			await new Promise((resolve) => setImmediate(resolve));
			if (this.isBusy()) turns = -1;
		}
	}

	private isAnyHeld(): boolean {
		const held = this.held();
		return [...this.requests].some((request) => held.has(connectionOf(request)));
	}

	/** Recognizes requests by their connection: a server may still hold one that its client has ended. */
	private isBusy(): boolean {
		const held = this.held();
		return (
			[...this.requests].some((request) => !held.has(connectionOf(request))) ||
			process.getActiveResourcesInfo().some((name) => WORK.test(name))
		);
	}
}

const connectionOf = ({ socket }: ClientRequest) => `${socket?.localPort}:${socket?.remotePort}`;
