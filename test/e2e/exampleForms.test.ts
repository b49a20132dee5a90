import type { Workflow } from '../../scripts/n8n/rest';
import { replies } from '../sandbox/server';
import { setUpExamples } from './support/setUpExamples';
import { sha256 } from './support/expectVideos';
import { fixture } from './support/fixture';
import { submitForm } from './support/forms';

const context = setUpExamples({ jobMs: 1_500 });

const webhookOf = ({ nodes }: Workflow, name: string) =>
	nodes.find((node) => node.name === name)?.webhookId;

/** Publishes an example, submits its form and returns the last page. */
async function submit(name: string, form: string, answers: Record<string, string | File>) {
	const workflow = await context.prepare(name);
	await context.rest.activate(workflow);
	const page = await submitForm(context.n8n.url, webhookOf(workflow, form), answers);
	await context.lastOf(workflow);
	await context.rest.deactivate(workflow);
	return page;
}

describe('the example prompt-form', () => {
	const submitPrompt = async (image?: File) =>
		await submit('prompt-form', 'Video Form', {
			...{ Prompt: 'A kite', Format: 'Portrait' },
			...(image && { Image: image }),
		});

	it('offers the file for download on the last page', async () => {
		const { downloads } = await submitPrompt();
		const [{ id, prompt, size }] = context.sandbox.tasks;
		expect({ prompt, size }).toEqual({ prompt: 'A kite', size: '9x16' });
		expect(context.imagesOf(id)).toEqual([]);
		expect(downloads).toMatchObject([{ fileName: `${id}.mp4`, type: 'video/mp4' }]);
		expect(sha256(downloads[0].bytes)).toBe(context.sandbox.sha256(id));
	});

	it('starts the video with the image if there is one', async () => {
		const image = fixture('first-frame.png');
		await submitPrompt(new File([image], 'first.png', { type: 'image/png' }));
		expect(context.imagesOf(context.sandbox.tasks[0].id)).toEqual([sha256(image)]);
	});

	it('shows the error message on the last page', async () => {
		context.sandbox.faults.push({ call: 'create', fault: replies.badRequest });
		const { html, downloads } = await submitPrompt();
		expect(html).toContain('CometAPI rejected the request');
		expect(downloads).toEqual([]);
	});
});

describe('the example first-and-last-frame', () => {
	const [first, last] = [fixture('first-frame.png'), fixture('last-frame.jpg')];
	const submitFrames = async () =>
		await submit('first-and-last-frame', 'Frames Form', {
			'Last Frame': new File([last], 'last.jpg', { type: 'image/jpeg' }),
			'First Frame': new File([first], 'first.png', { type: 'image/png' }),
			Prompt: 'From dawn to dusk',
		});

	it('shows the error message on the last page', async () => {
		context.sandbox.faults.push({ call: 'create', fault: replies.badRequest });
		const { html, downloads } = await submitFrames();
		expect(html).toContain('CometAPI rejected the request');
		expect(downloads).toEqual([]);
	});

	it('uses the uploaded images as first and last frame', async () => {
		const { downloads } = await submitFrames();
		const [{ id }] = context.sandbox.tasks;
		expect(context.imagesOf(id)).toEqual([sha256(first), sha256(last)]);
		expect(downloads.map(({ bytes }) => sha256(bytes))).toEqual([context.sandbox.sha256(id)]);
	});
});
