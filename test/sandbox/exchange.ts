import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, FileAnswer } from './answers';
import type { Clock } from './clock';
import type { Part } from './multipart';
import { pieceOf } from './ranges';
import { bytesOf } from './video';

export type Call = 'create' | 'retrieve' | 'content' | 'file' | 'models' | 'catalogue';

export interface RecordedRequest {
	call: Call | 'other';
	origin: 'api' | 'files';
	method: string;
	url: string;
	headers: IncomingHttpHeaders;
	/** When its headers arrived, by the sandbox's clock. */
	atMs: number;
	/** The ID in the messages of CometAPI's error bodies. */
	requestId: string;
	taskId?: string;
	/** The parts of a create request. */
	parts?: Part[];
	/** The kind of the injected fault. */
	fault?: string;
	/** Absent until the response begins. */
	status?: number;
	/** Of the body of a response that is written piece by piece, e.g. a video. */
	bytesSent?: number;
	/** Whether a video was sent to its last byte. */
	delivered?: boolean;
}

/** Gives sent bytes time to reach the client before a reset discards them. */
const SETTLE_MS = 20;

/** A request and the ways to respond to it. */
export class Exchange {
	readonly gone = new AbortController();
	/** `client port:server port` */
	readonly connection: string;
	/** How many bytes had been sent on the connection when the request was held last. */
	heldAfterBytes = 0;
	/** The response without a fault. */
	answer: Answer = { type: 'json', status: 200, json: {} };

	constructor(
		readonly record: RecordedRequest,
		readonly clock: Clock,
		private readonly req: IncomingMessage,
		private readonly res: ServerResponse,
		private readonly held: Set<Exchange>,
	) {
		const { remotePort, localPort } = req.socket;
		this.connection = `${remotePort}:${localPort}`;
		// a client may close the connection while its response is being written
		res.on('error', () => {});
		res.once('close', () => {
			held.delete(this);
			this.gone.abort();
		});
	}

	/** The whole body; undefined if the client closed the connection before its end. */
	async body(): Promise<Buffer | undefined> {
		const chunks: Buffer[] = [];
		try {
			for await (const chunk of this.req) chunks.push(chunk as Buffer);
			return Buffer.concat(chunks);
		} catch {
			return undefined;
		}
	}

	/** Counts as held until it is released or the connection ends. */
	hold(): () => void {
		if (!this.gone.signal.aborted) this.held.add(this);
		this.heldAfterBytes = this.res.socket?.bytesWritten ?? 0;
		return () => void this.held.delete(this);
	}

	async delay(ms: number): Promise<void> {
		if (ms <= 0) return;
		const release = this.hold();
		// an aborted sleep rejects: the client has closed the connection
		await this.clock.sleep(ms, this.gone.signal).catch(() => {});
		release();
	}

	async send(answer: Answer = this.answer): Promise<void> {
		if (answer.type === 'video') return await this.sendFile(answer);
		const isJson = answer.type === 'json';
		this.head(answer.status, {
			'content-type': isJson ? 'application/json' : answer.contentType,
			...(!isJson && answer.headers),
		});
		this.res.end(isJson ? JSON.stringify(answer.json) : answer.text);
	}

	head(status: number, headers: Record<string, string | number>): void {
		this.record.status = status;
		this.res.writeHead(status, headers);
	}

	/** Without a length and without chunks, the end of the connection ends the body. */
	endWithConnection(): void {
		this.res.useChunkedEncodingByDefault = false;
		this.res.shouldKeepAlive = false;
	}

	/** Sends the requested part of the file; `headers` replace the usual ones. */
	async sendFile(file: FileAnswer, headers?: Record<string, string | number>): Promise<void> {
		const piece = pieceOf(file, this.record.headers);
		this.head(piece.status, headers ?? piece.headers);
		await this.write(bytesOf(file.video, piece.from, piece.to));
		if (piece.to === file.video.size) this.endFile();
		else this.end();
	}

	/** Ends a response that included a file's last byte. */
	endFile(): void {
		this.end();
		this.record.delivered = !this.gone.signal.aborted;
	}

	end(): void {
		this.res.end();
	}

	/** Ends the connection in an orderly way, regardless of the headers. */
	hangUp(): void {
		this.res.socket?.destroySoon();
	}

	/** Writes directly to the socket, then ends the connection. */
	raw(bytes: string): void {
		this.res.socket?.end(Buffer.from(bytes, 'latin1'));
	}

	reset(): void {
		this.res.socket?.resetAndDestroy();
	}

	/** Resets the connection once the client has received everything sent so far. */
	async resetLater(): Promise<void> {
		await pause(SETTLE_MS);
		// a client in the same process reads between a timer and this
		await new Promise((resolve) => setImmediate(resolve));
		this.reset();
	}

	/** Stops as soon as the client is gone. */
	async write(chunks: Iterable<Buffer>): Promise<void> {
		for (const chunk of chunks) {
			if (this.gone.signal.aborted) return;
			await new Promise<void>((resolve) => this.res.write(chunk, () => resolve()));
			this.record.bytesSent = (this.record.bytesSent ?? 0) + chunk.length;
		}
	}
}
