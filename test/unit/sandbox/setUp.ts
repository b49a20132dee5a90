import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, type Clock, type Fault, type SandboxOptions } from '../../sandbox/server';

export const KEY = 'sk-test-key';
/** The duration of a task, unless a test sets another. */
export const JOB_MS = 10_000;

/** Stands still until a test advances it. */
class ManualClock implements Clock {
	private nowMs = Date.UTC(2026, 0, 1);
	private sleepers: Array<{ atMs: number; wake: () => void }> = [];

	now = () => this.nowMs;

	sleep = async (ms: number, signal?: AbortSignal) =>
		await new Promise<void>((resolve, reject) => {
			this.sleepers.push({ atMs: this.nowMs + ms, wake: resolve });
			signal?.addEventListener('abort', () => reject(signal.reason as Error));
		});

	advance(ms: number) {
		this.nowMs += ms;
		this.sleepers.filter(({ atMs }) => atMs <= this.nowMs).forEach(({ wake }) => wake());
	}
}

const open = new Set<() => Promise<void>>();

afterEach(async () => {
	for (const close of open) await close();
	open.clear();
});

/** A sandbox with a separate clock and a client; closed after the test. */
export async function setUp(options: SandboxOptions = {}) {
	const clock = new ManualClock();
	const sandbox = await startSandbox({ clock, jobMs: JOB_MS, ...options });
	open.add(async () => await sandbox.close());

	const post = async (body: FormData | string = form(), headers: Record<string, string> = {}) =>
		await fetch(`${sandbox.baseUrl}/v1/videos`, {
			method: 'POST',
			headers: { authorization: `Bearer ${sandbox.apiKey}`, ...headers },
			body,
		});
	const get = async (path: string, key = sandbox.apiKey) =>
		await fetch(`${sandbox.baseUrl}${path}`, { headers: { authorization: `Bearer ${key}` } });
	const create = async (fields?: Record<string, string | Blob>) =>
		(await (await post(form(fields))).json()) as { id: string; [key: string]: unknown };
	const retrieve = async (id: string) =>
		(await (await get(`/v1/videos/${id}`)).json()) as Record<string, unknown>;
	/** Creates a completed task. @returns it with the two URLs of its file */
	const completed = async (fields?: Record<string, string>) => {
		const { id } = await create(fields);
		clock.advance(JOB_MS);
		return {
			id,
			file: `${sandbox.fileHostUrl}/files/${id}.mp4`,
			content: `${sandbox.baseUrl}/v1/videos/${id}/content`,
		};
	};
	return { sandbox, clock, post, get, create, retrieve, completed };
}

export const at = (call: 'create' | 'retrieve' | 'content' | 'file', fault: Fault) => ({
	faults: [{ call, fault }],
});

export function form(fields: Record<string, string | Blob> = {}): FormData {
	const data = new FormData();
	for (const [name, value] of Object.entries({ prompt: 'A paper kite', ...fields })) {
		data.append(name, value);
	}
	return data;
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

export async function eventually(holds: () => boolean): Promise<void> {
	while (!holds()) await pause(5);
}
