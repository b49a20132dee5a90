import { replies } from '../sandbox/server';
import { expectLink, sha256 } from './support/expectVideos';
import { startFakeGoogle } from './support/fakeGoogle';
import { setUpExamples } from './support/setUpExamples';

const google = startFakeGoogle();
const context = setUpExamples({ jobMs: 500 }, async () => (await google).env);
afterAll(async () => await (await google).close());

describe('the example sheet-to-video', () => {
	const HEADER = ['prompt', 'status', 'link', 'cost_usd', 'error'];

	it('writes the status, the link and the cost of planned rows back, and touches no other', async () => {
		const { sandbox, prepare, run } = context;
		const { rows } = await google;
		const untouched = ['old', 'done', 'https://example.com/old', 1, ''];
		rows.splice(0, rows.length, HEADER, [...untouched], ['a', 'planned'], ['b', 'planned']);
		sandbox.faults.push({ call: 'create', prompt: 'b', fault: replies.badRequest });
		const workflow = await prepare('sheet-to-video');
		await run(workflow, 'Every Hour');
		expect(rows[1]).toEqual(untouched);
		expect(rows[2]).toEqual(['a', 'done', expect.any(String), 0.32, '']);
		await expectLink(context, rows[2][2], sandbox.tasks[0].id);
		expect(rows[3][1]).toBe('failed');
		expect(rows[3][4]).toMatch(/^CometAPI rejected the request/);
		await run(workflow, 'Every Hour');
		expect(sandbox.counts()).toMatchObject({ creates: 2, created: 1 });
	});

	it('asks a person to check a row whose video may have been created', async () => {
		const { sandbox, prepare, run } = context;
		const { rows } = await google;
		rows.splice(0, rows.length, HEADER, ['a', 'planned']);
		sandbox.faults.push({ call: 'create', fault: { kind: 'reply', status: 502 } });
		await run(await prepare('sheet-to-video'), 'Every Hour');
		expect(rows[1][1]).toBe('check');
	});
});

describe('the example publish-clip', () => {
	it('shares the clip of the day by link and publishes the link', async () => {
		const { prepare, run, sandbox, service } = context;
		await run(await prepare('publish-clip'), 'Every Morning');
		const [{ id: taskId, prompt, size }] = sandbox.tasks;
		expect(size).toBe('9x16');
		const [[id, { name, bytes, permission }]] = Object.entries((await google).files);
		expect(sha256(bytes)).toBe(sandbox.sha256(taskId));
		expect(name).toMatch(/^\d{4}-\d\d-\d\d\.mp4$/);
		expect(permission).toMatchObject({ role: 'reader', type: 'anyone' });
		const [{ method, path, headers, body }] = service.received;
		expect({ method, path, key: headers['x-key'] }).toEqual({
			method: 'POST',
			path: '/v2/posts',
			key: 'key',
		});
		expect(JSON.parse(body.toString())).toEqual({
			post: {
				accountId: '123',
				content: {
					text: prompt,
					mediaUrls: [`https://drive.google.com/uc?export=download&id=${id}`],
					platform: 'instagram',
				},
				target: { targetType: 'instagram' },
			},
		});
	});
});
