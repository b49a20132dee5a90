import type { INode } from 'n8n-workflow';

import { replies } from '../sandbox/server';
import { setUpExamples, WRITTEN_PROMPT } from './support/setUpExamples';
import { expectOwnVideos, sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';

const FAILURE = { code: 'moderation', message: 'The prompt was refused' };

const context = setUpExamples({
	jobMs: (_, prompt) => (prompt === 'endless' ? Infinity : 1_500),
	outcome: (_, prompt) => (prompt === 'refused' ? { error: FAILURE } : 'completed'),
});

describe('the example daily-social-clip', () => {
	it("uploads the video of the model's prompt and sends its link", async () => {
		const { sandbox, service, chatModel, prepare, run } = context;
		await run(await prepare('daily-social-clip'), 'Every Morning');
		const [{ id, prompt, size }] = sandbox.tasks;
		expect({ prompt, size }).toEqual({ prompt: WRITTEN_PROMPT, size: '9x16' });
		const [upload, message] = service.received;
		expect(upload).toMatchObject({ method: 'PUT', path: `/videos/${id}.mp4` });
		expect(sha256(upload.body)).toBe(sandbox.sha256(id));
		expect(message).toMatchObject({ method: 'POST', path: '/message' });
		const [{ messages }] = chatModel.requests;
		const [, topic] = /topic: (.+)/.exec(`${messages[0].content}`) ?? [];
		expect(topic).toMatch(/\w/);
		expect(JSON.parse(message.body.toString())).toEqual({
			text: `Today's clip, ${topic}: ${service.url}/videos/${id}.mp4`,
		});
	});
});

describe('the example product-image-to-video', () => {
	it('creates a video from each image', async () => {
		const { service, prepare, run } = context;
		const [mug, shoe] = [fixture('first-frame.png'), fixture('product.webp')];
		service.files['/mug.png'] = { contentType: 'image/png', body: mug };
		service.files['/shoe.webp'] = { contentType: 'image/webp', body: shoe };
		const execution = await run(await prepare('product-image-to-video'), 'Start');
		const items = execution.itemsOf('Create Video');
		await expectOwnVideos(context, items);
		expect(items.map(({ binary }) => binary?.data.fileName)).toEqual([
			'Ceramic mug.mp4',
			'Trail shoe.mp4',
		]);
		expect(items.map(({ json }) => context.imagesOf(json.id))).toEqual([
			[sha256(mug)],
			[sha256(shoe)],
		]);
	});
});

describe('the example batch-from-table', () => {
	const ROWS = ['a', 'b', 'c', 'd', 'e'];

	it.each([
		{ fails: ['c'], succeeded: 4 },
		{ fails: [], succeeded: 5 },
		{ fails: ROWS, succeeded: 0 },
	])('reports every row when $succeeded of 5 videos succeed', async ({ fails, succeeded }) => {
		const { sandbox, service, prepare, run } = context;
		const lines = ROWS.map((row) => `Clip ${row},${row},Portrait`);
		const table = ['title,prompt,format', ...lines].join('\n');
		service.files['/videos.csv'] = { contentType: 'text/csv', body: table };
		for (const prompt of fails) {
			sandbox.faults.push({ call: 'create', prompt, fault: replies.badRequest });
		}
		const execution = await run(await prepare('batch-from-table'), 'Start');
		const videos = execution.itemsOf('Create Videos');
		expect(videos).toHaveLength(succeeded);
		await expectOwnVideos(context, videos);
		const failed = execution.itemsOf('Failed').map(({ json }) => json.title);
		expect(failed).toEqual(fails.map((row) => `Clip ${row}`));
		const [{ json: report }] = execution.itemsOf('Report');
		expect(report).toMatchObject({ succeeded, failed: fails.length });
		for (const row of ROWS) {
			const result = fails.includes(row)
				? 'failed, CometAPI rejected the request'
				: 'succeeded, http';
			expect(report.text).toContain(`Clip ${row}: ${result}`);
		}
	});

	it('reports the videos with a storage node before the report, as its note suggests', async () => {
		const { rest, sandbox, service, prepare, run } = context;
		const table = 'title,prompt,format\nClip a,a,Portrait';
		service.files['/videos.csv'] = { contentType: 'text/csv', body: table };
		const { nodes, connections, ...workflow } = await prepare('batch-from-table');
		const upload: INode = {
			...{ id: 'upload', name: 'Upload', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 },
			position: [0, 0],
			parameters: {
				...{ method: 'PUT', url: `${service.url}/stored`, sendBody: true },
				...{ contentType: 'binaryData', inputDataFieldName: 'data' },
			},
		};
		const [succeeded, failed] = connections['Create Videos'].main;
		const changed = {
			...workflow,
			nodes: [...nodes, upload],
			connections: {
				...connections,
				'Create Videos': { main: [[{ ...succeeded![0], node: 'Upload' }], failed] },
				Upload: { main: [succeeded] },
			},
		};
		await rest.call('PATCH', `/workflows/${workflow.id}`, changed);
		const execution = await run(changed, 'Start');
		const [{ json: report }] = execution.itemsOf('Report');
		expect(report).toMatchObject({ succeeded: 1, failed: 0 });
		expect(report.text).toMatch(/^Clip a: succeeded, http/);
		expect(execution.itemsOf('Succeeded')[0].json.taskId).toBe(sandbox.tasks[0].id);
	});
});

describe('the example create-wait-retrieve', () => {
	const runWith = async (prompt: string) => {
		const settings = { mode: 'raw', jsonOutput: JSON.stringify({ prompt, maxChecks: 3 }) };
		const edits = { Settings: settings, Wait: { amount: 1 } };
		return await context.run(await context.prepare('create-wait-retrieve', edits), 'Start');
	};

	it('checks until the video is finished', async () => {
		const items = (await runWith('A kite')).itemsOf('Finished');
		expect(items).toHaveLength(1);
		await expectOwnVideos(context, items);
		expect(context.sandbox.counts()).toMatchObject({ creates: 1, retrieves: 2 });
	});

	it('reports why a video failed', async () => {
		const execution = await runWith('refused');
		expect(execution.itemsOf('Finished')).toEqual([]);
		const [{ id: taskId }] = context.sandbox.tasks;
		const items = execution.itemsOf('Failed');
		expect(items.map(({ json }) => json)).toEqual([{ taskId, reason: FAILURE.message }]);
	});

	it('stops after the maximum number of checks', async () => {
		const items = (await runWith('endless')).itemsOf('Timed Out');
		const [{ id: taskId }] = context.sandbox.tasks;
		expect(items.map(({ json }) => json)).toEqual([
			{ taskId, reason: expect.stringContaining('after 3 checks') },
		]);
		expect(context.sandbox.counts().retrieves).toBe(3);
	});
});
