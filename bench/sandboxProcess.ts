import { startSandbox, type RecordedRequest, type Sandbox } from '../test/sandbox/server';
import { videoOf } from '../test/sandbox/video';

export interface SandboxRun {
	/** How long each video takes, by the number at the end of its prompt. */
	jobsMs: number[];
	progress: 'linear' | 'none';
	fileBytes: number;
	/** Ready in memory and the same for all tasks, so that serving it costs next to nothing. */
	isShared?: boolean;
}

export interface SandboxAddress {
	baseUrl: string;
	fileHostUrl: string;
	apiKey: string;
}

/** What came in for one task. */
export interface TaskReport {
	id: string;
	/** At the end of its prompt. */
	number: number;
	jobMs: number;
	polls: number;
	/** From the moment it was ready until a poll was told so. */
	lateMs: number;
	deliveries: number;
	/** Of its file. */
	sha256: string;
}

export interface RunReport {
	posts: number;
	requests: number;
	/** When the first file was asked for, by the wall clock. */
	firstFileAtMs: number;
	/** In the order of their numbers. */
	tasks: TaskReport[];
}

let sandbox: Sandbox | undefined;
let isShared = false;

const commands = {
	/** Ends the run before, and begins the next at the same addresses. */
	async start(run: SandboxRun): Promise<SandboxAddress> {
		const video = run.isShared
			? Buffer.concat([...videoOf({ sizeBytes: run.fileBytes }).chunks()])
			: { sizeBytes: run.fileBytes };
		await sandbox?.close();
		isShared = run.isShared ?? false;
		sandbox = await startSandbox({
			port: portOf(sandbox?.baseUrl),
			filePort: portOf(sandbox?.fileHostUrl),
			jobMs: (_index, prompt) => run.jobsMs[numberIn(prompt)],
			progress: run.progress,
			video,
			uniqueFiles: !isShared,
		});
		const { baseUrl, fileHostUrl, apiKey } = sandbox;
		return { baseUrl, fileHostUrl, apiKey };
	},

	async delivered(): Promise<number> {
		return started().counts().delivered;
	},

	async report(): Promise<RunReport> {
		const { requests, tasks } = started();
		const made = (call: string, among = requests) => among.filter((each) => each.call === call);
		const ofTask = new Map<string, RecordedRequest[]>(tasks.map(({ id }) => [id, []]));
		for (const request of requests) ofTask.get(request.taskId ?? '')?.push(request);
		const sha256Shared = isShared ? started().sha256(tasks[0].id) : undefined;
		const reports = tasks.map(({ id, prompt, jobMs, createdAtMs }): TaskReport => {
			const own = ofTask.get(id) ?? [];
			const polls = made('retrieve', own);
			return {
				id,
				number: numberIn(prompt),
				jobMs,
				polls: polls.length,
				// nobody asks again once told
				lateMs: Math.max(0, lastOf(polls) - createdAtMs - jobMs),
				deliveries: own.filter(({ delivered }) => delivered).length,
				sha256: sha256Shared ?? started().sha256(id),
			};
		});
		return {
			posts: made('create').length,
			requests: requests.length,
			firstFileAtMs: made('file')[0]?.atMs,
			tasks: reports.sort((a, b) => a.number - b.number),
		};
	},
};

export type Commands = typeof commands;

const numberIn = (prompt: string) => Number(/\d+$/.exec(prompt)?.[0]);

const lastOf = (requests: RecordedRequest[]) => requests.at(-1)?.atMs ?? 0;

const portOf = (url?: string) => (url ? Number(new URL(url).port) : undefined);

function started(): Sandbox {
	if (!sandbox) throw new Error('No run was started');
	return sandbox;
}

process.on('message', async ({ id, command, input }: Message) => {
	const run = commands[command] as (input: unknown) => Promise<unknown>;
	const answer = await run(input).then(
		(output) => ({ output }),
		(error: Error) => ({ error: error.message }),
	);
	process.send?.({ id, ...answer });
});

/** As the benchmark's process ends, so does this one. */
process.once('disconnect', () => process.exit());

interface Message {
	id: number;
	command: keyof Commands;
	input: unknown;
}
