import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorBody, json } from './answers';
import { realClock, type Clock } from './clock';
import { Exchange, type RecordedRequest } from './exchange';
import { FaultTable, type FaultFor, type FaultRule } from './faultRules';
import { injectFault, makesTask, type Fault } from './faults';
import { readCreateForm } from './multipart';
import type { SandboxOptions } from './options';
import { Platform } from './platform';
import { routeOf, type Origin } from './routes';
import type { SandboxTask } from './task';
import { sha256Of } from './video';

/** Records requests, delays responses and injects faults; `startSandbox` puts it on the network. */
export class Sandbox {
	baseUrl = '';
	fileHostUrl = '';
	apiKey!: string;
	faults!: FaultRule[];
	faultFor?: FaultFor;
	requests!: RecordedRequest[];
	/** Of the public catalogue of models, which costs nothing and needs no key. */
	catalogueRequests: RecordedRequest[] = [];

	private received = 0;

	private platform!: Platform;
	private faultTable!: FaultTable;
	private readonly clock: Clock;
	private readonly open = new Set<Exchange>();
	private readonly waiting = new Set<Exchange>();

	constructor(
		private readonly options: SandboxOptions,
		private readonly shutDown: () => Promise<void>,
	) {
		this.clock = options.clock ?? realClock;
		this.reset();
	}

	/** Forgets everything but keeps the URLs; resets waiting requests. */
	reset(): void {
		for (const exchange of this.waiting) exchange.reset();
		this.apiKey = this.options.apiKey ?? 'sk-test-key';
		this.faults = [...(this.options.faults ?? [])];
		this.faultFor = this.options.faultFor;
		this.received = 0;
		this.requests = [];
		this.catalogueRequests = [];
		this.faultTable = new FaultTable();
		this.platform = new Platform(this.clock, this, this.options);
	}

	/** Ends everything immediately, including waiting requests. */
	async close(): Promise<void> {
		await this.shutDown();
		// the servers close a moment before the last exchanges notice it
		await Promise.all([...this.open].map(async (x) => await once(x.gone.signal, 'abort')));
	}

	get tasks(): readonly SandboxTask[] {
		return this.platform.tasks.tasks;
	}

	/** Requests whose response has not ended, including those that wait on purpose. */
	get active(): number {
		return this.open.size;
	}

	/** Requests that wait on purpose: hanging, stalled, endless, or delayed by `latencyMs`. */
	get held(): number {
		return this.waiting.size;
	}

	/**
	 * The active requests by their connections, as `client port:server port`. A held one has the
	 * number of bytes that were sent on its connection before.
	 */
	connections(): Map<string, { heldAfterBytes?: number }> {
		return new Map(
			[...this.open].map((exchange) => {
				const { connection, heldAfterBytes } = exchange;
				return [connection, this.waiting.has(exchange) ? { heldAfterBytes } : {}];
			}),
		);
	}

	counts() {
		const countOf = (call: RecordedRequest['call']) =>
			this.requests.filter((request) => request.call === call).length;
		return {
			creates: countOf('create'),
			created: this.tasks.length,
			retrieves: countOf('retrieve'),
			contents: countOf('content'),
			files: countOf('file'),
			delivered: this.requests.filter(({ delivered }) => delivered).length,
			/** The bytes of videos and other long responses. */
			bytes: this.requests.reduce((sum, { bytesSent = 0 }) => sum + bytesSent, 0),
		};
	}

	/** The hash of the task's file, in hex. */
	sha256(taskId: string): string {
		const task = this.platform.tasks.find(taskId);
		if (!task) throw new Error(`The sandbox has no task ${taskId}`);
		return sha256Of(this.platform.files.videoOf(task));
	}

	async handle(origin: Origin, req: IncomingMessage, res: ServerResponse): Promise<void> {
		const { method = 'GET', url = '/', headers } = req;
		const { call, needsKey, taskId } = routeOf(origin, method, url);
		const task = this.platform.tasks.find(taskId);
		const record: RecordedRequest = {
			...{ call, origin, method, url, headers, taskId },
			atMs: this.clock.now(),
			requestId: `sandbox${String(++this.received).padStart(6, '0')}`,
		};
		(call === 'catalogue' ? this.catalogueRequests : this.requests).push(record);
		const x = new Exchange(record, this.clock, req, res, this.waiting);
		this.open.add(x);
		x.gone.signal.addEventListener('abort', () => this.open.delete(x));

		const refused = needsKey && headers.authorization !== `Bearer ${this.apiKey}`;
		let fault = refused ? undefined : this.faultAtHeaders(record, task);
		record.fault = fault?.kind;
		if (fault?.kind === 'resetBeforeBody') return x.reset();

		const body = await x.body();
		if (!body) return;
		if (refused) x.answer = json(401, errorBody('Invalid token', record.requestId));
		else if (call === 'create') fault = await this.create(x, body, fault);
		else x.answer = this.platform.answer(record, task);

		await x.delay(this.options.latencyMs ?? 0);
		if (x.gone.signal.aborted) return;
		await (fault ? injectFault(x, fault) : x.send());
	}

	private faultAtHeaders(record: RecordedRequest, task?: SandboxTask): Fault | undefined {
		const { call, taskId } = record;
		if (call === 'other') return undefined;
		const nth = this.faultTable.count(`${call} ${taskId ?? ''}`);
		const taskIndex = call === 'create' ? nth - 1 : task?.index;
		const status = task && this.platform.tasks.status(task);
		return (
			this.faultTable.find(this.faults, call, { taskIndex, nth, prompt: task?.prompt, status }) ??
			this.faultFor?.(call, { taskIndex, nth, request: record })
		);
	}

	/** Creates the task, unless the form or the fault prevents it. */
	private async create(x: Exchange, body: Buffer, early?: Fault): Promise<Fault | undefined> {
		const { headers, requestId } = x.record;
		const form = await readCreateForm(headers, body, this.options.keepImages);
		const task = this.platform.tasks.draft(form.parts);
		const fault = early ?? this.faultByPrompt(task.prompt);
		x.record.parts = form.parts;
		x.record.fault = fault?.kind;
		x.answer = this.platform.create(form, task, requestId);
		if (!form.problem && (!fault || makesTask(fault))) {
			this.platform.tasks.add(task);
			x.record.taskId = task.id;
		}
		return fault;
	}

	/** For a create request, rules by prompt apply only once its body is read. */
	private faultByPrompt(prompt: string): Fault | undefined {
		const rules = this.faults.filter((rule) => rule.prompt !== undefined);
		const nth = this.faultTable.count(`create by prompt ${prompt}`);
		return this.faultTable.find(rules, 'create', { nth, prompt });
	}
}
