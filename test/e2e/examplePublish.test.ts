import { expectOwnVideos } from './support/expectVideos';
import { setUpExamples } from './support/setUpExamples';

const context = setUpExamples({ jobMs: 500 });

const LINK = 'https://drive.google.com/file/d/1/view';

describe('the example publish-clip', () => {
	it('uploads the clip of the day and sends a message with its link', async () => {
		const { prepare, run, rest, sandbox } = context;
		const workflow = await prepare('publish-clip');
		// the output of Google Drive and Telegram
		const pinData = {
			'Upload to Drive': [{ json: { id: '1', webViewLink: LINK } }],
			'Send Message': [{ json: { ok: true } }],
		};
		await rest.call('PATCH', `/workflows/${workflow.id}`, { ...workflow, pinData });
		const execution = await run(workflow, 'Every Morning');
		const [{ prompt, size }] = sandbox.tasks;
		expect(size).toBe('9x16');
		const clips = execution.itemsOf('Create Clip');
		expect(clips).toHaveLength(1);
		await expectOwnVideos(context, clips);
		expect(clips[0].binary?.data.fileName).toMatch(/^\d{4}-\d\d-\d\d\.mp4$/);
		expect(execution.itemsOf('Upload to Drive').map(({ json }) => json.webViewLink)).toEqual([
			LINK,
		]);
		expect(execution.itemsOf('Message').map(({ json }) => json.text)).toEqual([
			`Today's clip: ${LINK}\n\n${prompt}`,
		]);
		expect(execution.itemsOf('Send Message').map(({ json }) => json)).toEqual([{ ok: true }]);
	});
});
