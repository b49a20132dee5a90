import { Agent } from 'node:http';
import type { ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import zlib from 'node:zlib';

type OnRequest = (request: ClientRequest) => void;

/** The part of Node's list of open resources that ends by itself: files, names, connections, callbacks. */
const WORK = /Req|Connect|Immediate/;

const listeners = new Set<OnRequest>();

/** Node's list has none of these. */
const decompressors = new Set<Duplex>();

let turns = 0;
let restore: Array<() => void> = [];

/**
 * Calls back for each HTTP request when it is created. Only meanwhile, `isWorking` knows everything.
 *
 * @returns a function that ends this
 */
export function watchRequests(onRequest: OnRequest): () => void {
	listeners.add(onRequest);
	if (listeners.size === 1) restore = wrapNode();
	return () => {
		listeners.delete(onRequest);
		if (listeners.size === 0) for (const undo of restore.splice(0)) undo();
	};
}

/** Whether the process has work that ends by itself, apart from HTTP requests and from `nextTurn`. */
export function isWorking(): boolean {
	const open = process.getActiveResourcesInfo().filter((name) => WORK.test(name));
	return open.length > turns || [...decompressors].some(isDecompressing);
}

/** One that is full and has no reader was abandoned: nothing ends it. */
const isDecompressing = ({ readableFlowing, readableLength, readableHighWaterMark }: Duplex) =>
	Boolean(readableFlowing) || readableLength < readableHighWaterMark;

/** Resolves in the next turn of the event loop. */
export async function nextTurn(): Promise<void> {
	turns++;
	await new Promise<void>((resolve) =>
		setImmediate(() => {
			turns--;
			resolve();
		}),
	);
}

/** Node's own channel reports a request only when its body is sent. */
const wrapNode = () => [
	wrap(Agent.prototype, 'addRequest', ([request]) => {
		for (const listener of listeners) listener(request as ClientRequest);
	}),
	...['createUnzip', 'createGunzip', 'createBrotliDecompress'].map((name) =>
		wrap(zlib, name, (_, stream) => {
			decompressors.add(stream as Duplex);
			(stream as Duplex).once('close', () => decompressors.delete(stream as Duplex));
		}),
	),
];

type Method = (this: unknown, ...args: unknown[]) => unknown;

function wrap(owner: object, name: string, onCall: (args: unknown[], result: unknown) => void) {
	const original = Object.getOwnPropertyDescriptor(owner, name)!;
	const method = original.value as Method;
	Object.defineProperty(owner, name, {
		...original,
		value(this: unknown, ...args: unknown[]) {
			const result = method.apply(this, args);
			onCall(args, result);
			return result;
		},
	});
	return () => void Object.defineProperty(owner, name, original);
}
