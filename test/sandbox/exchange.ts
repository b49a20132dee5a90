import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './answers';
import type { Clock } from './clock';
import type { Part } from './multipart';
import { firstBytes, type Video } from './video';

export type Call = 'create' | 'retrieve' | 'content' | 'file' | 'models' | 'catalogue';

export interface RecordedRequest {
	call: Call | 'other';
	origin: 'api' | 'files';
	method: string;
	url: string;
	headers: IncomingHttpHeaders;
	/** When its headers came, by the sandbox's clock. */
	atMs: number;
	/** As told in the messages of CometAPI's error bodies. */
	requestId: string;
	taskId?: string;
	/** The parts of a create request. */
	parts?: Part[];
	/** The kind of the fault it met. */
	fault?: string;
	/** Absent as long as no answer has begun. */
	status?: number;
	/** Whether a video was sent to its last byte. */
	delivered?: boolean;
}

/** Lets bytes on the way reach the client before a reset throws them away. */
const SETTLE_MS = 20;

/** One request and the ways to answer it, or not to. */
export class Exchange {
	readonly gone = new AbortController();
	/** What would be sent without a fault. */
	answer: Answer = { type: 'json', status: 200, json: {} };

	constructor(
		readonly record: RecordedRequest,
		readonly clock: Clock,
		private readonly req: IncomingMessage,
		private readonly res: ServerResponse,
		private readonly held: Set<Exchange>,
	) {
		// writing to a client that has just gone is no mishap here
		res.on('error', () => {});
		res.once('close', () => {
			held.delete(this);
			this.gone.abort();
		});
	}

	/** The whole body, or nothing when the client went before its end. */
	async body(): Promise<Buffer | undefined> {
		const chunks: Buffer[] = [];
		try {
			for await (const chunk of this.req) chunks.push(chunk as Buffer);
			return Buffer.concat(chunks);
		} catch {
			return undefined;
		}
	}

	/** Counts as held from now until it is released or the connection ends. */
	hold(): () => void {
		if (!this.gone.signal.aborted) this.held.add(this);
		return () => void this.held.delete(this);
	}

	async delay(ms: number): Promise<void> {
		if (ms <= 0) return;
		const release = this.hold();
		// an aborted sleep rejects: the client has gone, and nothing sent now arrives
		await this.clock.sleep(ms, this.gone.signal).catch(() => {});
		release();
	}

	async send(answer: Answer = this.answer): Promise<void> {
		if (answer.type === 'video') {
			this.head(200, { 'content-type': 'video/mp4', 'content-length': answer.video.size });
			return await this.wholeVideo(answer.video);
		}
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

	/** Without a length and without chunks the body ends where the connection does. */
	endWithConnection(): void {
		this.res.useChunkedEncodingByDefault = false;
		this.res.shouldKeepAlive = false;
	}

	async wholeVideo(video: Video): Promise<void> {
		await this.write(video.chunks());
		this.res.end();
		this.record.delivered = !this.gone.signal.aborted;
	}

	async halfVideo(video: Video): Promise<void> {
		await this.write(firstBytes(video, Math.floor(video.size / 2)));
	}

	end(): void {
		this.res.end();
	}

	/** Ends the connection in an orderly way, whatever the headers promised. */
	hangUp(): void {
		this.res.socket?.destroySoon();
	}

	reset(): void {
		this.res.socket?.resetAndDestroy();
	}

	/** A reset that comes after what was sent so far. */
	async resetLater(): Promise<void> {
		await pause(SETTLE_MS);
		this.reset();
	}

	private async write(chunks: Iterable<Buffer>): Promise<void> {
		for (const chunk of chunks) {
			if (this.gone.signal.aborted) return;
			await new Promise<void>((resolve) => this.res.write(chunk, () => resolve()));
		}
	}
}
