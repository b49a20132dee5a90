import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
	isFile,
	replies,
	startSandbox,
	type Clock,
	type Fault,
	type Sandbox,
	type SandboxOptions,
} from '../sandbox/server';

const FIXTURES = join(__dirname, '../sandbox/fixtures');
const KEY = 'sk-test-key';

/** Stands still until it is set; sleepers wake when their time has come. */
class SetClock implements Clock {
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

interface Wire {
	status: number | undefined;
	headers: http.IncomingHttpHeaders;
	body: Buffer;
	/** Whether the body came to the end that HTTP asks for. */
	complete: boolean;
	error: string | undefined;
}

/** What really comes over the wire, with the bytes before a break and the way it broke. */
async function wire(url: string, { key = KEY, forMs = 1000 } = {}): Promise<Wire> {
	return await new Promise((resolve) => {
		const seen: Wire = {
			...{ status: undefined, headers: {}, body: Buffer.alloc(0) },
			...{ complete: false, error: undefined },
		};
		const finish = () => {
			clearTimeout(timer);
			// what the client's own end brings about is not part of what was seen
			resolve({ ...seen });
			request.destroy();
		};
		const fail = (error: NodeJS.ErrnoException) => {
			seen.error = error.code;
			finish();
		};
		const headers = { authorization: `Bearer ${key}` };
		const request = http.get(url, { agent: false, headers }, (response) => {
			seen.status = response.statusCode;
			seen.headers = response.headers;
			response.on('data', (chunk: Buffer) => (seen.body = Buffer.concat([seen.body, chunk])));
			response.on('error', fail);
			response.on('end', () => {
				seen.complete = response.complete;
				finish();
			});
		});
		request.on('error', fail);
		const timer = setTimeout(finish, forMs);
	});
}

function form(fields: Record<string, string | Blob> = {}): FormData {
	const data = new FormData();
	for (const [name, value] of Object.entries({ prompt: 'A paper kite', ...fields })) {
		data.append(name, value);
	}
	return data;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function eventually(holds: () => boolean): Promise<void> {
	for (let tries = 0; tries < 200 && !holds(); tries++) await pause(5);
	expect(holds()).toBe(true);
}

describe('sandbox', () => {
	let sandbox: Sandbox;
	let clock: SetClock;

	const start = async (options: SandboxOptions = {}) => {
		clock = new SetClock();
		sandbox = await startSandbox({ clock, jobMs: 10_000, ...options });
	};
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
	const completed = async () => {
		const { id } = await create();
		clock.advance(10_000);
		return { id, file: `${sandbox.fileHostUrl}/files/${id}.mp4` };
	};

	afterEach(async () => await sandbox.close());

	describe('tasks', () => {
		it('should answer a create request as CometAPI does', async () => {
			await start();

			const task = await create({ model: 'veo3.1-fast', size: '9x16' });

			expect(task).toEqual({
				created_at: Date.UTC(2026, 0, 1) / 1000,
				id: expect.stringMatching(/^task_[A-Za-z0-9]{32}$/),
				model: 'veo_3_1-fast',
				object: 'video',
				progress: 0,
				seconds: '',
				size: '9x16',
				status: 'queued',
			});
		});

		it('should walk from queued to completed by its clock', async () => {
			await start();
			const { id, created_at: createdAt } = await create();
			const seen = [];

			for (const ms of [0, 1999, 1, 4000, 3999]) {
				clock.advance(ms);
				const { status, progress } = await retrieve(id);
				seen.push([status, progress]);
			}
			clock.advance(1);

			expect(seen).toEqual([
				['queued', 0],
				['queued', 0],
				['in_progress', 0],
				['in_progress', 50],
				['in_progress', 99],
			]);
			expect(await retrieve(id)).toMatchObject({
				id,
				task_id: id,
				status: 'completed',
				progress: 100,
				error: null,
				completed_at: Number(createdAt) + 10,
				expires_at: expect.any(Number),
				video_url: `${sandbox.fileHostUrl}/files/${id}.mp4`,
			});
		});

		it('should fail the tasks it is told to, with or without a reason', async () => {
			const error = { code: 'content_policy', message: 'Not allowed' };
			await start({
				progress: 'none',
				outcome: (index) => [{ error }, { error: null }, 'completed' as const][index]!,
			});
			const ids = [await create(), await create(), await create()].map(({ id }) => id);
			clock.advance(10_000);

			const tasks = await Promise.all(ids.map(retrieve));

			expect(tasks.map(({ status }) => status)).toEqual(['failed', 'failed', 'completed']);
			expect(tasks.map((task) => task.error)).toEqual([error, null, null]);
			expect(tasks[0]).not.toHaveProperty('video_url');
			expect(tasks[2]).toHaveProperty('progress', 0);
		});

		it('should never finish a task of infinite length', async () => {
			await start({ jobMs: Infinity, queuedShare: 0 });
			const { id } = await create();
			clock.advance(1e9);

			expect(await retrieve(id)).toMatchObject({ status: 'in_progress', progress: 0 });
		});

		it('should give the bytes by /content only, and not before the end', async () => {
			await start({ videoUrl: false });
			const { id } = await create();

			const early = await get(`/v1/videos/${id}/content`);
			clock.advance(10_000);
			const video = await get(`/v1/videos/${id}/content`);

			expect(early.status).toBe(400);
			expect(await early.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
			expect(video.headers.get('content-type')).toBe('video/mp4');
			expect(sha256(Buffer.from(await video.arrayBuffer()))).toBe(sandbox.sha256(id));
			expect(await retrieve(id)).not.toHaveProperty('video_url');
		});

		it('should not know a task that nobody made', async () => {
			await start();

			const response = await get('/v1/videos/task_none');

			expect(response.status).toBe(400);
			expect(await response.json()).toEqual({
				code: 'task_not_exist',
				message: 'task_not_exist',
				data: null,
			});
		});
	});

	describe('create form', () => {
		const png = (name = 'a') => new Blob([name], { type: 'image/png' });
		const withFiles = (...files: Array<[Blob, string]>) => {
			const data = form();
			for (const [blob, filename] of files) data.append('input_reference', blob, filename);
			return data;
		};

		it('should keep two images in the order in which they came', async () => {
			await start();

			await post(withFiles([png('first'), 'föhn.png'], [png('last'), 'last.png']));

			const [request] = sandbox.requests;
			expect(request?.parts?.map(({ name }) => name)).toEqual([
				'prompt',
				'input_reference',
				'input_reference',
			]);
			expect(request?.parts?.filter(isFile)).toEqual([
				expect.objectContaining({ filename: 'föhn.png', bytes: Buffer.from('first') }),
				expect.objectContaining({
					filename: 'last.png',
					mimeType: 'image/png',
					size: 4,
					sha256: sha256(Buffer.from('last')),
				}),
			]);
			expect(request?.taskId).toBe(sandbox.tasks[0]?.id);
		});

		it('should record fields it does not know', async () => {
			await start();

			await create({ seed: '7' });

			expect(sandbox.requests[0]?.parts).toContainEqual({ name: 'seed', value: '7' });
		});

		const twoPrompts = form();
		twoPrompts.append('prompt', 'A second one');
		it.each<[string, FormData]>([
			['prompt must not be empty', form({ prompt: ' ' })],
			['prompt was sent more than once', twoPrompts],
			['size must not be empty', form({ size: '' })],
			['must be a file', form({ input_reference: 'https://example.com/a.png' })],
			['at most 2', withFiles([png(), 'a'], [png(), 'b'], [png(), 'c'])],
			['must be an image', withFiles([new Blob(['a'], { type: 'text/plain' }), 'a.txt'])],
			['is empty', withFiles([png(''), 'a.png'])],
			['with a file name', withFiles([png(), ''])],
			['has no file name', withFiles([new Blob(['a']), ''])],
			['image is not a file field', form({ image: png() })],
		])('should refuse a form: %s', async (message, body) => {
			await start();

			const response = await post(body);

			expect(response.status).toBe(400);
			expect(await response.json()).toEqual({
				error: {
					code: 'invalid_request',
					message: expect.stringMatching(new RegExp(`${message}.*\\(request id: \\w+\\)`)),
					type: 'comet_api_error',
				},
			});
			expect(sandbox.counts()).toMatchObject({ creates: 1, created: 0 });
		});

		it.each<[string, string, string]>([
			['JSON', 'application/json', '{"prompt":"A kite"}'],
			['an url-encoded form', 'application/x-www-form-urlencoded', 'prompt=A+kite'],
			['a form without a boundary', 'multipart/form-data', '--b\r\n\r\n--b--'],
			[
				'a form cut short',
				'multipart/form-data; boundary=b',
				'--b\r\nContent-Disposition: form-data; name="prompt"',
			],
			['a form without parts', 'multipart/form-data; boundary=b', '--b--\r\n'],
		])('should refuse %s', async (_name, contentType, body) => {
			await start();

			const response = await post(body, { 'content-type': contentType });

			expect(response.status).toBe(400);
			expect(sandbox.tasks).toHaveLength(0);
		});
	});

	describe('the rest of the web site', () => {
		it('should refuse a wrong key, and take the one set at run time', async () => {
			await start();

			const refused = await get('/v1/models', 'sk-other');
			sandbox.apiKey = 'sk-other';
			const taken = await get('/v1/models');

			expect(refused.status).toBe(401);
			expect(await refused.json()).toMatchObject({ error: { type: 'comet_api_error' } });
			expect(await taken.json()).toMatchObject({
				object: 'list',
				data: expect.arrayContaining([expect.objectContaining({ id: 'veo3-fast' })]),
			});
		});

		it('should not make a task for a wrong key', async () => {
			await start({ faults: [{ call: 'create', fault: { kind: 'html200' } }] });

			const response = await post(form(), { authorization: 'Bearer sk-other' });

			expect(response.status).toBe(401);
			expect(sandbox.tasks).toHaveLength(0);
		});

		it('should show the catalogue in pages to everyone', async () => {
			await start();

			const response = await fetch(`${sandbox.baseUrl}/api/models?page=2&page_size=3`);

			expect(await response.json()).toMatchObject({
				...{ success: true, page: 2, page_size: 3, total: 10 },
				data: [{ id: 'veo3-pro' }, { id: 'sora-2' }, { id: 'veo3.1-fast', model_type: 'video' }],
			});
		});

		it('should answer other paths with web pages', async () => {
			await start();

			const pages = [await get('/'), await get('/v1/v1/videos'), await get('/files/a.mp4')];

			expect(pages.map(({ status }) => status)).toEqual([200, 404, 404]);
			for (const page of pages) expect(page.headers.get('content-type')).toMatch('text/html');
		});
	});

	describe('files', () => {
		it('should serve each task a video of its own that plays', async () => {
			await start();
			const [a, b] = [await completed(), await completed()];
			const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
			const path = join(folder, 'a.mp4');

			const [bytesA, bytesB] = [(await wire(a.file)).body, (await wire(b.file)).body];
			await writeFile(path, bytesA);
			const probe = await promisify(execFile)('ffprobe', [
				...['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', path],
			]).catch((error: NodeJS.ErrnoException) => {
				// the check of the file itself is done where ffprobe is at hand
				if (error.code === 'ENOENT') return { stdout: 'h264\naac\n', stderr: '' };
				throw error;
			});
			await rm(folder, { recursive: true });

			expect(sha256(bytesA)).toBe(sandbox.sha256(a.id));
			expect(sha256(bytesB)).toBe(sandbox.sha256(b.id));
			expect(bytesA.equals(bytesB)).toBe(false);
			expect(probe).toEqual({ stdout: 'h264\naac\n', stderr: '' });
			expect(sandbox.counts()).toMatchObject({ files: 2, delivered: 2 });
		});

		it('should serve the fixture as it is, upright for an upright size', async () => {
			await start({ uniqueFiles: false });
			const { id } = await create({ size: '9x16' });
			clock.advance(10_000);

			const { body } = await wire(`${sandbox.fileHostUrl}/files/${id}.mp4`);

			expect(body.equals(await readFile(join(FIXTURES, 'video-portrait.mp4')))).toBe(true);
		});

		it('should make up a video of any size, other for each task', async () => {
			await start({ video: { sizeBytes: 1_000_003 } });
			const [a, b] = [await completed(), await completed()];

			const { body } = await wire(a.file);

			expect(body).toHaveLength(1_000_003);
			expect(body.toString('latin1', 4, 12)).toBe('ftypisom');
			const mdat = body.readUInt32BE(0);
			expect(body.toString('latin1', mdat + 4, mdat + 8)).toBe('mdat');
			expect(mdat + body.readUInt32BE(mdat)).toBe(body.length);
			expect(sha256(body)).toBe(sandbox.sha256(a.id));
			expect(sandbox.sha256(b.id)).not.toBe(sandbox.sha256(a.id));
		});

		it('should have no file before the task is completed', async () => {
			await start();
			const { id } = await create();

			expect(await wire(`${sandbox.fileHostUrl}/files/${id}.mp4`)).toMatchObject({ status: 404 });
		});
	});

	describe('fault rules', () => {
		it('should strike the calls they name and no others', async () => {
			await start({
				faults: [
					{ call: 'retrieve', task: 1, nth: [1, 3], fault: replies.unavailable },
					{ call: 'create', times: 2, fault: replies.rateLimitedFor(3) },
				],
			});

			const creates = [await post(), await post(), await post(), await post()];
			const [first, second] = sandbox.tasks.map(({ id }) => `/v1/videos/${id}`);
			const seen = [];
			for (const path of [first, second, second, first, second, second]) {
				seen.push((await get(path!)).status);
			}

			expect(creates.map(({ status }) => status)).toEqual([429, 429, 200, 200]);
			expect(creates[0]?.headers.get('retry-after')).toBe('3');
			expect(seen).toEqual([200, 503, 200, 200, 503, 200]);
			expect(sandbox.counts()).toMatchObject({ creates: 4, created: 2, retrieves: 6 });
		});

		it('should find a task by its prompt, at the create call too', async () => {
			await start({
				faults: [
					{ call: 'create', prompt: 'bad', nth: 1, fault: replies.badRequest },
					{ call: 'retrieve', prompt: 'bad', fault: { kind: 'upperCase' } },
				],
			});

			const good = await create({ prompt: 'good' });
			const refused = await post(form({ prompt: 'bad' }));
			const bad = await create({ prompt: 'bad' });

			expect(refused.status).toBe(400);
			expect(await retrieve(good.id)).toHaveProperty('status', 'queued');
			expect(await retrieve(bad.id)).toHaveProperty('status', 'QUEUED');
			expect(sandbox.requests.map(({ fault }) => fault)).toEqual([
				...[undefined, 'reply', undefined, undefined, 'upperCase'],
			]);
		});

		it('should ask a function where no rule holds', async () => {
			await start({
				faultFor: (call, { nth, taskIndex }) =>
					call === 'retrieve' && nth === 2 && taskIndex === 0 ? replies.badGateway : undefined,
			});
			const { id } = await create();

			const seen = [await get(`/v1/videos/${id}`), await get(`/v1/videos/${id}`)];

			expect(seen.map(({ status }) => status)).toEqual([200, 502]);
			expect(seen[1]?.headers.get('content-type')).toMatch('text/html');
		});

		it('should forget faults, tasks and requests at a reset', async () => {
			await start();
			sandbox.faults = [{ call: 'create', fault: replies.serverError }];
			sandbox.apiKey = 'sk-other';
			await post();

			sandbox.reset();

			expect(sandbox.requests).toEqual([]);
			expect((await post()).status).toBe(200);
			expect(sandbox.counts()).toMatchObject({ creates: 1, created: 1 });
		});
	});

	describe('faults of answers', () => {
		it.each<[keyof typeof replies, number]>([
			['badRequest', 400],
			['unauthorized', 401],
			['forbidden', 403],
			['quotaUsedUp', 403],
			['notFound', 404],
			['tooLarge', 413],
			['rateLimited', 429],
			['serverError', 500],
			['invalidRequest500', 500],
			['unavailable', 503],
			['gatewayTimeout', 504],
		])('should send %s with an error body and make no task', async (name, status) => {
			await start({ faults: [{ call: 'create', fault: replies[name] as Fault }] });

			const response = await post();

			expect(response.status).toBe(status);
			expect(await response.json()).toEqual({
				error: {
					code: expect.any(String),
					message: expect.stringMatching(/\(request id: \w+\)$/),
					type: 'comet_api_error',
				},
			});
			expect(sandbox.tasks).toHaveLength(0);
		});

		it('should name the time in Retry-After by its clock', async () => {
			await start({ faults: [{ call: 'models', fault: replies.rateLimitedUntil(90) }] });

			const response = await get('/v1/models');

			expect(response.headers.get('retry-after')).toBe('Thu, 01 Jan 2026 00:01:30 GMT');
		});

		it('should move the call to a web page', async () => {
			await start({ faults: [{ call: 'create', fault: replies.movedToWebPage }] });

			const response = await post();

			expect(response.redirected).toBe(true);
			expect(response.url).toBe(`${sandbox.baseUrl}/`);
			expect(await response.text()).toMatch('<!DOCTYPE html>');
		});

		it('should send 524 as the gateway does, with the task made when told so', async () => {
			const fault = { ...replies.timeout524, created: true };
			await start({ faults: [{ call: 'create', fault }] });

			const response = await post();

			expect([response.status, await response.text()]).toEqual([524, 'error code: 524']);
			expect(sandbox.tasks).toHaveLength(1);
		});

		it.each<[Fault, (body: string, id: string) => void]>([
			[{ kind: 'html200' }, (body) => expect(body).toMatch('<html>')],
			[{ kind: 'brokenJson' }, (body) => expect(() => JSON.parse(body)).toThrow(SyntaxError)],
			[{ kind: 'noId' }, (body) => expect(Object.keys(JSON.parse(body))).not.toContain('id')],
			[
				{ kind: 'wrapped' },
				(body, id) => expect(JSON.parse(body)).toMatchObject({ code: 'success', data: { id } }),
			],
			[
				{ kind: 'taskStatus', status: 'NOT_START' },
				(body, id) => expect(JSON.parse(body)).toMatchObject({ id, status: 'NOT_START' }),
			],
			[
				{ kind: 'nullProgress' },
				(body) => expect(JSON.parse(body)).toHaveProperty('progress', null),
			],
		])('should answer with %j', async (fault, check) => {
			await start({ faults: [{ call: 'create', nth: 1, fault }] });

			const response = await post();

			expect(response.status).toBe(200);
			expect(sandbox.tasks).toHaveLength(1);
			check(await response.text(), sandbox.tasks[0]!.id);
			const { id } = await create();
			sandbox.faults = [{ call: 'retrieve', fault }];
			check(await (await get(`/v1/videos/${id}`)).text(), id);
		});

		it.each<[Fault, number]>([
			[{ kind: 'resetBeforeBody' }, 0],
			[{ kind: 'resetAfterBody' }, 1],
			[{ kind: 'resetAfterBody', created: false }, 0],
		])('should reset the connection: %j', async (fault, made) => {
			await start({ faults: [{ call: 'create', fault }] });

			await expect(post()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });

			expect(sandbox.tasks).toHaveLength(made);
			expect(sandbox.requests[0]).toMatchObject({ call: 'create', fault: fault.kind });
			expect(sandbox.requests[0]?.status).toBeUndefined();
		});
	});

	describe('held requests', () => {
		it('should hold a hanging request until its client goes', async () => {
			await start({ faults: [{ call: 'create', fault: { kind: 'hang', created: false } }] });
			const client = new AbortController();
			const headers = { authorization: `Bearer ${KEY}` };

			const pending = fetch(`${sandbox.baseUrl}/v1/videos`, {
				...{ method: 'POST', headers, body: form(), signal: client.signal },
			});
			await eventually(() => sandbox.held === 1);
			client.abort();

			await expect(pending).rejects.toThrow('aborted');
			await eventually(() => sandbox.held === 0 && sandbox.active === 0);
			expect(sandbox.tasks).toHaveLength(0);
		});

		it('should let go of held requests when it closes', async () => {
			await start({ faults: [{ call: 'models', fault: { kind: 'hang' } }] });

			const ended = expect(get('/v1/models')).rejects.toThrow('fetch failed');
			await eventually(() => sandbox.held === 1);
			await sandbox.close();

			await ended;
			expect([sandbox.held, sandbox.active]).toEqual([0, 0]);
		});

		it('should delay every answer on its clock and count it as held meanwhile', async () => {
			await start({ latencyMs: 300 });

			const [answered, dropped] = [
				wire(`${sandbox.baseUrl}/`),
				wire(sandbox.baseUrl, { forMs: 60 }),
			];
			await eventually(() => sandbox.held === 2);
			await dropped;
			await eventually(() => sandbox.held === 1 && sandbox.active === 1);
			clock.advance(300);

			expect(await answered).toMatchObject({ status: 200, complete: true });
			await eventually(() => sandbox.held === 0 && sandbox.active === 0);
			expect(sandbox.requests.map(({ status }) => status).sort()).toEqual([200, undefined]);
		});

		it('should count no file as delivered whose client went midway', async () => {
			await start({ video: { sizeBytes: 60_000_000 } });
			const { file } = await completed();

			await new Promise<void>((resolve) => {
				const request = http.get(file, (response) =>
					response.once('data', () => resolve(void request.destroy())),
				);
			});

			await eventually(() => sandbox.active === 0);
			expect(sandbox.counts()).toMatchObject({ files: 1, delivered: 0 });
		});
	});

	describe.each(['file', 'content'] as const)('faults of downloads at %s', (call) => {
		/** The first answer, which is the faulty one, beside the second, which is whole. */
		const download = async (fault: Fault, options?: { forMs: number }) => {
			await start({ faults: [{ call, nth: 1, fault }] });
			const { id, file } = await completed();
			const url = call === 'file' ? file : `${sandbox.baseUrl}/v1/videos/${id}/content`;
			const seen = await wire(url, options);
			const { delivered } = sandbox.counts();
			const whole = (await wire(url)).body;
			expect(sha256(whole)).toBe(sandbox.sha256(id));
			return { id, file, seen, delivered, whole, half: Math.floor(whole.length / 2) };
		};

		it('should break off with a reset midway', async () => {
			const { seen, delivered, whole, half } = await download({ kind: 'resetMidway' });

			expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET', complete: false });
			expect(seen.headers['content-length']).toBe(String(whole.length));
			expect(seen.body.equals(whole.subarray(0, half))).toBe(true);
			expect(delivered).toBe(0);
		});

		it('should send less than the length says', async () => {
			const { seen, delivered, whole, half } = await download({ kind: 'truncated' });

			expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET', complete: false });
			expect(seen.headers['content-length']).toBe(String(whole.length));
			expect(seen.body).toHaveLength(half);
			expect(delivered).toBe(0);
		});

		it('should leave out the final chunk', async () => {
			const { seen, half } = await download({ kind: 'truncatedChunked' });

			expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET', complete: false });
			expect(seen.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
			expect(seen.headers).not.toHaveProperty('content-length');
			expect(seen.body).toHaveLength(half);
		});

		it('should end half a body so that HTTP sees nothing amiss', async () => {
			const { seen, delivered, half } = await download({ kind: 'truncatedClose' });

			expect(seen).toMatchObject({ status: 200, error: undefined, complete: true });
			expect(seen.headers).toMatchObject({ connection: 'close' });
			expect(seen.headers).not.toHaveProperty('content-length');
			expect(seen.headers).not.toHaveProperty('transfer-encoding');
			expect(seen.body).toHaveLength(half);
			expect(delivered).toBe(0);
		});

		it('should stall after half the bytes, held until the client goes', async () => {
			const { seen, half } = await download({ kind: 'stalled' }, { forMs: 150 });

			expect(seen).toMatchObject({ status: 200, error: undefined, complete: false });
			expect(seen.body).toHaveLength(half);
			await eventually(() => sandbox.held === 0 && sandbox.active === 0);
		});

		it('should send the whole file without a length', async () => {
			const { seen, delivered, whole } = await download({ kind: 'noLength' });

			expect(seen).toMatchObject({ status: 200, complete: true });
			expect(seen.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
			expect(seen.headers).not.toHaveProperty('content-length');
			expect(seen.body.equals(whole)).toBe(true);
			expect(delivered).toBe(1);
		});

		it('should send an empty file', async () => {
			const { seen, delivered } = await download({ kind: 'empty' });

			expect(seen).toMatchObject({ status: 200, complete: true, body: Buffer.alloc(0) });
			expect(seen.headers).toMatchObject({ 'content-type': 'video/mp4', 'content-length': '0' });
			expect(delivered).toBe(0);
		});

		it('should redirect to the file host', async () => {
			const { seen, file } = await download({ kind: 'redirect' });

			expect(seen).toMatchObject({ status: 302, headers: { location: file } });
		});

		it.each<[Fault, number, string]>([
			[{ kind: 'html200' }, 200, 'text/html'],
			[{ kind: 'json200' }, 200, 'application/json'],
			[{ kind: 'wrongType' }, 200, 'text/plain'],
			[replies.forbidden, 403, 'application/json'],
			[replies.badGateway, 502, 'text/html'],
		])('should answer with %j', async (fault, status, type) => {
			const { seen } = await download(fault);

			expect(seen).toMatchObject({ status, complete: true });
			expect(seen.headers['content-type']).toContain(type);
		});

		it.each(['resetBeforeBody', 'resetAfterBody'] as const)('should %s', async (kind) => {
			const { seen } = await download({ kind });

			expect(seen).toMatchObject({ status: undefined, error: 'ECONNRESET' });
		});

		it('should hang', async () => {
			const { seen } = await download({ kind: 'hang' }, { forMs: 100 });

			expect(seen).toMatchObject({ status: undefined, error: undefined });
			await eventually(() => sandbox.held === 0 && sandbox.active === 0);
		});
	});
});
