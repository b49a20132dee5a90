import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FIXTURE_VIDEOS, FIXTURE_WEBM } from '../../sandbox/server';
import { setUp, sha256 } from './setUp';
import { wire } from './wire';

/** The codecs that ffprobe finds; undefined if ffprobe is not installed. */
async function codecsOf(bytes: Buffer): Promise<string | undefined> {
	const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
	const path = join(folder, 'video');
	await writeFile(path, bytes);
	const options = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', path];
	try {
		const { stdout, stderr } = await promisify(execFile)('ffprobe', options);
		return stdout.split('\n').join(' ').trim() + stderr;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	} finally {
		await rm(folder, { recursive: true });
	}
}

it.each([
	['MP4', FIXTURE_VIDEOS.landscape, 'video/mp4', 'h264 aac'],
	['WebM', FIXTURE_WEBM, 'video/webm', 'vp9 opus'],
])('serves each task a different, playable %s file', async (_name, video, type, codecs) => {
	const { sandbox, completed } = await setUp({ video });
	const [a, b] = [await completed(), await completed()];

	const [first, second] = [await wire(a.file), await wire(b.file)];

	expect(first.headers['content-type']).toBe(type);
	expect(sha256(first.body)).toBe(sandbox.sha256(a.id));
	expect(sha256(second.body)).toBe(sandbox.sha256(b.id));
	expect(first.body.equals(second.body)).toBe(false);
	expect([codecs, undefined]).toContain(await codecsOf(first.body));
	expect(sandbox.counts()).toMatchObject({ files: 2, delivered: 2 });
});

it.each(['9x16', '720x1280'])('serves the portrait fixture for the size %s', async (size) => {
	const { completed } = await setUp({ uniqueFiles: false });

	const { body } = await wire((await completed({ size })).file);

	expect(body.equals(await readFile(FIXTURE_VIDEOS.portrait))).toBe(true);
});

it('generates a video of any size, different for each task', async () => {
	const { sandbox, completed } = await setUp({ video: { sizeBytes: 1_000_003 } });
	const [a, b] = [await completed(), await completed()];

	const { body } = await wire(a.file);

	expect(body).toHaveLength(1_000_003);
	expect(body.toString('latin1', 4, 12)).toBe('ftypisom');
	const moov = body.readUInt32BE(0);
	expect(body.toString('latin1', moov + 4, moov + 8)).toBe('moov');
	const mdat = moov + body.readUInt32BE(moov);
	expect(body.toString('latin1', mdat + 4, mdat + 8)).toBe('mdat');
	expect(mdat + body.readUInt32BE(mdat)).toBe(body.length);
	expect(sha256(body)).toBe(sandbox.sha256(a.id));
	expect(sandbox.sha256(b.id)).not.toBe(sandbox.sha256(a.id));
});

it('has no file before the task is completed', async () => {
	const { sandbox, create, get } = await setUp();
	const { id } = await create();

	const content = await get(`/v1/videos/${id}/content`);

	expect(await wire(`${sandbox.fileHostUrl}/files/${id}.mp4`)).toMatchObject({ status: 404 });
	expect(content.status).toBe(400);
	expect(await content.json()).toMatchObject({
		error: {
			message: expect.stringContaining('Task is not completed yet, current status: QUEUED'),
			type: 'invalid_request_error',
		},
	});
});

it('has the file later than the completed task with fileDelayMs', async () => {
	const { clock, completed, retrieve } = await setUp({ fileDelayMs: (index) => index + 300_000 });
	const { id, file, content } = await completed();
	clock.advance(299_999);

	const early = [await wire(file), await wire(content)];
	clock.advance(1);
	const late = [await wire(file), await wire(content)];

	expect(await retrieve(id)).toMatchObject({ status: 'completed', video_url: file });
	expect(early.map(({ status }) => status)).toEqual([404, 400]);
	expect(early[1]?.body.toString()).toContain('Task is not completed yet');
	expect(late.map(({ status }) => status)).toEqual([200, 200]);
});

it('no longer has the file once it has expired', async () => {
	const { clock, completed, retrieve } = await setUp({ fileLifeMs: 60_000 });
	const { id, file, content } = await completed();
	const statuses = async () => [await wire(file), await wire(content)].map(({ status }) => status);

	clock.advance(59_999);
	const before = await statuses();
	clock.advance(1);
	const after = await statuses();

	const { completed_at: completedAt, expires_at: expiresAt } = await retrieve(id);
	expect(Number(expiresAt) - Number(completedAt)).toBe(60);
	expect([before, after]).toEqual([
		[200, 200],
		[403, 404],
	]);
});

describe('the option videoUrl', () => {
	it('gives no link when it is false, and the bytes at /content', async () => {
		const { sandbox, completed, retrieve } = await setUp({ videoUrl: false });
		const { id, content } = await completed();

		expect(await retrieve(id)).not.toHaveProperty('video_url');
		expect(sha256((await wire(content)).body)).toBe(sandbox.sha256(id));
	});

	it('links to /content, which needs the key', async () => {
		const { completed, retrieve } = await setUp({ videoUrl: 'content' });
		const { id, content } = await completed();

		expect(await retrieve(id)).toHaveProperty('video_url', content);
		expect((await fetch(content)).status).toBe(401);
		expect((await wire(content)).status).toBe(200);
	});

	it('links to a data URL', async () => {
		const { sandbox, completed, retrieve } = await setUp({ videoUrl: 'data' });
		const { id } = await completed();

		const [, base64 = ''] = String((await retrieve(id)).video_url).split('data:video/mp4;base64,');

		expect(sha256(Buffer.from(base64, 'base64'))).toBe(sandbox.sha256(id));
	});
});
