import { expectLink, expectOwnVideos, sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { setUpExamples } from './support/setUpExamples';

// the first clip takes longest, so the clips are not finished in the order of their creation
const context = setUpExamples({ jobMs: (index) => 4_000 - 1_500 * index });

const [one, two, three] = ['first-frame.png', 'last-frame.jpg', 'product.webp'].map(fixture);

const serveFrames = () => {
	context.service.files['/1.png'] = { contentType: 'image/png', body: one };
	context.service.files['/2.jpg'] = { contentType: 'image/jpeg', body: two };
	context.service.files['/3.webp'] = { contentType: 'image/webp', body: three };
};

const MERGE = '/fal-ai/ffmpeg-api/merge-videos';

const serveFilm = () => {
	const { files, url } = context.service;
	files[`POST ${MERGE}`] = {
		contentType: 'application/json',
		body: JSON.stringify({ video: { url: `${url}/film.mp4` } }),
	};
	files['/film.mp4'] = { contentType: 'video/mp4', body: 'film' };
};

const merged = () =>
	context.service.received
		.filter(({ path }) => path === MERGE)
		.map(({ body }) => JSON.parse(body.toString()) as { video_urls: string[] });

describe('the example storyboard', () => {
	it('creates a clip between every two images and downloads the film of all clips in order', async () => {
		serveFrames();
		serveFilm();
		const { prepare, run, imagesOf } = context;
		const execution = await run(await prepare('storyboard'), 'Start');
		const clips = execution.itemsOf('Create Clips');
		await expectOwnVideos(context, clips);
		expect(clips.map(({ binary }) => binary?.data.fileName)).toEqual(['clip-1.mp4', 'clip-2.mp4']);
		expect(clips.map(({ json }) => imagesOf(json.id))).toEqual([
			[sha256(one), sha256(two)],
			[sha256(two), sha256(three)],
		]);
		expect(clips.map(({ json }) => json.estimated_cost_usd)).toEqual([0.32, 0.32]);
		expect(execution.hintsOf('Create Clips')).toEqual([
			expect.stringContaining('Estimated cost of 2 videos (16x9, 8 seconds): $0.64'),
			expect.stringContaining("The file link opens on n8n's own machine only"),
		]);
		const [{ video_urls: sent }] = merged();
		expect(sent).toHaveLength(2);
		for (const [index, url] of sent.entries()) {
			await expectLink(context, url, clips[index].json.id);
		}
		const [film] = execution.itemsOf('Download Film');
		expect(film.binary?.data.mimeType).toBe('video/mp4');
	});

	it('creates nothing when one image is missing', async () => {
		serveFrames();
		delete context.service.files['/2.jpg'];
		const { prepare, rest, sandbox } = context;
		const workflow = await prepare('storyboard');
		const { status, error } = await rest.runToEnd(workflow, 'Start');
		expect(status).toBe('error');
		expect(error?.message).toBe(
			"The image of 'Last Frame URL' could not be loaded: the server responded with status 404 [item 0]",
		);
		expect(sandbox.counts().creates).toBe(0);
		expect(merged()).toEqual([]);
	});
});
